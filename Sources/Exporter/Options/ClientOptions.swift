// How this program asks another Sidelong, or a Prometheus: `sidelong top`, `advise` and `health`. The daemon does not
// use these.

extension Options {
    static let clientUser = Option(
        "client.user", .optional(.text), default: nil,
        help: "The user that sidelong top and advise log in as, where the web configuration has basic_auth_users.")
    static let clientPasswordFile = Option(
        "client.password-file", .optional(.file), default: nil, help: "A file with that user's password.")
    static let clientPassword = Option(
        "client.password", .optional(.password), default: nil, isSecret: true, help: "That password; a file is safer.")
    static let clientTokenFile = Option(
        "client.token-file", .optional(.file), default: nil,
        help: "A file with a bearer token instead, as an API key of the web configuration is one.")
    static let clientToken = Option(
        "client.token", .optional(.password), default: nil, isSecret: true, help: "That token; a file is safer.")
    static let clientCAFile = Option(
        "client.tls-ca-file", .optional(.file), default: nil,
        help: "Certificate authorities to trust for https:// instead of the system's.")
    static let clientCertificateFile = Option(
        "client.tls-cert-file", .optional(.file), default: nil,
        help: "The certificate to show where the web configuration wants one; sidelong health shows it as well.")
    static let clientKeyFile = Option(
        "client.tls-key-file", .optional(.file), default: nil, help: "The key of that certificate.")
    static let clientServerName = Option(
        "client.tls-server-name", .optional(.text), default: nil,
        help: "The name that the server's certificate must carry, where it is not the host of the address.")
    static let clientSkipVerify = Option(
        "client.tls-skip-verify", .flag, default: "false",
        help: "Accept any certificate of the server. Anyone on the way can then read the password.")

    static let client: [any AnyOption] = [
        clientUser, clientPasswordFile, clientPassword, clientTokenFile, clientToken, clientCAFile,
        clientCertificateFile, clientKeyFile, clientServerName, clientSkipVerify,
    ]
}
