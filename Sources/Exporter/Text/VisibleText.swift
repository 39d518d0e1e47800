// Names on a terminal and in a log may come from anyone. What moves the cursor, ends the line or turns its direction
// would show something else than what is there.

extension Unicode.Scalar {
    /// Whether it shows nothing of its own: a control character, one that changes the direction of text, a line's end.
    var isHidden: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension String {
    /// The text with what is hidden in it written out, as in `\u{202e}`.
    var visible: String {
        guard unicodeScalars.contains(where: \.isHidden) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isHidden {
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
