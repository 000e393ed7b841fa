//! How a stream has the root context called at once.
//!
//! Callouts are the root context's. A timer would call it, too, but a millisecond or two later; what
//! is put into a shared queue is delivered in the next turn of the worker's event loop.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use crate::host;

/// How soon a timer calls the root context where there is no queue, in milliseconds.
pub(crate) const SOON: u32 = 1;

thread_local! {
    /// The queue of this worker. Queues have names that all workers share, so each takes one by chance.
    static NAME: String = format!("promptgate wake {:016x}", RandomState::new().build_hasher().finish());
    /// It, and the root context that is told of what comes into it.
    static QUEUE: Cell<Option<Queue>> = const { Cell::new(None) };
    /// Whether the root context is about to be called.
    static CALLED: Cell<bool> = const { Cell::new(false) };
    /// Whether it is the timer that will call it.
    static TIMED: Cell<bool> = const { Cell::new(false) };
}

#[derive(Clone, Copy)]
struct Queue {
    id: u32,
    root: u32,
}

/// Has the calling root context woken from now on, in place of the one before.
pub(crate) fn register(root: u32) {
    let queue = NAME.with(|name| host::register_shared_queue(name));
    if let Err(refused) = &queue {
        log::warn!("registry: the host has no queue, so that prompts are fetched a little later: {refused}");
    }
    QUEUE.set(queue.ok().map(|id| Queue { id, root }));
    CALLED.set(false);
}

/// The same if no other root context is woken.
pub(crate) fn take_over(root: u32) {
    if QUEUE.get().is_none() {
        register(root);
    }
}

/// A root context ends. Several plugins may share this machine, so that others may be left.
pub(crate) fn ended(root: u32) {
    if QUEUE.get().is_some_and(|queue| queue.root == root) {
        QUEUE.set(None);
        CALLED.set(false);
    }
}

/// Has the root context called.
pub(crate) fn call() {
    if CALLED.replace(true) {
        return;
    }
    let queued = QUEUE.get().is_some_and(|queue| host::enqueue_shared_queue(queue.id, &[]).is_ok());
    if !queued {
        TIMED.set(true);
        // Should the host refuse this, too, the next tick is a second away.
        let _ = host::set_tick_period(SOON);
    }
}

/// Whether the root context is about to be called by the timer.
pub(crate) fn is_timed() -> bool {
    TIMED.get()
}

/// The root context has been called, be it by the queue or by the timer.
pub(crate) fn called() {
    CALLED.set(false);
    TIMED.set(false);
    let Some(queue) = QUEUE.get() else { return };
    while host::dequeue_shared_queue(queue.id).is_ok_and(|item| item.is_some()) {}
}
