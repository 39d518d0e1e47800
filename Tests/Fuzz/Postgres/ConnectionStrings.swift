// Any text as a connection string: a password in it shows neither in the target's name nor in what is wrong with it.

@testable import Postgres

func fuzzConnectionStrings(_ input: inout FuzzInput) {
    let text = String(decoding: input.rest(), as: UTF8.self)
    _ = try? ConnectionString(parsing: text)
    let secret = "s3cr3t"
    guard !text.contains(secret) else { return }
    for candidate in ["postgres://user:\(secret)\(text)", "host=db password=\(secret)\(text)"] {
        do throws(ConnectionStringError) {
            let target = try ConnectionString(parsing: candidate)
            guard target.parameters["password"]?.contains(secret) == true else { continue }
            precondition(!target.description.contains(secret))
        } catch {
            precondition(!error.description.contains(secret))
        }
    }
}
