// The room of samples and pages: what to read first.
//
//   Collector         what every source is to the rest of the program: asked, it answers with samples or says why not
//   Descriptor        a family: name, kind, help, labels; declared once, by the room that fills it
//   Sample, Samples   what a poll brings, with its bounds; Histogram and NativeHistogram count durations
//   PartSchedule      parts of a source that are asked less often than others
//
//   Exposition        parts of many sources merged by family, sorted, without what stands twice; Arrangement says which
//                     families there are, MergedFamily puts the series of one in order
//   Formats           one file for each format of the page, and ExpositionFormat, the list of them
//   Kept              a page that is kept as it was written: KeptPage takes in what is new and writes it into its place
//   PageBuffer        bytes of a page; FamilyHeader keeps what stands above a family
//   Moment            a point in time on a page; GregorianCalendar has dates as days
//
// A further format is a file in Formats and a case of ExpositionFormat: negotiation and the page store follow.
// A name that goes to Prometheus passes Naming, once, when its descriptor is made.
