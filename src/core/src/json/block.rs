//! Sixty-four bytes of a text at once: questions about all of them, answered by one bit for each, that of
//! the first the lowest.
//!
//! Texts of prompts and conversations are full of escapes, a line break each, and to look at each by
//! itself takes most of the time that a request takes.

use wide::bytemuck::cast;
use wide::{u8x16, u16x8};

/// How many bytes are looked at together.
pub(super) const BLOCK: usize = 64;

/// How many bytes one instruction looks at.
pub(super) const WIDTH: usize = 16;

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

/// Sixty-four bytes.
#[derive(Clone, Copy)]
pub(super) struct Block([u8x16; BLOCK / WIDTH]);

impl Block {
    #[inline(always)]
    pub(super) fn new(bytes: &[u8; BLOCK]) -> Block {
        match bytes.as_chunks().0 {
            [a, b, c, d] => Block([u8x16::new(*a), u8x16::new(*b), u8x16::new(*c), u8x16::new(*d)]),
            // There are always four.
            _ => Block([u8x16::ZERO; 4]),
        }
    }

    /// Which bytes are this one.
    #[inline(always)]
    pub(super) fn equal(self, byte: u8) -> u64 {
        self.bits(|part| part.simd_eq(u8x16::splat(byte)))
    }

    /// Which bytes are among these.
    #[inline(always)]
    pub(super) fn among<const N: usize>(self, bytes: [u8; N]) -> u64 {
        self.bits(|part| bytes.iter().fold(u8x16::ZERO, |any, byte| any | part.simd_eq(u8x16::splat(*byte))))
    }

    /// Whether any byte is a control character of ASCII's.
    #[inline(always)]
    pub(super) fn has_control(self) -> bool {
        below(self.together(u8x16::min), 0x20).to_bitmask() != 0
    }

    /// Which bytes are control characters.
    #[inline(always)]
    pub(super) fn controls(self) -> u64 {
        self.bits(|part| below(part, 0x20))
    }

    /// Whether any byte is none of ASCII's.
    #[inline(always)]
    pub(super) fn has_high(self) -> bool {
        self.together(|one, other| one | other).to_bitmask() != 0
    }

    /// The highest bit of each byte, behind so many that are shifted out.
    #[inline(always)]
    pub(super) fn bits_behind<const N: u32>(self) -> u64 {
        // Two bytes at a time: what comes over from a neighbour stays below the highest bit.
        self.bits(|part| cast(cast::<u8x16, u16x8>(part) << N))
    }

    /// Which bytes are this one or greater; none of ASCII's.
    #[inline(always)]
    pub(super) fn at_least(self, byte: u8) -> u64 {
        self.bits(|part| at_least(part, byte))
    }

    /// Which bytes are 0xc0 or 0xc1.
    #[inline(always)]
    pub(super) fn overlong(self) -> u64 {
        self.bits(is_overlong)
    }

    /// Whether any byte is the first one of a sequence of UTF-8 that not every sequence of
    /// continuation bytes may follow: [`overlong`](Self::overlong), 0xe0, 0xed, or above 0xef.
    #[inline(always)]
    pub(super) fn has_rare_lead(self) -> bool {
        let rare = |part: u8x16| {
            let three = part.simd_eq(u8x16::splat(0xe0)) | part.simd_eq(u8x16::splat(0xed));
            is_overlong(part) | three | at_least(part, 0xf0)
        };
        let [a, b, c, d] = self.0;
        Block([rare(a), rare(b), rare(c), rare(d)]).has_high()
    }

    /// Which bytes are hexadecimal digits.
    #[inline(always)]
    pub(super) fn hexadecimal(self) -> u64 {
        self.bits(|part| {
            let small = part | u8x16::splat(0x20);
            below(part - u8x16::splat(b'0'), 10) | below(small - u8x16::splat(b'a'), 6)
        })
    }

    /// The highest bit of each byte of what is made of the parts.
    #[inline(always)]
    fn bits(self, make: impl Fn(u8x16) -> u8x16) -> u64 {
        // Not by `map`, which compilers leave a call.
        let [a, b, c, d] = self.0;
        let bits = |part| u64::from(make(part).to_bitmask());
        (bits(a) | bits(b) << WIDTH) | (bits(c) | bits(d) << WIDTH) << (2 * WIDTH)
    }

    #[inline(always)]
    fn together(self, join: impl Fn(u8x16, u8x16) -> u8x16) -> u8x16 {
        let [a, b, c, d] = self.0;
        join(join(a, b), join(c, d))
    }
}

/// Which bytes are below another one, which is not zero.
#[inline(always)]
fn below(bytes: u8x16, limit: u8) -> u8x16 {
    bytes.min(u8x16::splat(limit.wrapping_sub(1))).simd_eq(bytes)
}

/// Which bytes are this one, none of ASCII's, or greater: those have their highest bit set.
#[inline(always)]
fn at_least(bytes: u8x16, least: u8) -> u8x16 {
    bytes.saturating_sub(u8x16::splat(least.wrapping_sub(0x80)))
}

/// Which bytes are 0xc0 or 0xc1.
#[inline(always)]
fn is_overlong(bytes: u8x16) -> u8x16 {
    (bytes & u8x16::splat(0xfe)).simd_eq(u8x16::splat(0xc0))
}

/// Which of a few bytes are [special](is_special).
#[inline(always)]
pub(super) fn specials(bytes: &[u8; WIDTH]) -> u64 {
    let bytes = u8x16::new(*bytes);
    let specials =
        below(bytes, 0x20) | bytes.simd_eq(u8x16::splat(b'"')) | bytes.simd_eq(u8x16::splat(b'\\'));
    u64::from(specials.to_bitmask())
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
                for at in [0, 1, 7, 8, 14, 15, 16, 31, 32, 47, 48, 63] {
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
                    assert_eq!(block.bits_behind::<0>(), mask(&bytes, |byte| byte & 0x80 != 0));
                    assert_eq!(block.bits_behind::<3>(), mask(&bytes, |byte| byte & 0x10 != 0));
                    assert_eq!(block.at_least(0xf5), mask(&bytes, |byte| byte >= 0xf5));
                    assert_eq!(block.overlong(), mask(&bytes, |byte| matches!(byte, 0xc0 | 0xc1)));
                    assert_eq!(
                        block.has_rare_lead(),
                        has(|byte| matches!(byte, 0xc0 | 0xc1 | 0xe0 | 0xed | 0xf0..))
                    );
                    assert_eq!(block.hexadecimal(), mask(&bytes, |byte| byte.is_ascii_hexdigit()));
                    assert_eq!(block.among(*b"bu\"/"), mask(&bytes, |byte| b"bu\"/".contains(&byte)));
                    assert_eq!(specials(bytes.first_chunk().unwrap()), mask(&bytes[..WIDTH], is_special));
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
