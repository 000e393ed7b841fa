//! What a configuration needs of the program that reads it.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Whoever reads a configuration.
///
/// A gateway reads the same text once for each of its workers. To hash a large bundle is most of that
/// work, so that a host may remember which texts were found good.
pub trait Host {
    /// The value of an environment variable.
    fn variable(&self, name: &str) -> Option<String>;

    /// Whether the bundle in the text of this fingerprint was found to have its revision.
    fn has_verified(&self, fingerprint: u64) -> bool {
        let _ = fingerprint;
        false
    }

    /// The bundle in the text of this fingerprint has its revision.
    fn verified(&self, fingerprint: u64) {
        let _ = fingerprint;
    }
}

/// A host that has an environment and no memory.
impl<F: Fn(&str) -> Option<String>> Host for F {
    fn variable(&self, name: &str) -> Option<String> {
        self(name)
    }
}

/// Whether the revision of a bundle is compared with its prompts.
#[derive(Clone, Copy)]
pub(crate) enum Verification<'v> {
    /// It is.
    Needed,
    /// It was.
    Done,
    /// Unless this host knows that it was, for this very text.
    Once(&'v dyn Host, &'v str),
}

impl Verification<'_> {
    /// Whether the revision is right; `verify` finds out.
    pub(super) fn holds(self, verify: impl FnOnce() -> bool) -> bool {
        match self {
            Verification::Needed => verify(),
            Verification::Done => true,
            Verification::Once(host, text) => {
                // Its keys are fixed, and it is no cryptographic hash. It need be none: whoever writes
                // the text could as well write the right revision into it.
                let mut hasher = DefaultHasher::new();
                text.hash(&mut hasher);
                let fingerprint = hasher.finish();
                if host.has_verified(fingerprint) {
                    return true;
                }
                let holds = verify();
                if holds {
                    host.verified(fingerprint);
                }
                holds
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use serde_json::json;

    use super::*;
    use crate::catalog::digest;
    use crate::config::Config;

    #[derive(Default)]
    struct Memory(RefCell<Vec<u64>>);

    impl Host for Memory {
        fn variable(&self, _: &str) -> Option<String> {
            None
        }

        fn has_verified(&self, fingerprint: u64) -> bool {
            self.0.borrow().contains(&fingerprint)
        }

        fn verified(&self, fingerprint: u64) {
            self.0.borrow_mut().push(fingerprint);
        }
    }

    fn text(prompt: &str, revision: &str) -> Vec<u8> {
        json!({"bundle": {"revision": revision, "prompts": {"p": prompt}}}).to_string().into_bytes()
    }

    #[test]
    fn a_text_is_verified_once() {
        let memory = Memory::default();
        let right = digest(&json!({"p": "User: hi"}));
        for _ in 0..3 {
            assert!(Config::parse_with(text("User: hi", &right), &memory).is_ok());
            assert_eq!(memory.0.borrow().len(), 1);
        }
        // Another text is another matter, and a wrong one is not remembered.
        for _ in 0..2 {
            assert!(Config::parse_with(text("User: ho", &right), &memory).is_err());
            assert_eq!(memory.0.borrow().len(), 1);
        }
        // Whatever the host knows is not looked at again.
        let wrong = text("User: ho", &right);
        let mut hasher = DefaultHasher::new();
        std::str::from_utf8(&wrong).unwrap().hash(&mut hasher);
        memory.verified(hasher.finish());
        assert!(Config::parse_with(wrong, &memory).is_ok());
    }
}
