//! What all requests of a configuration share.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use promptgate_core::config::Config;
use promptgate_core::exchange::Refusal;
use promptgate_core::reply::Code;

use crate::hub::Hub;
use crate::metrics::Metrics;

/// How many different faults of prompts are logged under one configuration.
const MAX_LOGGED: usize = 1_000;

/// A configuration, and what goes with it. Requests keep the one with which they began.
pub(crate) struct Plugin {
    pub(crate) config: Rc<Config>,
    /// Where prompts are looked for that the configuration does not bring.
    pub(crate) hub: Option<Rc<Hub>>,
    pub(crate) metrics: Rc<Metrics>,
    logged: RefCell<HashSet<String>>,
}

impl Plugin {
    pub(crate) fn new(config: Config, metrics: Rc<Metrics>, hub: Option<Rc<Hub>>) -> Plugin {
        Plugin { config: Rc::new(config), hub, metrics, logged: RefCell::default() }
    }

    /// Logs what is wrong with a prompt, once: the message tells its id, kind of fault, line and
    /// column, and nothing of its text or of a request.
    pub(crate) fn log_fault(&self, refusal: &Refusal) {
        if refusal.reply.code != Code::PromptRenderFailed {
            return;
        }
        let line = refusal.reply.message.clone();
        let mut logged = self.logged.borrow_mut();
        if logged.len() < MAX_LOGGED && !logged.contains(&line) {
            log::warn!("{line}");
            logged.insert(line);
        }
    }
}
