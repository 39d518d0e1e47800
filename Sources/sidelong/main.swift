import Exporter

await Program.main()
