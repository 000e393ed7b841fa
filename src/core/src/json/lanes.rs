//! Sixteen bytes at once, with the instructions that WebAssembly has for it, and elsewhere with ordinary
//! numbers. Answers to questions have the highest bit of each byte set for yes.

/// How many bytes they are.
pub(crate) const FEW: usize = 16;

/// Sixteen bytes.
#[derive(Clone, Copy)]
pub(crate) struct Lanes(machine::Bytes);

impl Lanes {
    #[inline(always)]
    pub(crate) fn new(bytes: &[u8; FEW]) -> Lanes {
        Lanes(machine::load(bytes))
    }

    /// The same byte everywhere.
    #[inline(always)]
    pub(crate) fn all(byte: u8) -> Lanes {
        Lanes(machine::splat(byte))
    }

    /// Which are this byte.
    #[inline(always)]
    pub(crate) fn equal(self, byte: u8) -> Lanes {
        Lanes(machine::equal(self.0, machine::splat(byte)))
    }

    /// Which are below a byte, which is not zero.
    #[inline(always)]
    pub(crate) fn below(self, limit: u8) -> Lanes {
        let least = machine::min(self.0, machine::splat(limit.wrapping_sub(1)));
        Lanes(machine::equal(least, self.0))
    }

    /// The lesser one of each pair.
    #[inline(always)]
    pub(crate) fn min(self, other: Lanes) -> Lanes {
        Lanes(machine::min(self.0, other.0))
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Lanes) -> Lanes {
        Lanes(machine::or(self.0, other.0))
    }

    #[inline(always)]
    pub(crate) fn and(self, other: Lanes) -> Lanes {
        Lanes(machine::and(self.0, other.0))
    }

    /// Each less a byte, from above again below zero.
    #[inline(always)]
    pub(crate) fn less(self, byte: u8) -> Lanes {
        Lanes(machine::subtract(self.0, machine::splat(byte)))
    }

    /// Each less a byte, and at least zero.
    #[inline(always)]
    pub(crate) fn less_at_most(self, byte: u8) -> Lanes {
        Lanes(machine::subtract_saturating(self.0, machine::splat(byte)))
    }

    /// The highest bit of each, after one to three that are shifted out.
    #[inline(always)]
    pub(crate) fn high_bits_behind(self, bits: u32) -> u64 {
        // What comes over from a neighbour stays below the highest bit.
        Lanes(machine::shift_left(self.0, bits)).high_bits()
    }

    /// The highest bit of each, that of the first the lowest.
    #[inline(always)]
    pub(crate) fn high_bits(self) -> u64 {
        machine::high_bits(self.0)
    }
}

#[cfg(target_feature = "simd128")]
mod machine {
    pub(super) use std::arch::wasm32::{
        u8x16_eq as equal, u8x16_min as min, u8x16_splat as splat, u8x16_sub as subtract,
        u8x16_sub_sat as subtract_saturating, u16x8_shl as shift_left, v128 as Bytes, v128_and as and,
        v128_or as or,
    };

    #[inline(always)]
    pub(super) fn load(bytes: &[u8; super::FEW]) -> Bytes {
        // Of single bytes compilers make one load each where several loads overlap.
        match bytes.as_chunks().0 {
            [low, high] => std::arch::wasm32::u64x2(u64::from_le_bytes(*low), u64::from_le_bytes(*high)),
            _ => splat(0),
        }
    }

    #[inline(always)]
    pub(super) fn high_bits(bytes: Bytes) -> u64 {
        u64::from(std::arch::wasm32::u8x16_bitmask(bytes))
    }
}

/// Two numbers of eight bytes each. None of them borrows from the next or carries into it: sums and
/// differences are those of seven bits, and the eighth is looked at by itself.
#[cfg(not(target_feature = "simd128"))]
mod machine {
    pub(super) type Bytes = [u64; 2];

    const HIGH: u64 = repeat(0x80);

    #[inline(always)]
    pub(super) fn load(bytes: &[u8; super::FEW]) -> Bytes {
        match bytes.as_chunks().0 {
            [low, high] => [u64::from_le_bytes(*low), u64::from_le_bytes(*high)],
            _ => [0; 2],
        }
    }

    #[inline(always)]
    pub(super) fn splat(byte: u8) -> Bytes {
        [repeat(byte); 2]
    }

    #[inline(always)]
    pub(super) fn equal(one: Bytes, other: Bytes) -> Bytes {
        each(one, other, |one, other| {
            let difference = one ^ other;
            !(((difference & !HIGH) + !HIGH) | difference) & HIGH
        })
    }

    #[inline(always)]
    pub(super) fn min(one: Bytes, other: Bytes) -> Bytes {
        each(one, other, least)
    }

    #[inline(always)]
    pub(super) fn or(one: Bytes, other: Bytes) -> Bytes {
        each(one, other, |one, other| one | other)
    }

    #[inline(always)]
    pub(super) fn and(one: Bytes, other: Bytes) -> Bytes {
        each(one, other, |one, other| one & other)
    }

    #[inline(always)]
    pub(super) fn subtract(one: Bytes, other: Bytes) -> Bytes {
        each(one, other, |one, other| difference(one, other) ^ ((one ^ !other) & HIGH))
    }

    #[inline(always)]
    pub(super) fn subtract_saturating(one: Bytes, other: Bytes) -> Bytes {
        each(one, other, |one, other| one - least(one, other))
    }

    #[inline(always)]
    pub(super) fn shift_left([low, high]: Bytes, bits: u32) -> Bytes {
        [low << bits, high << bits]
    }

    #[inline(always)]
    pub(super) fn high_bits([low, high]: Bytes) -> u64 {
        // A multiplication gathers them in the highest byte.
        let gathered = |word: u64| ((word & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        gathered(high) << 8 | gathered(low)
    }

    /// The lesser byte of each pair.
    #[inline(always)]
    fn least(one: u64, other: u64) -> u64 {
        let is_other = ((one & !other) | (!(one ^ other) & difference(one, other))) & HIGH;
        let bytes = (is_other >> 7).wrapping_mul(0xff);
        (other & bytes) | (one & !bytes)
    }

    /// Each byte's lower seven bits less those of the other, and the eighth set if that is not below zero.
    #[inline(always)]
    fn difference(one: u64, other: u64) -> u64 {
        (one | HIGH) - (other & !HIGH)
    }

    #[inline(always)]
    fn each([a, b]: Bytes, [c, d]: Bytes, make: impl Fn(u64, u64) -> u64) -> Bytes {
        [make(a, c), make(b, d)]
    }

    const fn repeat(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
}
