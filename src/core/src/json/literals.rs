//! The string literals of a JSON text: where each ends, and whether what is in them may be there.
//!
//! Most of a large request is text inside of literals. It is looked at once, in blocks and from the
//! beginning to the end; the grammar only asks where the literal ends that it is in, and goes on there.

use super::block::{self, BLOCK, Block};

/// How many blocks are looked at in advance: their text is still in the processor's first cache when
/// the grammar comes to it.
const AHEAD: usize = 128;

/// The literals of a text.
pub(super) struct Literals<'a> {
    text: &'a [u8],
    /// For each block that is looked at which of its bytes are quotes that are not escaped.
    quotes: [u64; AHEAD],
    /// The first of those blocks.
    first: usize,
    /// The one behind them.
    next: usize,
    reader: Reader,
}

impl<'a> Literals<'a> {
    pub(super) fn new(text: &'a [u8]) -> Literals<'a> {
        Literals { text, quotes: [0; AHEAD], first: 0, next: 0, reader: Reader::default() }
    }

    /// The text that they are in.
    #[inline(always)]
    pub(super) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// The first quote from an offset on, which is inside of a literal, that is not escaped. Offsets may
    /// only grow from one call to the next.
    #[inline(always)]
    pub(super) fn closing_quote(&mut self, at: usize) -> Option<usize> {
        let block = at / BLOCK;
        let quotes = self.quotes.get(block.wrapping_sub(self.first)).copied().unwrap_or(0);
        match quotes & u64::MAX << (at % BLOCK) {
            0 => self.later_quote(at),
            found => Some(block * BLOCK + found.trailing_zeros() as usize),
        }
    }

    /// The same where it is not in the block of the offset, or that has not been looked at.
    #[inline(never)]
    fn later_quote(&mut self, at: usize) -> Option<usize> {
        let mut block = at / BLOCK;
        let mut wanted = u64::MAX << (at % BLOCK);
        loop {
            // What lies before them is forgotten.
            let known = block.checked_sub(self.first)?..self.next - self.first;
            for quotes in self.quotes.get(known).unwrap_or_default() {
                let found = quotes & wanted;
                if found != 0 {
                    return Some(block * BLOCK + found.trailing_zeros() as usize);
                }
                wanted = u64::MAX;
                block += 1;
            }
            self.look_ahead(block)?;
        }
    }

    /// Whether all that was looked at is UTF-8, escaped as it has to be, and free of control characters in
    /// literals. To be asked once the grammar has accepted the whole text: what has not been looked at until
    /// then is outside of literals, where the grammar itself knows every byte.
    pub(super) fn are_valid(&self) -> bool {
        self.reader.wrong == 0
    }

    /// Looks at the next blocks, this one among them. None if the text has no such block.
    fn look_ahead(&mut self, block: usize) -> Option<()> {
        while self.next <= block {
            let rest = self.text.get(self.next * BLOCK..).filter(|rest| !rest.is_empty())?;
            let (blocks, tail) = rest.as_chunks();
            let mut quotes = self.quotes.iter_mut();
            // Not the other way around: that would take one from what is left for the tail.
            for (bytes, quotes) in blocks.iter().zip(&mut quotes) {
                *quotes = self.reader.read(Block::new(bytes));
            }
            self.first = self.next;
            self.next += blocks.len().min(AHEAD);
            if !tail.is_empty()
                && let Some(quotes) = quotes.next()
            {
                let mut last = [b' '; BLOCK];
                last.iter_mut().zip(tail).for_each(|(to, from)| *to = *from);
                *quotes = self.reader.read(Block::new(&last));
                self.next += 1;
            }
            quotes.for_each(|quotes| *quotes = 0);
        }
        Some(())
    }
}

/// What is known of a text between two of its blocks.
#[derive(Default)]
struct Reader {
    /// 1 if the next block's first byte is escaped.
    escaped: u64,
    /// Which of the next block's first bytes have to be hexadecimal digits.
    digits: u64,
    /// All bits if the next block begins inside of a literal.
    inside: u64,
    /// Which of the next block's first bytes have to be continuation bytes of UTF-8.
    continued: u64,
    /// The last byte begins a sequence of UTF-8, and restricts the next byte.
    rare: Rare,
    /// Bits of whatever was wrong.
    wrong: u64,
}

/// Where each of these bytes stands; between two blocks only whether it is the last byte.
#[derive(Clone, Copy, Default)]
struct Rare {
    e0: u64,
    ed: u64,
    f0: u64,
    f4: u64,
}

impl Reader {
    /// Reads a block; says which of its bytes are quotes that are not escaped.
    #[inline(always)]
    fn read(&mut self, block: Block) -> u64 {
        let mut quotes = block.equal(b'"');
        let backslashes = block.equal(b'\\');
        if backslashes | self.escaped | self.digits != 0 {
            let escaped = block::escaped(backslashes, &mut self.escaped);
            // Nearly all escapes are those of quotes, backslashes and line breaks.
            let others = escaped & !(quotes | backslashes | block.equal(b'n'));
            quotes &= !escaped;
            if others | self.digits != 0 {
                self.check_escapes(block, others);
            }
        }
        if block.has_control() {
            self.wrong |= (block::between(quotes) ^ self.inside) & block.controls();
        }
        self.inside ^= 0_u64.wrapping_sub(u64::from(quotes.count_ones() & 1));
        if block.has_high() {
            self.check_unicode(block);
        } else {
            self.wrong |= self.continued;
        }
        quotes
    }

    /// Checks bytes that follow a backslash and are none of those that nearly all are.
    #[inline(never)]
    fn check_escapes(&mut self, block: Block, escaped: u64) {
        let unicode = escaped & block.equal(b'u');
        let digits = (1..=4).fold(0, |digits, distance| digits | u128::from(unicode) << distance);
        let wrong_digits = (digits as u64 | self.digits) & !block.hexadecimal();
        self.wrong |= escaped & !(unicode | block.among(*b"/bfrt")) | wrong_digits;
        self.digits = (digits >> 64) as u64;
    }

    /// Checks that a block which is not all ASCII is UTF-8 (RFC 3629, 4).
    #[inline(always)]
    fn check_unicode(&mut self, block: Block) {
        let high = block.bits_behind::<0>();
        let leads = high & block.bits_behind::<1>();
        let third = block.bits_behind::<2>();
        let three = leads & third;
        let continued = leads << 1 | three << 2 | self.continued;
        let next = leads >> 63 | three >> 62;
        let Rare { e0, ed, f0, f4 } = self.rare;
        if block.has_rare_lead() || e0 | ed | f0 | f4 != 0 {
            self.check_rare(block, third, (leads, continued, next));
        } else {
            self.wrong |= continued ^ (high ^ leads);
            self.continued = next;
        }
    }

    /// The same where what may follow depends on the first byte of a sequence. `third` is the third highest
    /// bit of each byte; then come the bytes that begin a sequence, and those of this block and the next that
    /// have to continue one, as far as those of two and three bytes say.
    #[inline(never)]
    fn check_rare(&mut self, block: Block, third: u64, (leads, continued, next): (u64, u64, u64)) {
        let fourth = block.bits_behind::<3>();
        let four = leads & third & fourth;
        let now = Rare {
            e0: block.equal(0xe0),
            ed: block.equal(0xed),
            f0: block.equal(0xf0),
            f4: block.equal(0xf4),
        };
        let behind = |now: u64, before: u64| now << 1 | before >> 63;
        let before = self.rare;
        // Shorter ones exist, or these are halves of surrogate pairs, or beyond what Unicode has.
        self.wrong |= behind(now.e0, before.e0) & !third
            | behind(now.ed, before.ed) & third
            | behind(now.f0, before.f0) & !(third | fourth)
            | behind(now.f4, before.f4) & (third | fourth)
            | block.overlong()
            | block.at_least(0xf5)
            | (continued | four << 3) ^ (block.bits_behind::<0>() ^ leads);
        self.rare = Rare { e0: now.e0 & LAST, ed: now.ed & LAST, f0: now.f0 & LAST, f4: now.f4 & LAST };
        self.continued = next | four >> 61;
    }
}

/// The last byte of a block.
const LAST: u64 = 1 << 63;

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a text is a valid literal, quotes included.
    fn is_literal(text: &[u8]) -> bool {
        let mut literals = Literals::new(text);
        text.first() == Some(&b'"')
            && literals.closing_quote(1) == Some(text.len() - 1)
            && literals.are_valid()
    }

    /// The same, as serde_json sees it.
    fn expected(text: &[u8]) -> bool {
        let raw = serde_json::from_slice::<&serde_json::value::RawValue>(text);
        raw.is_ok_and(|raw| raw.get().len() == text.len())
    }

    #[test]
    fn parts_are_right_or_wrong_at_every_offset() {
        let right: [&[u8]; 12] = [
            b"",
            b"\\\"",
            b"\\\\",
            b"\\n",
            b"\\u00e9\\uD83d",
            b"\\\\\\\"",
            "é".as_bytes(),
            "€“”".as_bytes(),
            "\u{800}\u{d7ff}\u{e000}".as_bytes(),
            "\u{10000}\u{10ffff}🙂".as_bytes(),
            b"\x7f",
            b"\\/\\b\\f\\r\\t",
        ];
        let wrong: [&[u8]; 26] = [
            b"\n",
            b"\0",
            b"\x1f",
            b"\\x",
            b"\\",
            b"\\u12",
            b"\\u123g",
            b"\\U1234",
            b"\x80",
            b"\xbf",
            b"\xc3",
            b"\xc3\xc3\xa9",
            b"\xc0\x80",
            b"\xc1\xbf",
            b"\xe0\x9f\xbf",
            b"\xed\xa0\x80",
            b"\xe2\x82",
            b"\xf0\x8f\xbf\xbf",
            b"\xf4\x90\x80\x80",
            b"\xf5\x80\x80\x80",
            b"\xff",
            b"\xf0\x9f\x99",
            b"\xe2\x82\xac\x80",
            b"\xe2x\x82",
            b"\xf0\x9fx\x99\x82",
            b"\xe2\x82\xe2\x82\xac",
        ];
        let border = BLOCK * AHEAD;
        for before in (0..2 * BLOCK).chain(border - 10..border + 10) {
            for behind in [0, 1, 3, BLOCK, 9_000] {
                for (part, is_right) in
                    right.map(|part| (part, true)).into_iter().chain(wrong.map(|part| (part, false)))
                {
                    let text =
                        [b"\"", "x".repeat(before).as_bytes(), part, "y".repeat(behind).as_bytes(), b"\""]
                            .concat();
                    let is_valid = is_literal(&text);
                    assert_eq!(is_valid, expected(&text), "{part:?} at {before}, then {behind}");
                    // A backslash escapes the closing quote, or the `y`.
                    assert_eq!(is_valid, is_right, "{part:?} at {before}, then {behind}");
                }
            }
        }
    }

    #[test]
    fn every_sequence_of_three_bytes_is_judged_as_by_the_standard_library() {
        for at in [0, BLOCK - 3, BLOCK - 2, BLOCK - 1] {
            for lead in 0x80..=u8::MAX {
                for second in [b'x', 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xe1] {
                    for third in [b'x', 0x80, 0xbf, 0xc3, 0xf1] {
                        for fourth in [b'x', 0x80, 0xbf] {
                            let text =
                                [b"\"", "x".repeat(at).as_bytes(), &[lead, second, third, fourth], b"z\""]
                                    .concat();
                            assert_eq!(is_literal(&text), str::from_utf8(&text).is_ok(), "{text:x?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn ends_are_found_in_order_however_long_a_text_is() {
        let mut text = Vec::new();
        let mut ends = Vec::new();
        for length in (0..3 * BLOCK).chain([BLOCK * AHEAD - 1, BLOCK * AHEAD, 3 * BLOCK * AHEAD]) {
            text.push(b'"');
            text.extend("\\\"".repeat(length / 2).bytes().chain("x".repeat(length % 2).bytes()));
            ends.push(text.len());
            text.extend_from_slice(b"\",");
        }
        let mut literals = Literals::new(&text);
        let mut at = 0;
        for end in ends {
            assert_eq!(literals.closing_quote(at + 1), Some(end));
            at = end + 2;
        }
        assert_eq!(literals.closing_quote(at), None);
        assert_eq!(literals.closing_quote(at + 9 * BLOCK), None);
        assert!(literals.are_valid());
    }

    #[test]
    fn a_literal_that_begins_with_the_last_byte_has_no_end() {
        for length in [BLOCK, BLOCK * AHEAD, BLOCK * (AHEAD + 1), 2 * BLOCK * AHEAD] {
            // Quotes everywhere, so that one that is left over from before would be found.
            let mut text = "\"\"".repeat(length / 2);
            text.replace_range(length - 2.., " \"");
            let mut literals = Literals::new(text.as_bytes());
            for quote in (0..length - 2).step_by(2) {
                assert_eq!(literals.closing_quote(quote + 1), Some(quote + 1));
            }
            assert_eq!(literals.closing_quote(length), None, "{length}");
        }
    }

    #[test]
    fn what_lies_far_before_is_forgotten() {
        let text = format!("\"a\"{}\"b\"", " ".repeat(2 * BLOCK * AHEAD));
        let mut literals = Literals::new(text.as_bytes());
        assert_eq!(literals.closing_quote(text.len() - 2), Some(text.len() - 1));
        assert_eq!(literals.closing_quote(1), None);
    }

    #[test]
    fn control_characters_may_stand_between_literals() {
        let text = format!("\"a\"{}\"b\"", "\n\t\r".repeat(100));
        let mut literals = Literals::new(text.as_bytes());
        assert_eq!(literals.closing_quote(1), Some(2));
        assert_eq!(literals.closing_quote(304), Some(305));
        assert!(literals.are_valid());
    }
}
