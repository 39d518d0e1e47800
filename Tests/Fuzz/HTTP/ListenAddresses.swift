// Any text as an address to listen on: what is understood reads back the same.

@testable import HTTP

func fuzzListenAddresses(_ input: inout FuzzInput) {
    let text = String(decoding: input.rest(), as: UTF8.self)
    guard let address = try? ListenAddress(text) else { return }
    precondition((try? ListenAddress(address.description)) == address)
}
