// The room of Redis.
