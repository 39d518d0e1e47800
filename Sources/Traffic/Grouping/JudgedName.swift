// Names that are no keys, such as those of queues, under the same promise: no label shows what identifies one person,
// session or thing.

/// Names of things that an operator has chosen, or a program in its place.
public enum JudgedName {
    /// The name with `*` in place of what identifies one thing: `mail` is itself, `user:1234` is `user:*`.
    public static func of(_ name: String) -> String {
        let bytes = Array(name.utf8)
        guard bytes.count <= longest else { return "*" }
        var judge = KeyJudge()
        judge.judge(bytes.span, isWhole: true)
        return String(decoding: judge.name.written, as: UTF8.self)
    }

    private static let longest = 100
}
