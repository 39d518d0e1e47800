import Foundation
import TestKit
import Testing

@testable import Redis

/// One library with its jobs, through Tests/Fixtures/queues.
struct QueueLibrary {
    private let name: String
    private let server: RedisServer

    private static let folder = Project.root.appending(path: "Tests/Fixtures/queues").path
    private static let python = Project.root.appending(path: ".build/tools/queues/bin/python").path

    static let isInstalled = FileManager.default.isExecutableFile(atPath: python)
    static let hasSidekiq = FileManager.default.isExecutableFile(atPath: "/usr/bin/sidekiq")

    init(_ name: String, _ server: RedisServer) {
        (self.name, self.server) = (name, server)
    }

    private var environment: [String: String] {
        ["PYTHONPATH": Self.folder, "PYTHONDONTWRITEBYTECODE": "1", "REDIS_URL": "redis://127.0.0.1:\(server.port)/0"]
    }

    private func command(_ action: String) -> (program: String, arguments: [String]) {
        let ruby = Self.folder + "/sidekiq.rb"
        if name == "sidekiq" {
            return action == "work"
                ? ("/usr/bin/sidekiq", ["-r", ruby, "-c", "2", "-q", "default"]) : ("/usr/bin/ruby", [ruby, action])
        }
        return (Self.python, [Self.folder + "/queues.py", String(server.port), name, action])
    }

    /// What an action prints as JSON; nil where it says nothing.
    @discardableResult func run(_ action: String) throws -> Any? {
        let (program, arguments) = command(action)
        let result = try ServerProcess.run(program, arguments, environment: environment, in: server.folder)
        #expect(result.status == 0, "\(result.output)")
        let line = result.output.split(separator: "\n").last { $0.hasPrefix("{") }
        return try line.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
    }

    /// A worker that goes on until it is killed.
    func start(_ action: String) throws -> ServerProcess {
        let (program, arguments) = command(action)
        return try ServerProcess(program, arguments, environment: environment, in: server.folder)
    }
}

extension RedisSettings {
    /// Looks at queues with every poll.
    static func queues(_ systems: QueueSystems = .auto) -> RedisSettings {
        var settings = RedisSettings.patient
        settings.keys.interval = .zero
        settings.keys.queues = systems
        return settings
    }
}
