// YAML as a tree with line numbers, read by libyaml. Aliases and tags are refused: configuration files need neither.

import CLibYAML

/// A node of a YAML document.
indirect enum YAMLNode: Sendable, Equatable {
    case scalar(String, line: Int)
    case list([YAMLNode], line: Int)
    case map([Entry], line: Int)

    struct Entry: Sendable, Equatable {
        let key: String
        /// The line of the key.
        let line: Int
        let value: YAMLNode
    }

    /// The line on which the node begins, from 1.
    var line: Int {
        switch self {
        case .scalar(_, let line), .list(_, let line), .map(_, let line): line
        }
    }

    /// Reads one document; an empty text is an empty map.
    ///
    /// - Throws: one line with the line number and what is wrong there.
    static func parse(_ text: String) throws(ConfigurationError) -> YAMLNode {
        var parser = YAMLParser(text)
        return try parser.document()
    }
}

/// libyaml's event parser and the text that it reads; freed together.
@safe
private struct YAMLParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>
    private var depth = 0

    init(_ string: String) {
        unsafe parser = .allocate(capacity: 1)
        unsafe text = .allocate(capacity: string.utf8.count)
        _ = unsafe text.initialize(fromContentsOf: string.utf8)
        unsafe yaml_parser_initialize(parser)
        unsafe yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe text.deallocate()
    }

    mutating func document() throws(ConfigurationError) -> YAMLNode {
        while true {
            switch try next() {
            case .streamEnd: return .map([], line: 1)
            case .documentStart:
                let root = try node(try next())
                guard case .documentEnd = try next(), case .streamEnd = try next() else {
                    throw ConfigurationError("line \(line): a second document; one is allowed")
                }
                if case .scalar("", let line) = root { return .map([], line: line) }
                return root
            default: continue
            }
        }
    }

    private mutating func node(_ event: Event) throws(ConfigurationError) -> YAMLNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 32 else { throw ConfigurationError("line \(line): nested too deeply; at most 32 levels") }
        switch event {
        case .scalar(let text, let line): return .scalar(text, line: line)
        case .listStart(let line): return .list(try items(), line: line)
        case .mapStart(let line): return .map(try entries(), line: line)
        case .other, .streamEnd, .documentStart, .documentEnd, .listEnd, .mapEnd:
            throw ConfigurationError("line \(line): anchors and aliases are not supported")
        }
    }

    private mutating func items() throws(ConfigurationError) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .listEnd = event { return items }
            items.append(try node(event))
        }
    }

    private mutating func entries() throws(ConfigurationError) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var keys: Set<String> = []
        while true {
            let event = try next()
            if case .mapEnd = event { return entries }
            guard case .scalar(let key, let line) = event else {
                throw ConfigurationError("line \(line): a key must be a plain text")
            }
            guard keys.insert(key).inserted else {
                throw ConfigurationError("line \(line): \"\(Shown.value(key))\" stands twice")
            }
            entries.append(YAMLNode.Entry(key: key, line: line, value: try node(try next())))
        }
    }

    private enum Event {
        case streamEnd, documentStart, documentEnd, listEnd, mapEnd, other
        case listStart(line: Int), mapStart(line: Int), scalar(String, line: Int)
    }

    /// How YAML writes that there is nothing, besides writing nothing.
    private static let nulls = ["~", "null", "Null", "NULL"]

    private var line: Int { unsafe Int(parser.pointee.mark.line) + 1 }

    private mutating func next() throws(ConfigurationError) -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else {
            let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not YAML"
            throw unsafe ConfigurationError("line \(parser.pointee.problem_mark.line + 1): \(problem)")
        }
        defer { unsafe yaml_event_delete(&event) }
        let line = unsafe Int(event.start_mark.line) + 1
        switch unsafe event.type {
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_SEQUENCE_START_EVENT: return .listStart(line: line)
        case YAML_SEQUENCE_END_EVENT: return .listEnd
        case YAML_MAPPING_START_EVENT: return .mapStart(line: line)
        case YAML_MAPPING_END_EVENT: return .mapEnd
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let text = unsafe String(decoding: bytes, as: UTF8.self)
            let isNull = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE && Self.nulls.contains(text)
            return .scalar(isNull ? "" : text, line: line)
        default: return .other
        }
    }
}
