// Any text as the field Authorization, and as a network of the allow list: what is understood reads back the same.

@testable import HTTP

func fuzzCredentials(_ input: inout FuzzInput) {
    let text = String(decoding: input.rest(), as: UTF8.self)
    _ = Credential(text)
    if let range = AddressRange(text) { precondition(AddressRange(range.description) == range) }
    if let bytes = Base64.decode(Array(text.utf8)) { precondition(bytes.count <= text.utf8.count) }
}
