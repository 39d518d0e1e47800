// The room of Host.
