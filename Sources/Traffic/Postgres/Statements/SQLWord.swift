// The keywords that tell what a statement does and to which table. A word is compared as one number.

/// A keyword or a name without quotes, by its first eight letters in lower case and its length.
struct SQLWord: Equatable, Sendable {
    /// The first eight bytes with ASCII letters in lower case, the first one lowest.
    let start: UInt64
    /// Bytes.
    let length: Int

    @inline(__always)
    init(_ text: Span<UInt8>, _ range: Range<Int>) {
        start = ShortWord.lowercase(text.word(at: range.lowerBound, count: range.count))
        length = range.count
    }

    private init(_ start: UInt64, _ length: Int) {
        self.start = start
        self.length = length
    }

    static var select: Self { Self(0x74_63_65_6C_65_73, 6) }
    static var insert: Self { Self(0x74_72_65_73_6E_69, 6) }
    static var update: Self { Self(0x65_74_61_64_70_75, 6) }
    static var delete: Self { Self(0x65_74_65_6C_65_64, 6) }
    static var merge: Self { Self(0x65_67_72_65_6D, 5) }
    static var copy: Self { Self(0x79_70_6F_63, 4) }
    static var fetch: Self { Self(0x68_63_74_65_66, 5) }
    static var move: Self { Self(0x65_76_6F_6D, 4) }
    static var values: Self { Self(0x73_65_75_6C_61_76, 6) }
    static var table: Self { Self(0x65_6C_62_61_74, 5) }
    static var with: Self { Self(0x68_74_69_77, 4) }
    static var truncate: Self { Self(0x65_74_61_63_6E_75_72_74, 8) }
    static var lock: Self { Self(0x6B_63_6F_6C, 4) }
    static var create: Self { Self(0x65_74_61_65_72_63, 6) }
    static var alter: Self { Self(0x72_65_74_6C_61, 5) }
    static var drop: Self { Self(0x70_6F_72_64, 4) }
    static var explain: Self { Self(0x6E_69_61_6C_70_78_65, 7) }
    static var prepare: Self { Self(0x65_72_61_70_65_72_70, 7) }
    static var execute: Self { Self(0x65_74_75_63_65_78_65, 7) }
    static var begin: Self { Self(0x6E_69_67_65_62, 5) }
    static var start: Self { Self(0x74_72_61_74_73, 5) }
    static var commit: Self { Self(0x74_69_6D_6D_6F_63, 6) }
    static var end: Self { Self(0x64_6E_65, 3) }
    static var rollback: Self { Self(0x6B_63_61_62_6C_6C_6F_72, 8) }
    static var abort: Self { Self(0x74_72_6F_62_61, 5) }
    static var release: Self { Self(0x65_73_61_65_6C_65_72, 7) }
    static var declare: Self { Self(0x65_72_61_6C_63_65_64, 7) }
    static var discard: Self { Self(0x64_72_61_63_73_69_64, 7) }
    static var vacuum: Self { Self(0x6D_75_75_63_61_76, 6) }
    static var analyze: Self { Self(0x65_7A_79_6C_61_6E_61, 7) }
    static var refresh: Self { Self(0x68_73_65_72_66_65_72, 7) }
    static var from: Self { Self(0x6D_6F_72_66, 4) }
    static var join: Self { Self(0x6E_69_6F_6A, 4) }
    static var into: Self { Self(0x6F_74_6E_69, 4) }
    static var only: Self { Self(0x79_6C_6E_6F, 4) }
    static var lateral: Self { Self(0x6C_61_72_65_74_61_6C, 7) }
    static var `as`: Self { Self(0x73_61, 2) }
    static var `where`: Self { Self(0x65_72_65_68_77, 5) }
    static var group: Self { Self(0x70_75_6F_72_67, 5) }
    static var having: Self { Self(0x67_6E_69_76_61_68, 6) }
    static var order: Self { Self(0x72_65_64_72_6F, 5) }
    static var limit: Self { Self(0x74_69_6D_69_6C, 5) }
    static var window: Self { Self(0x77_6F_64_6E_69_77, 6) }
    static var union: Self { Self(0x6E_6F_69_6E_75, 5) }
    static var except: Self { Self(0x74_70_65_63_78_65, 6) }
    static var `for`: Self { Self(0x72_6F_66, 3) }
    static var offset: Self { Self(0x74_65_73_66_66_6F, 6) }
    static var on: Self { Self(0x6E_6F, 2) }
    static var set: Self { Self(0x74_65_73, 3) }
    static var distinct: Self { Self(0x74_63_6E_69_74_73_69_64, 8) }
    static var not: Self { Self(0x74_6F_6E, 3) }
    static var savepoint: Self { Self(0x6E_69_6F_70_65_76_61_73, 9) }
    static var deallocate: Self { Self(0x61_63_6F_6C_6C_61_65_64, 10) }
    static var recursive: Self { Self(0x76_69_73_72_75_63_65_72, 9) }
    static var intersect: Self { Self(0x63_65_73_72_65_74_6E_69, 9) }
    static var materialized: Self { Self(0x6C_61_69_72_65_74_61_6D, 12) }
    static var transaction: Self { Self(0x74_63_61_73_6E_61_72_74, 11) }
    static var `if`: Self { Self(0x66_69, 2) }
    static var exists: Self { Self(0x73_74_73_69_78_65, 6) }
    static var full: Self { Self(0x6C_6C_75_66, 4) }
    static var freeze: Self { Self(0x65_7A_65_65_72_66, 6) }
    static var verbose: Self { Self(0x65_73_6F_62_72_65_76, 7) }
    static var view: Self { Self(0x77_65_69_76, 4) }
    static var all: Self { Self(0x6C_6C_61, 3) }
    static var binary: Self { Self(0x79_72_61_6E_69_62, 6) }
    static var analyse: Self { Self(0x65_73_79_6C_61_6E_61, 7) }
    static var concurrently: Self { Self(0x65_72_72_75_63_6E_6F_63, 12) }
}
