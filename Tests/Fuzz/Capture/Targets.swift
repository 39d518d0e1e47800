// Capture files, which may come from anywhere.

let targets: [String: @Sendable (inout FuzzInput) -> Void] = ["CaptureFiles": fuzzCaptureFiles]
