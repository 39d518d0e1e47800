// Any text as libpq's account of a failed connection, or as a server's refusal: there is always a reason.

import Metrics

@testable import Postgres

func fuzzServerErrors(_ input: inout FuzzInput) {
    let state = String(decoding: input.bytes(5), as: UTF8.self)
    let text = String(decoding: input.rest(), as: UTF8.self)
    let failure = ConnectFailure(text: text).failure
    precondition(!failure.message.isEmpty)
    precondition(ServerError(sqlState: state, message: text).failure.message.utf8.count <= text.utf8.count + 200)
}
