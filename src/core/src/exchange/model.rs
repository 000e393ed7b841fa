//! The model that upstream is asked for.

use super::render::RenderedModel;
use super::replies;
use super::request::Ask;
use crate::reply::LocalReply;

/// The model that upstream is asked for.
pub(super) struct Chosen {
    pub(super) name: Option<String>,
    /// It is another text than the request has.
    pub(super) new: bool,
    /// The route may depend on it.
    pub(super) routable: bool,
}

impl Chosen {
    /// The front matter's, else the binding's, else the request's without its prefix.
    pub(super) fn new(ask: &Ask<'_, '_>, rendered: Option<RenderedModel>) -> Result<Chosen, LocalReply> {
        if let Some(RenderedModel { name, routable }) = rendered {
            return Ok(Chosen { name: Some(name), new: true, routable });
        }
        if let Some(model) = ask.binding.and_then(|binding| binding.model.as_deref()) {
            return Ok(Chosen { name: Some(model.to_owned()), new: true, routable: true });
        }
        if ask.prefixed && ask.model.as_deref() == Some("") {
            return Err(replies::no_model());
        }
        Ok(Chosen { name: ask.model.clone(), new: ask.prefixed, routable: true })
    }
}
