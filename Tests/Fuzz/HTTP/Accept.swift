// Any text as Accept and Accept-Encoding: there is always an offer, and a list is never larger than its text.

@testable import HTTP

func fuzzAccept(_ input: inout FuzzInput) {
    let text = String(decoding: input.rest(), as: UTF8.self)
    let offers = [
        MediaOffer("text/plain", .init("version", "0.0.4", isImplied: true)),
        MediaOffer("application/openmetrics-text", .init("version", "1.0.0")),
        MediaOffer("application/vnd.google.protobuf", .init("encoding", "delimited")),
    ]
    let chosen = Negotiation.preferred(offers, accept: text)
    precondition(offers.indices.contains(chosen))
    let members = WeightedMember.list(text)
    precondition(members.count <= text.utf8.count && members.allSatisfy { 0...1000 ~= $0.weight })
    if members.isEmpty { precondition(chosen == 0 && !Negotiation.acceptsGzip(text)) }
    // Who names a coding has the last word on it.
    if text.utf8.count < 1000 && !text.contains("\"") {
        precondition(!Negotiation.acceptsGzip("gzip;q=0, " + text))
        precondition(Negotiation.acceptsGzip("gzip;q=0.001, " + text))
    }
}
