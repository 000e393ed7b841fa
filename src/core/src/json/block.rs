//! Sixty-four bytes of a text at once: questions about all of them, answered by one bit for each, that of
//! the first the lowest. Made of the instructions for sixteen bytes where WebAssembly has them.
//!
//! Texts of prompts and conversations are full of escapes, a line break each, and to look at each by
//! itself takes most of the time that a request takes.

/// How many bytes are looked at together.
pub(super) const BLOCK: usize = 64;

/// How many bytes [`specials`] looks at.
pub(super) const FEW: usize = 16;

/// Every other bit.
const ODD: u64 = 0xaaaa_aaaa_aaaa_aaaa;

/// Whether a byte can't stand in a string literal as it is: a quote, a backslash, a control character.
pub(super) const fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Which bytes stand behind a backslash that is itself not behind one. `carry` is 1 if that of the first byte
/// does, 0 if not, and afterwards says so of the next block's.
///
/// A run of backslashes escapes what follows if it has an odd length. Subtracting a run's first bit
/// from every other bit carries through the run, and shows at its end whether it began and ended on
/// bits of the same kind (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019).
#[inline(always)]
pub(super) fn escaped(backslashes: u64, carry: &mut u64) -> u64 {
    let first = *carry;
    let escaping = backslashes & !first;
    let ends = ((escaping << 1 | ODD).wrapping_sub(escaping)) ^ ODD;
    *carry = (ends & backslashes) >> 63;
    ends ^ (backslashes | first)
}

/// For each bit whether an odd number of bits is set from the lowest one up to it: between quotes.
#[inline(always)]
pub(super) fn between(quotes: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].into_iter().fold(quotes, |inside, distance| inside ^ inside << distance)
}

#[cfg(target_feature = "simd128")]
pub(super) use vectors::{Block, specials};
#[cfg(not(target_feature = "simd128"))]
pub(super) use words::{Block, specials};

/// With the instructions of WebAssembly.
#[cfg(target_feature = "simd128")]
mod vectors {
    use std::arch::wasm32::*;

    use super::{BLOCK, FEW};

    #[derive(Clone, Copy)]
    pub(in super::super) struct Block([v128; 4]);

    impl Block {
        #[inline(always)]
        pub(in super::super) fn new(bytes: &[u8; BLOCK]) -> Block {
            match bytes.as_chunks().0 {
                [a, b, c, d] => Block([vector(a), vector(b), vector(c), vector(d)]),
                _ => Block([u8x16_splat(0); 4]),
            }
        }

        /// Which bytes are this one.
        #[inline(always)]
        pub(in super::super) fn equal(self, byte: u8) -> u64 {
            self.bits(|part| u8x16_eq(part, u8x16_splat(byte)))
        }

        /// Whether any byte is a control character of ASCII's.
        #[inline(always)]
        pub(in super::super) fn has_control(self) -> bool {
            let least = self.all(|one, other| u8x16_min(one, other));
            v128_any_true(u8x16_lt(least, u8x16_splat(0x20)))
        }

        /// Which bytes are control characters.
        #[inline(always)]
        pub(in super::super) fn controls(self) -> u64 {
            self.bits(|part| u8x16_lt(part, u8x16_splat(0x20)))
        }

        /// Whether any byte is none of ASCII's.
        #[inline(always)]
        pub(in super::super) fn has_high(self) -> bool {
            u8x16_bitmask(self.all(|one, other| v128_or(one, other))) != 0
        }

        /// Bit `N` of each byte, of which 7 is the highest.
        #[inline(always)]
        pub(in super::super) fn plane<const N: u32>(self) -> u64 {
            // What comes over from a neighbour stays below the highest bit.
            self.bits(|part| u16x8_shl(part, 7 - N))
        }

        /// Which bytes are this one or greater; none of ASCII's.
        #[inline(always)]
        pub(in super::super) fn at_least(self, byte: u8) -> u64 {
            self.bits(|part| u8x16_sub_sat(part, u8x16_splat(byte.wrapping_sub(0x80))))
        }

        /// Which bytes are 0xc0 or 0xc1.
        #[inline(always)]
        pub(in super::super) fn overlong(self) -> u64 {
            self.bits(|part| is_overlong(part))
        }

        /// Whether any byte is the first one of a sequence of UTF-8 that not every sequence of
        /// continuation bytes may follow: [`overlong`](Self::overlong), 0xe0, 0xed, or above 0xef.
        #[inline(always)]
        pub(in super::super) fn has_rare_lead(self) -> bool {
            let Block(parts) = self;
            let rare = Block(parts.map(|part| {
                let three = v128_or(u8x16_eq(part, u8x16_splat(0xe0)), u8x16_eq(part, u8x16_splat(0xed)));
                v128_or(v128_or(is_overlong(part), three), u8x16_sub_sat(part, u8x16_splat(0xf0 - 0x80)))
            }));
            rare.has_high()
        }

        /// Which bytes are hexadecimal digits.
        #[inline(always)]
        pub(in super::super) fn hexadecimal(self) -> u64 {
            self.bits(|part| {
                let digit = u8x16_lt(u8x16_sub(part, u8x16_splat(b'0')), u8x16_splat(10));
                let small = v128_or(part, u8x16_splat(0x20));
                v128_or(digit, u8x16_lt(u8x16_sub(small, u8x16_splat(b'a')), u8x16_splat(6)))
            })
        }

        /// Which bytes may follow a backslash.
        #[inline(always)]
        pub(in super::super) fn escapable(self) -> u64 {
            // A byte may if the row of its high digit is among the rows of its low digit. The rows 2, 5, 6
            // and 7 are the bits 1, 2, 4 and 8.
            let rows = u8x16(0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0);
            let columns = u8x16(0, 0, 1 | 4 | 8, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1);
            let none = self.bits(|part| {
                let row = u8x16_swizzle(rows, u8x16_shr(part, 4));
                let column = u8x16_swizzle(columns, v128_and(part, u8x16_splat(0x0f)));
                u8x16_eq(v128_and(row, column), u8x16_splat(0))
            });
            !none
        }

        /// The highest bit of each byte of what is made of the parts.
        #[inline(always)]
        fn bits(self, make: impl Fn(v128) -> v128) -> u64 {
            let [a, b, c, d] = self.0.map(|part| u64::from(u8x16_bitmask(make(part))));
            (a | b << 16) | (c | d << 16) << 32
        }

        #[inline(always)]
        fn all(self, join: impl Fn(v128, v128) -> v128) -> v128 {
            let [a, b, c, d] = self.0;
            join(join(a, b), join(c, d))
        }
    }

    #[inline(always)]
    fn is_overlong(part: v128) -> v128 {
        u8x16_eq(v128_and(part, u8x16_splat(0xfe)), u8x16_splat(0xc0))
    }

    /// Which of a few bytes are [special](super::is_special).
    #[inline(always)]
    pub(in super::super) fn specials(bytes: &[u8; FEW]) -> u64 {
        let bytes = vector(bytes);
        // With its second bit turned a quote, 0x22, comes next behind the control characters.
        let ends = u8x16_le(v128_xor(bytes, u8x16_splat(b'"' ^ 0x20)), u8x16_splat(0x20));
        u64::from(u8x16_bitmask(v128_or(ends, u8x16_eq(bytes, u8x16_splat(b'\\')))))
    }

    #[inline(always)]
    fn vector(bytes: &[u8; FEW]) -> v128 {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *bytes;
        u8x16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    }
}

/// With ordinary numbers: what is asked of every block eight bytes at a time, the rest one by one.
#[cfg(not(target_feature = "simd128"))]
mod words {
    use super::{BLOCK, FEW, is_special};

    const LOW: u64 = repeat(0x7f);
    const HIGH: u64 = repeat(0x80);

    #[derive(Clone, Copy)]
    pub(in super::super) struct Block([u8; BLOCK]);

    impl Block {
        #[inline(always)]
        pub(in super::super) fn new(bytes: &[u8; BLOCK]) -> Block {
            Block(*bytes)
        }

        /// Which bytes are this one.
        #[inline(always)]
        pub(in super::super) fn equal(self, byte: u8) -> u64 {
            let other = repeat(byte);
            // None borrows from the next, or carries into it: each is seven bits of a sum, and its own
            // eighth bit, which says that it is none: not zero.
            self.bits(|word| !((((word ^ other) & LOW) + LOW) | (word ^ other)))
        }

        /// Whether any byte is a control character of ASCII's.
        #[inline(always)]
        pub(in super::super) fn has_control(self) -> bool {
            self.0.iter().fold(false, |any, &byte| any | (byte < 0x20))
        }

        /// Which bytes are control characters.
        pub(in super::super) fn controls(self) -> u64 {
            self.which(|byte| byte < 0x20)
        }

        /// Whether any byte is none of ASCII's.
        #[inline(always)]
        pub(in super::super) fn has_high(self) -> bool {
            self.0.iter().fold(0, |all, &byte| all | byte) >= 0x80
        }

        /// Bit `N` of each byte, of which 7 is the highest.
        #[inline(always)]
        pub(in super::super) fn plane<const N: u32>(self) -> u64 {
            self.bits(|word| word << (7 - N))
        }

        /// Which bytes are this one or greater; none of ASCII's.
        pub(in super::super) fn at_least(self, least: u8) -> u64 {
            self.which(|byte| byte >= least)
        }

        /// Which bytes are 0xc0 or 0xc1.
        pub(in super::super) fn overlong(self) -> u64 {
            self.which(|byte| byte & 0xfe == 0xc0)
        }

        /// Whether any byte is the first one of a sequence of UTF-8 that not every sequence of
        /// continuation bytes may follow: [`overlong`](Self::overlong), 0xe0, 0xed, or above 0xef.
        #[inline(always)]
        pub(in super::super) fn has_rare_lead(self) -> bool {
            let is_rare = |byte: u8| (byte & 0xfe == 0xc0) | (byte == 0xe0) | (byte == 0xed) | (byte > 0xef);
            self.0.iter().fold(false, |any, &byte| any | is_rare(byte))
        }

        /// Which bytes are hexadecimal digits.
        pub(in super::super) fn hexadecimal(self) -> u64 {
            self.which(|byte| byte.is_ascii_hexdigit())
        }

        /// Which bytes may follow a backslash.
        pub(in super::super) fn escapable(self) -> u64 {
            self.which(|byte| matches!(byte, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u'))
        }

        fn which(self, is: impl Fn(u8) -> bool) -> u64 {
            self.0.iter().rev().fold(0, |bits, &byte| bits << 1 | u64::from(is(byte)))
        }

        /// The highest bit of each byte of what is made of eight bytes at a time.
        #[inline(always)]
        fn bits(self, make: impl Fn(u64) -> u64) -> u64 {
            let (words, _) = self.0.as_chunks();
            words.iter().rev().fold(0, |bits, word| {
                // Gathers the eighth bits in the highest byte.
                let gathered =
                    ((make(u64::from_le_bytes(*word)) & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080);
                bits << 8 | gathered >> 56
            })
        }
    }

    /// Which of a few bytes are [special](is_special).
    #[inline(always)]
    pub(in super::super) fn specials(bytes: &[u8; FEW]) -> u64 {
        bytes.iter().rev().fold(0, |bits, &byte| bits << 1 | u64::from(is_special(byte)))
    }

    /// Repeats a byte eight times.
    const fn repeat(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(bytes: &[u8], is: impl Fn(u8) -> bool) -> u64 {
        bytes.iter().rev().fold(0, |mask, &byte| mask << 1 | u64::from(is(byte)))
    }

    #[test]
    fn every_byte_is_what_it_is_wherever_it_stands() {
        // Neighbours that could borrow and carry bits into each other's bytes.
        for neighbour in [b'a', b' ', b'!', b'#', b']', b'[', b'"', b'\\', b'u', 0, 0x1f, 0x7f, 0x80, 0xff] {
            for byte in 0..=u8::MAX {
                for at in 0..BLOCK {
                    let mut bytes = [neighbour; BLOCK];
                    bytes[at] = byte;
                    let block = Block::new(&bytes);
                    let has = |is: fn(u8) -> bool| bytes.iter().any(|&byte| is(byte));
                    for other in [b'"', b'\\', byte, neighbour, byte ^ 0x80] {
                        assert_eq!(block.equal(other), mask(&bytes, |byte| byte == other), "{byte} {other}");
                    }
                    assert_eq!(block.controls(), mask(&bytes, |byte| byte < 0x20));
                    assert_eq!(block.has_control(), has(|byte| byte < 0x20));
                    assert_eq!(block.has_high(), has(|byte| byte >= 0x80));
                    assert_eq!(block.plane::<7>(), mask(&bytes, |byte| byte & 0x80 != 0));
                    assert_eq!(block.plane::<4>(), mask(&bytes, |byte| byte & 0x10 != 0));
                    assert_eq!(block.at_least(0xf5), mask(&bytes, |byte| byte >= 0xf5));
                    assert_eq!(block.overlong(), mask(&bytes, |byte| matches!(byte, 0xc0 | 0xc1)));
                    assert_eq!(
                        block.has_rare_lead(),
                        has(|byte| matches!(byte, 0xc0 | 0xc1 | 0xe0 | 0xed | 0xf0..))
                    );
                    assert_eq!(block.hexadecimal(), mask(&bytes, |byte| byte.is_ascii_hexdigit()));
                    assert_eq!(block.escapable(), mask(&bytes, |byte| b"\"\\/bfnrtu".contains(&byte)));
                    assert_eq!(specials(bytes.first_chunk().unwrap()), mask(&bytes[..FEW], is_special));
                }
            }
        }
    }

    #[test]
    fn a_backslash_escapes_what_follows_unless_it_is_escaped() {
        let mut random = 1_u64;
        for round in 0..100_000 {
            // Xorshift; fewer and more backslashes in turn.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let backslashes = if round % 2 == 0 { random } else { random & random.rotate_left(9) };
            for first in [false, true] {
                let (mut next, mut expected) = (first, 0);
                for at in 0..64 {
                    expected |= u64::from(next) << at;
                    next = !next && backslashes >> at & 1 == 1;
                }
                let mut carry = u64::from(first);
                assert_eq!(escaped(backslashes, &mut carry), expected, "{backslashes:b} {first}");
                assert_eq!(carry, u64::from(next));
            }
        }
    }

    #[test]
    fn what_is_between_quotes() {
        for (quotes, expected) in [(0, 0), (1, u64::MAX), (0b100100, 0b011100), (1 << 63, 1 << 63)] {
            assert_eq!(between(quotes), expected);
        }
    }
}
