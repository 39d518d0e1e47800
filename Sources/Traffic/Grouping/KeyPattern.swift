// `--keys.group`: which keys belong together, in the operator's own words.

/// A key pattern such as `session:*=session` or `tenant:{project}:user:{id}`.
///
/// `*` matches any run of characters, `{name}` one segment, anything else itself. A segment ends at the delimiter that
/// stands next to the placeholder in the pattern; where there is none, at any delimiter. It is never empty.
public struct KeyPattern: Sendable {
    /// The pattern or name was not usable.
    public struct Invalid: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    enum Component: Sendable, Equatable {
        case literal(UInt8)
        case anything
        case segment(stops: [UInt8], isProject: Bool)
    }

    /// The group that matching keys belong to.
    let group: [UInt8]
    /// Whether the pattern names a project.
    let hasProject: Bool
    private let components: [Component]

    /// Reads `pattern` or `pattern=name`. Without a name the group is called as the pattern is written.
    public init(_ text: String) throws(Invalid) {
        try self.init(text, mayHaveProject: true)
    }

    /// Reads a pattern for paths (`--http.path`), in which no placeholder means more than another.
    public init(path text: String) throws(Invalid) {
        guard text.first == "/" || text.first == "*" else {
            throw Invalid(description: "\"\(text)\": a path starts with /")
        }
        try self.init(text, mayHaveProject: false)
    }

    private init(_ text: String, mayHaveProject: Bool) throws(Invalid) {
        let halves = Self.splitName(Array(text.utf8))
        guard !halves.pattern.isEmpty else { throw Invalid(description: "\"\(text)\": the pattern is empty") }
        guard !halves.name.isEmpty else { throw Invalid(description: "\"\(text)\": the name after = is empty") }
        guard halves.name.count <= NameTemplate.longest else {
            throw Invalid(description: "\"\(text)\": the name is longer than \(NameTemplate.longest) bytes")
        }
        group = Array(halves.name)
        components = try Self.parse(halves.pattern, of: text, mayHaveProject)
        let projects = components.count { if case .segment(_, true) = $0 { true } else { false } }
        guard projects <= 1 else { throw Invalid(description: "\"\(text)\": {project} stands there twice") }
        hasProject = projects == 1
    }

    /// The name stands after the last `=`.
    private static func splitName(_ text: [UInt8]) -> (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>) {
        guard let equals = text.lastIndex(of: UInt8(ascii: "=")) else { return (text[...], text[...]) }
        return (text[..<equals], text[(equals + 1)...])
    }

    private static func parse(
        _ pattern: ArraySlice<UInt8>, of text: String, _ mayHaveProject: Bool
    ) throws(Invalid) -> [Component] {
        var components: [Component] = []
        var rest = pattern
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"):
                if components.last != .anything { components.append(.anything) }
            case UInt8(ascii: "{"):
                guard let close = rest.firstIndex(of: UInt8(ascii: "}")), close > rest.startIndex else {
                    throw Invalid(description: "\"\(text)\": { needs a name and a }")
                }
                let name = String(decoding: rest[..<close], as: UTF8.self)
                rest = rest[(close + 1)...]
                let stops = [components.last?.delimiter, rest.first].compactMap(\.self).filter(isDelimiter)
                components.append(.segment(stops: stops, isProject: mayHaveProject && name == "project"))
            default:
                components.append(.literal(byte))
            }
        }
        return components
    }

    /// Whether a byte ends a segment where the pattern names no delimiter.
    private static func isDelimiter(_ byte: UInt8) -> Bool { ":/|,#@_-.".utf8.contains(byte) }

    /// Whether the whole key matches.
    ///
    /// - Returns: where the project stands in the key, empty when the pattern names none; nil when it does not match.
    /// Costs one pass over the key, and another over its rest for each `*` that has to be stretched.
    func match(_ key: Span<UInt8>) -> Range<Int>? {
        var (component, place) = (0, 0)
        var project = 0..<0
        var retry: (component: Int, place: Int)?
        while true {
            if component == components.count {
                if place == key.count { return project }
            } else if let end = step(components[component], key, place, &project) {
                if components[component] == .anything { retry = (component, place) }
                (component, place) = (component + 1, end)
                continue
            }
            // Stretches the last `*` by one; earlier ones need no other try.
            guard let last = retry, last.place < key.count else { return nil }
            retry = (last.component, last.place + 1)
            (component, place) = (last.component + 1, last.place + 1)
        }
    }

    /// Where a component that matches at a place ends; nil when it does not match.
    private func step(_ component: Component, _ key: Span<UInt8>, _ place: Int, _ project: inout Range<Int>) -> Int? {
        switch component {
        case .anything: return place
        case .literal(let byte): return place < key.count && key[place] == byte ? place + 1 : nil
        case .segment(let stops, let isProject):
            var end = place
            while end < key.count, stops.isEmpty ? !Self.isDelimiter(key[end]) : !stops.contains(key[end]) {
                end += 1
            }
            if isProject { project = place..<end }
            return end > place ? end : nil
        }
    }
}

extension KeyPattern.Component {
    fileprivate var delimiter: UInt8? {
        if case .literal(let byte) = self { byte } else { nil }
    }
}
