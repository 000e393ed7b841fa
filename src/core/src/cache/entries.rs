//! Tables that forget what has not been asked for the longest.

use std::num::NonZeroUsize;
use std::rc::Rc;
use std::time::Duration;

use lru::LruCache;

use super::Key;
use super::stored::Stored;
use crate::config::CacheLimits;

/// What an entry takes beside its prompt: the key, the structures.
const OVERHEAD: usize = 512;

/// A prompt, and how it is kept.
pub(super) struct Item {
    pub(super) stored: Rc<Stored>,
    weight: usize,
    pub(super) etag: Option<String>,
    /// When the registry last said that it is right.
    pub(super) checked: Duration,
    /// Not before then is it asked for again, after a failure.
    pub(super) retry: Duration,
}

impl Item {
    pub(super) fn new(stored: Rc<Stored>, etag: Option<String>, now: Duration) -> Item {
        let weight = stored.weight().saturating_add(OVERHEAD);
        Item { stored, weight, etag, checked: now, retry: Duration::ZERO }
    }
}

/// The prompts, bounded by number and by bytes.
pub(super) struct Entries {
    items: LruCache<Key, Item>,
    limits: CacheLimits,
    bytes: usize,
}

impl Entries {
    pub(super) fn new(limits: CacheLimits) -> Entries {
        Entries { items: LruCache::unbounded(), limits, bytes: 0 }
    }

    pub(super) fn get(&mut self, key: &str) -> Option<&Item> {
        self.items.get(key)
    }

    pub(super) fn get_mut(&mut self, key: &Key) -> Option<&mut Item> {
        self.items.get_mut(key)
    }

    /// Puts a prompt in, and others out until it fits. One that is too large by itself is not kept.
    pub(super) fn insert(&mut self, key: &Key, item: Item) {
        self.remove(key);
        let weight = item.weight;
        if weight > self.limits.bytes {
            return;
        }
        while self.items.len() >= self.limits.entries || self.bytes.saturating_add(weight) > self.limits.bytes
        {
            match self.items.pop_lru() {
                Some((_, old)) => self.bytes = self.bytes.saturating_sub(old.weight),
                None => return,
            }
        }
        self.bytes = self.bytes.saturating_add(weight);
        self.items.put(key.clone(), item);
    }

    pub(super) fn remove(&mut self, key: &Key) {
        if let Some(old) = self.items.pop(key) {
            self.bytes = self.bytes.saturating_sub(old.weight);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// A small table of a fixed size.
pub(super) struct Bounded<V>(LruCache<Key, V>);

impl<V> Bounded<V> {
    pub(super) fn new(size: usize) -> Bounded<V> {
        Bounded(LruCache::new(NonZeroUsize::new(size).unwrap_or(NonZeroUsize::MIN)))
    }

    pub(super) fn get(&mut self, key: &str) -> Option<&V> {
        self.0.get(key)
    }

    pub(super) fn insert(&mut self, key: &Key, value: V) {
        self.0.put(key.clone(), value);
    }

    pub(super) fn remove(&mut self, key: &Key) {
        self.0.pop(key);
    }
}
