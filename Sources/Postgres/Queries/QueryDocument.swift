// The queries file as a tree. The reader of the file's format builds it; this room knows what the tree must say.

/// A parsed configuration document whose nodes know their lines, so that every complaint can name one.
public indirect enum QueryDocument: Sendable {
    /// A scalar's text; the empty text for a null.
    case scalar(String, line: Int)
    case list([QueryDocument], line: Int)
    case map([Entry], line: Int)

    /// One key of a map with its value.
    public struct Entry: Sendable {
        public let key: String
        /// The key's line.
        public let line: Int
        public let value: QueryDocument

        public init(key: String, line: Int, value: QueryDocument) {
            self.key = key
            self.line = line
            self.value = value
        }
    }

    var line: Int {
        switch self {
        case .scalar(_, let line), .list(_, let line), .map(_, let line): line
        }
    }
}

/// What is wrong with a queries file, all of it.
public struct QueryFileError: Error, Sendable, Equatable, CustomStringConvertible {
    public struct Problem: Sendable, Equatable {
        public let line: Int
        /// What is wrong and what is allowed.
        public let message: String
    }

    public let problems: [Problem]

    public var description: String {
        problems.map { "line \($0.line): \($0.message)" }.joined(separator: "; ")
    }
}
