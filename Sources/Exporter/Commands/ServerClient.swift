// What `sidelong top`, `advise` and `health` ask with: the credentials and certificates of the options `client.*`.

import HTTP
import System

/// Asks servers as the options want it.
struct ServerClient: Sendable {
    private let fields: [(name: String, value: String)]
    private let tls: TLSClientSettings
    private let serverName: String?
    private let isVerified: Bool

    /// How long one question may take.
    static let limit = Duration.milliseconds(2500)

    /// Reads the files that the options name.
    ///
    /// - Parameter verifies: whether the server's certificate is looked at although the question carries no secret.
    ///   With a credential or an authority of one's own it always is, unless an option says otherwise.
    init(_ settings: Settings, verifies: Bool) throws(ConfigurationError) {
        let credential = try Self.credential(settings)
        fields = credential.map { [(name: "Authorization", value: $0)] } ?? []
        let (certificate, key) = (settings[Options.clientCertificateFile], settings[Options.clientKeyFile])
        guard (certificate == nil) == (key == nil) else {
            throw ConfigurationError("--client.tls-cert-file and --client.tls-key-file go together; one is missing")
        }
        tls = TLSClientSettings(
            authorities: try Self.text(settings[Options.clientCAFile], of: Options.clientCAFile),
            certificate: try Self.text(certificate, of: Options.clientCertificateFile),
            key: try Self.text(key, of: Options.clientKeyFile))
        serverName = settings[Options.clientServerName]
        isVerified =
            !settings[Options.clientSkipVerify]
            && (verifies || !fields.isEmpty || tls.authorities != nil || serverName != nil)
    }

    /// The status of a page; its body is not read.
    func status(of url: ServerURL) throws(HTTPProbe.Failure) -> Int {
        try HTTPProbe.status(of: url.path, at: server(url), within: Self.limit)
    }

    /// The page, where there is one.
    ///
    /// - Throws: why there is none, a status other than 2xx with what to do about it.
    func body(of url: ServerURL) throws(ServerProblem) -> [UInt8] {
        let answer: HTTPProbe.Answer
        do throws(HTTPProbe.Failure) {
            let accept = (name: "Accept", value: "text/plain;version=0.0.4, application/json;q=0.9")
            answer = try HTTPProbe.answer(to: url.path, at: server(url), fields: fields + [accept], within: Self.limit)
        } catch {
            throw ServerProblem(description: "\(error)")
        }
        switch answer.status {
        case 200..<300: return answer.body
        case 401: throw problem(url, answer, "give --client.user and its password, or --client.token-file")
        case 403: throw problem(url, answer, "this client may not ask there; see allow in the web configuration")
        case 429: throw problem(url, answer, "asked too often; see rate_limit in the web configuration")
        default: throw problem(url, answer, "is it the address of a Sidelong?")
        }
    }

    private func problem(_ url: ServerURL, _ answer: HTTPProbe.Answer, _ hint: String) -> ServerProblem {
        ServerProblem(description: "\(url.address)\(url.path): status \(answer.status); \(hint)")
    }

    private func server(_ url: ServerURL) -> HTTPProbe.Server {
        guard url.isSecure else { return HTTPProbe.Server(url.address, host: url.host) }
        var tls = tls
        if isVerified { tls.serverName = serverName ?? url.name }
        return HTTPProbe.Server(url.address, host: url.host, tls: tls)
    }

    private static func credential(_ settings: Settings) throws(ConfigurationError) -> String? {
        let token = try password(settings[Options.clientTokenFile], or: settings[Options.clientToken])
        if let token { return "Bearer \(token)" }
        guard let user = settings[Options.clientUser] else { return nil }
        let password = try password(settings[Options.clientPasswordFile], or: settings[Options.clientPassword])
        return "Basic \(Array("\(user):\(password ?? "")".utf8).base64)"
    }

    private static func password(_ path: String?, or text: String?) throws(ConfigurationError) -> String? {
        guard let path else { return text }
        do {
            return try SmallFile.password(path)
        } catch {
            throw ConfigurationError("\(error)")
        }
    }

    private static func text(_ path: String?, of option: any AnyOption) throws(ConfigurationError) -> String? {
        guard let path else { return nil }
        do {
            return try SmallFile.text(path)
        } catch {
            throw ConfigurationError("--\(option.name): \(Shown.problem(error, of: path))")
        }
    }
}

/// Why a page cannot be had, in one line.
struct ServerProblem: Error, Equatable, CustomStringConvertible {
    let description: String
}

extension [UInt8] {
    /// RFC 4648, section 4.
    fileprivate var base64: String {
        let letters = Array<Character>("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        var start = 0
        while start < count {
            let three = self[start..<Swift.min(start + 3, count)]
            var bits = 0
            for byte in three { bits = bits << 8 | Int(byte) }
            bits <<= 8 * (3 - three.count)
            for place in 0..<4 {
                let letter = (bits >> (18 - 6 * place)) & 63
                text.append(place > three.count ? "=" : letters[letter])
            }
            start += 3
        }
        return text
    }
}
