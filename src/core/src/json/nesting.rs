//! Which brackets are open, in one bit each: a body of ten million `[` costs 1.25 MB of heap and no
//! stack.

/// What a value stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Array,
    Object,
}

/// The open containers, innermost last.
#[derive(Default)]
pub(super) struct Nesting {
    depth: usize,
    /// The innermost containers, at most 64, the innermost in the lowest bit: 1 is an object.
    inner: u64,
    /// Those around them, in groups of 64.
    outer: Vec<u64>,
}

impl Nesting {
    #[inline]
    pub(super) fn push(&mut self, container: Container) {
        if self.depth != 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.inner);
        }
        self.depth += 1;
        self.inner = (self.inner << 1) | u64::from(container == Container::Object);
    }

    #[inline]
    pub(super) fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.inner >>= 1;
        if self.depth.is_multiple_of(64) {
            self.inner = self.outer.pop().unwrap_or(0);
        }
    }

    #[inline]
    pub(super) fn innermost(&self) -> Option<Container> {
        match (self.depth, self.inner & 1) {
            (0, _) => None,
            (_, 0) => Some(Container::Array),
            _ => Some(Container::Object),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_every_level() {
        for depth in [0, 1, 2, 63, 64, 65, 127, 128, 129, 1_000] {
            let pattern = |level: usize| match level % 3 {
                0 => Container::Object,
                _ => Container::Array,
            };
            let mut nesting = Nesting::default();
            for level in 0..depth {
                nesting.push(pattern(level));
                // Back and forth over the border of a group.
                nesting.push(Container::Object);
                nesting.push(Container::Array);
                nesting.pop();
                nesting.pop();
            }
            for level in (0..depth).rev() {
                assert_eq!(nesting.innermost(), Some(pattern(level)), "{level} of {depth}");
                nesting.pop();
            }
            assert_eq!(nesting.innermost(), None);
        }
    }
}
