// The operations of Linux Socket Filtering that are used here (Documentation/networking/filter.rst of the kernel): an
// accumulator, a base that addresses may be relative to, and some words of scratch memory. Jumps go forward only.

extension PacketFilter {
    /// One operation of the kernel's.
    struct Instruction: Sendable, Equatable {
        let code: UInt16
        let jumpIfTrue: UInt8
        let jumpIfFalse: UInt8
        let operand: UInt32

        private init(_ code: UInt16, _ operand: UInt32, ifTrue: UInt8 = 0, ifFalse: UInt8 = 0) {
            self.code = code
            self.operand = operand
            jumpIfTrue = ifTrue
            jumpIfFalse = ifFalse
        }

        /// Loads a byte, two bytes or four of the packet. A packet that ends before them is not taken.
        static func loadByte(at place: UInt32) -> Instruction { Instruction(0x30, place) }
        static func loadShort(at place: UInt32) -> Instruction { Instruction(0x28, place) }
        static func loadShort(behindBase place: UInt32) -> Instruction { Instruction(0x48, place) }
        static func loadWord(at place: UInt32) -> Instruction { Instruction(0x20, place) }

        /// Sets the base: to a number, or to the length of the IPv4 header that starts at a place.
        static func base(_ number: UInt32) -> Instruction { Instruction(0x01, number) }
        static func baseOfHeader(at place: UInt32) -> Instruction { Instruction(0xB1, place) }

        static func shiftRight(_ bits: UInt32) -> Instruction { Instruction(0x74, bits) }

        /// Puts what was loaded into scratch memory, and loads it from there.
        static func layAside(_ word: UInt32) -> Instruction { Instruction(0x02, word) }
        static func recall(_ word: UInt32) -> Instruction { Instruction(0x60, word) }

        /// Goes on with the next instruction if that number was loaded, otherwise so many after it.
        static func compare(_ number: UInt32, otherwiseSkip count: UInt8) -> Instruction {
            Instruction(0x15, number, ifFalse: count)
        }

        /// Goes on so many instructions after the next one if one of these bits is set.
        static func test(_ bits: UInt32, thenSkip count: UInt8) -> Instruction {
            Instruction(0x45, bits, ifTrue: count)
        }

        /// Goes on so many instructions after the next one.
        static func skip(_ count: UInt32) -> Instruction { Instruction(0x05, count) }

        /// Ends the program; so many bytes of the packet are kept, 0 for a packet that is not taken.
        static func keep(_ bytes: UInt32) -> Instruction { Instruction(0x06, bytes) }
    }
}
