//! Sixty-four bytes of a string literal at once: one bit for each, that of the first the lowest. Made of
//! the instructions for sixteen bytes where WebAssembly has them.
//!
//! Texts of prompts and conversations are full of escapes, a line break each, and to look at each by
//! itself takes most of the time that a request takes.

/// How many bytes are looked at together.
pub(super) const BLOCK: usize = 64;

/// How many bytes [`few`] looks at.
pub(super) const FEW: usize = 16;

/// Every other bit.
const ODD: u64 = 0xaaaa_aaaa_aaaa_aaaa;

/// Whether a byte ends a run of plain string text: a quote, a backslash, a control character.
pub(super) const fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// What stands where in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Quotes and control characters: unless it is escaped a string literal ends there, be it because it is
    /// wrong.
    pub(super) ends: u64,
    pub(super) backslashes: u64,
}

impl Found {
    /// Looks at a block.
    #[inline(always)]
    pub(super) fn of(block: &[u8; BLOCK]) -> Found {
        let mut found = Found { ends: 0, backslashes: 0 };
        let (parts, _) = block.as_chunks::<FEW>();
        for part in parts.iter().rev() {
            let [ends, backslashes] = kinds(part);
            found.ends = found.ends << FEW | ends;
            found.backslashes = found.backslashes << FEW | backslashes;
        }
        found
    }

    /// Whether nothing was found.
    #[inline(always)]
    pub(super) const fn is_plain(self) -> bool {
        self.ends | self.backslashes == 0
    }
}

/// Whether nothing in a block is special.
#[cfg(target_feature = "simd128")]
#[inline(always)]
pub(super) fn is_plain(block: &[u8; BLOCK]) -> bool {
    use std::arch::wasm32::{u8x16_splat, v128_any_true, v128_or};

    let (parts, _) = block.as_chunks::<FEW>();
    let special = parts.iter().flat_map(kinds_of_vector).fold(u8x16_splat(0), |any, kind| v128_or(any, kind));
    !v128_any_true(special)
}

/// Whether nothing in a block is special.
#[cfg(not(target_feature = "simd128"))]
#[inline(always)]
pub(super) fn is_plain(block: &[u8; BLOCK]) -> bool {
    !block.iter().fold(false, |any, &byte| any | is_special(byte))
}

/// Which of a few bytes are special.
#[inline(always)]
pub(super) fn few(bytes: &[u8; FEW]) -> u64 {
    let [ends, backslashes] = kinds(bytes);
    ends | backslashes
}

/// Which bytes stand behind a backslash that is itself not behind one. `carry` tells that of the first
/// byte, and afterwards that of the next block's.
///
/// A run of backslashes escapes what follows if it has an odd length. Subtracting a run's first bit
/// from every other bit carries through the run, and shows at its end whether it began and ended on
/// bits of the same kind (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019).
#[inline(always)]
pub(super) fn escaped(backslashes: u64, carry: &mut bool) -> u64 {
    let first = u64::from(*carry);
    let escaping = backslashes & !first;
    let ends = ((escaping << 1 | ODD).wrapping_sub(escaping)) ^ ODD;
    *carry = (ends & backslashes) >> 63 != 0;
    ends ^ (backslashes | first)
}

/// The bits below the lowest one; all if there is none.
#[inline(always)]
pub(super) const fn below(mask: u64) -> u64 {
    mask.wrapping_sub(1) & !mask
}

/// What ends a literal, and backslashes.
#[cfg(target_feature = "simd128")]
#[inline(always)]
fn kinds(bytes: &[u8; FEW]) -> [u64; 2] {
    kinds_of_vector(bytes).map(bits)
}

/// The same, each bit still a byte.
#[cfg(target_feature = "simd128")]
#[inline(always)]
fn kinds_of_vector(bytes: &[u8; FEW]) -> [std::arch::wasm32::v128; 2] {
    use std::arch::wasm32::{u8x16_eq, u8x16_le, u8x16_splat, v128_xor};

    let bytes = vector(bytes);
    // With its second bit turned a quote, 0x22, comes next behind the control characters.
    let ends = u8x16_le(v128_xor(bytes, u8x16_splat(b'"' ^ 0x20)), u8x16_splat(0x20));
    [ends, u8x16_eq(bytes, u8x16_splat(b'\\'))]
}

/// Of the bytes that are `escaped`: which may not be, and which are `u`, whose digits follow.
#[cfg(target_feature = "simd128")]
#[inline(always)]
pub(super) fn escapes(block: &[u8; BLOCK], escaped: u64) -> (u64, u64) {
    use std::arch::wasm32::{u8x16, u8x16_eq, u8x16_shr, u8x16_splat, u8x16_swizzle, v128_and};

    // A byte may be escaped if the row of its high digit is among the rows of its low digit. The rows 2, 5,
    // 6 and 7 are the bits 1, 2, 4 and 8.
    let rows = u8x16(0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0);
    let columns = u8x16(0, 0, 1 | 4 | 8, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1);
    let (mut right, mut unicode) = (0, 0);
    let (parts, _) = block.as_chunks::<FEW>();
    for part in parts.iter().rev() {
        let bytes = vector(part);
        let row = u8x16_swizzle(rows, u8x16_shr(bytes, 4));
        let column = u8x16_swizzle(columns, v128_and(bytes, u8x16_splat(0x0f)));
        let none = u8x16_eq(v128_and(row, column), u8x16_splat(0));
        right = right << FEW | (bits(none) ^ 0xffff);
        unicode = unicode << FEW | bits(u8x16_eq(bytes, u8x16_splat(b'u')));
    }
    (escaped & !right, escaped & unicode)
}

#[cfg(target_feature = "simd128")]
#[inline(always)]
fn vector(bytes: &[u8; FEW]) -> std::arch::wasm32::v128 {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *bytes;
    std::arch::wasm32::u8x16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
}

#[cfg(target_feature = "simd128")]
#[inline(always)]
fn bits(mask: std::arch::wasm32::v128) -> u64 {
    u64::from(std::arch::wasm32::u8x16_bitmask(mask))
}

/// What ends a literal, and backslashes.
#[cfg(not(target_feature = "simd128"))]
#[inline(always)]
fn kinds(bytes: &[u8; FEW]) -> [u64; 2] {
    let [[low_ends, low_backslashes], [high_ends, high_backslashes]] = words(bytes).map(kinds_of_word);
    [high_ends << 8 | low_ends, high_backslashes << 8 | low_backslashes]
}

/// Of the bytes that are `escaped`: which may not be, and which are `u`, whose digits follow.
#[cfg(not(target_feature = "simd128"))]
#[inline(always)]
pub(super) fn escapes(block: &[u8; BLOCK], escaped: u64) -> (u64, u64) {
    let (mut wrong, mut unicode) = (0, 0);
    let mut rest = escaped;
    while rest != 0 {
        let bit = rest & rest.wrapping_neg();
        match block.get(bit.trailing_zeros() as usize) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {}
            Some(b'u') => unicode |= bit,
            _ => wrong |= bit,
        }
        rest ^= bit;
    }
    (wrong, unicode)
}

/// The same as [`kinds`] for eight bytes. None borrows from the next, or carries into it: each is seven
/// bits of a sum, and its own eighth bit.
#[cfg(not(target_feature = "simd128"))]
#[inline(always)]
fn kinds_of_word(word: u64) -> [u64; 2] {
    const LOW: u64 = repeat(0x7f);
    // With its second bit turned a quote, 0x22, comes next behind the control characters.
    let turned = word ^ repeat(b'"' ^ 0x20);
    let backslash = word ^ repeat(b'\\');
    // The eighth bit of each says that it is none: greater than 0x20, and not zero.
    let others = [((turned & LOW) + repeat(0x7f - 0x20)) | turned, ((backslash & LOW) + LOW) | backslash];
    // Gathers the eighth bits in the highest byte.
    others.map(|other| ((!other & repeat(0x80)) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56)
}

/// Repeats a byte eight times.
#[cfg(not(target_feature = "simd128"))]
const fn repeat(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

#[cfg(not(target_feature = "simd128"))]
#[inline(always)]
fn words(bytes: &[u8; FEW]) -> [u64; 2] {
    let (low, high) = bytes.split_at(8);
    [low, high].map(|half| half.first_chunk().map_or(0, |word| u64::from_le_bytes(*word)))
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
                    let expected = Found {
                        ends: mask(&bytes, |byte| byte == b'"' || byte < 0x20),
                        backslashes: mask(&bytes, |byte| byte == b'\\'),
                    };
                    assert_eq!(Found::of(&bytes), expected, "{byte} at {at} in {neighbour}");
                    assert_eq!(is_plain(&bytes), !bytes.iter().any(|byte| is_special(*byte)));
                    assert_eq!(few(bytes.first_chunk().unwrap()), mask(&bytes[..FEW], is_special));
                    for escaped in [u64::MAX, 1 << at, 0] {
                        let wrong = mask(&bytes, |byte| !b"\"\\/bfnrtu".contains(&byte));
                        let unicode = mask(&bytes, |byte| byte == b'u');
                        assert_eq!(escapes(&bytes, escaped), (wrong & escaped, unicode & escaped));
                    }
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
                let mut carry = first;
                assert_eq!(escaped(backslashes, &mut carry), expected, "{backslashes:b} {first}");
                assert_eq!(carry, next);
            }
        }
    }

    #[test]
    fn what_is_below() {
        assert_eq!((below(0), below(1), below(0b1000)), (u64::MAX, 0, 0b111));
    }
}
