// The exporter's room: what to read first. Folders from the bottom up; each uses what stands below it only, and
// Tests/lint/folders.py sees to it.
//
//   Text        errors, figures, JSON, the log, timestamps, tables: all that turns something into text
//   Process     what the process is to the kernel: signals, limits, secrets, its own threads, the system-call filter
//   Options     every option, declared once (…Options.swift); reading them from flags, variables and the file
//   Rhythm      when each scraper comes next, and when each source is to be asked so that its samples are new
//   Reading     a page from its reader's side: its text, how counters grew, percentiles of buckets
//   Wire        the capture and its engine as one thing that outlives each configuration; how much of Redis it covers
//   Schedule    what is polled, when, and what came of it: Sources lists it, Runner asks, Registry holds Reports
//   Page        /metrics out of the registry: Catalogue knows every family, PageStore keeps written sections
//   Health      /health out of the registry: HealthRules say what is healthy
//   Web         the web configuration file, and the pages there are (WebPage)
//   Commands    serve, check, top, advise, replay and health: Program chooses, Serve/Daemon runs
//
// The start: Program, then Serve/Daemon and Serve/RunningDaemon. A SIGHUP: Serve/Reload, in one sitting.
// A scrape: Serve/Routes, PageStore, PageSections. A poll: Runner, Report, Registry.
