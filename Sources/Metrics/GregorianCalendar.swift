// Dates that servers and their users write, as days: the standard library has no calendar.

/// The Gregorian calendar, also for the time before it.
public enum GregorianCalendar {
    /// Days from 1 January 1970 to a day, the year before 1 being 0 (Howard Hinnant, days_from_civil).
    ///
    /// - Parameters:
    ///   - month: from 1 to 12.
    ///   - day: from 1 to 31; a day too many for its month is one of the next.
    public static func days(year: Int, month: Int, day: Int) -> Int {
        // Years that begin in March, so that the day that comes and goes is the last one.
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
