// Any text as the address of a Redis: what is understood reads back the same, and a password shows nowhere.

@testable import Redis

func fuzzRedisAddresses(_ input: inout FuzzInput) {
    let text = String(decoding: input.rest(), as: UTF8.self)
    if let address = try? RedisAddress(text) {
        let again = try? RedisAddress(address.description)
        precondition(again?.endpoint == address.endpoint && again?.usesTLS == address.usesTLS)
    }
    let secret = "s3cr3t"
    guard !text.contains(secret), let at = text.firstIndex(of: "@") else { return }
    do throws(RedisAddress.Malformed) {
        let address = try RedisAddress(text[..<at] + secret + text[at...])
        precondition(!address.description.contains(secret) || address.password?.contains(secret) != true)
    } catch {
        precondition(!error.description.contains(secret))
    }
}
