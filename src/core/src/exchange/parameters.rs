//! A prompt's parameters on their way into a request.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::dialect::Placed;
use super::replies;
use crate::config::Parameters as Winner;
use crate::json::{Edit, MAX_MEMBERS, Object, Piece};
use crate::prompt::FrontMatter;
use crate::reply::LocalReply;

/// The parameters of a prompt, by the names that a request's API has for them.
#[derive(Default)]
pub(super) struct Parameters<'p> {
    /// Members of the request.
    whole: Vec<(&'p str, Cow<'p, Json>)>,
    /// Members of its members, which keep what else they hold.
    nested: IndexMap<&'static str, Map<String, Json>>,
}

impl<'p> Parameters<'p> {
    /// What the front matter sets as parameters, as it is written.
    pub(super) fn written(front_matter: &'p FrontMatter) -> Parameters<'p> {
        let whole = front_matter.parameters.iter();
        let whole = whole.map(|(name, value)| (name.as_str(), Cow::Borrowed(value))).collect();
        Parameters { whole, nested: IndexMap::new() }
    }

    /// Adds a member of the request. One that is there already stays.
    pub(super) fn set(&mut self, name: &'p str, value: Cow<'p, Json>) {
        if !self.whole.iter().any(|(known, _)| *known == name) {
            self.whole.push((name, value));
        }
    }

    /// Adds a member of the request's member `field`. One that is there already stays.
    pub(super) fn nest(&mut self, field: &'static str, member: &str, value: Json) {
        self.nested.entry(field).or_default().entry(member).or_insert(value);
    }

    /// Has an object that is set as the member `field` take its place member by member, so that the
    /// client's other members of it stay. Its members come before those that were nested.
    pub(super) fn merge(&mut self, field: &'static str) {
        let Some(at) = self.whole.iter().position(|(known, value)| *known == field && value.is_object())
        else {
            return;
        };
        let (_, value) = self.whole.remove(at);
        if let Json::Object(mut members) = value.into_owned() {
            for (member, value) in self.nested.swap_remove(field).unwrap_or_default() {
                members.entry(member).or_insert(value);
            }
            self.nested.insert(field, members);
        }
    }

    /// The names of the request's members that are set.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.whole.iter().map(|(name, _)| *name).chain(self.nested.keys().copied())
    }

    /// What is to be written into the request. No member that is written may stand there twice.
    pub(super) fn place<'a>(self, object: &Object<'a>, winner: Winner) -> Result<Vec<Placed<'a>>, LocalReply>
    where
        'p: 'a,
    {
        let client_wins = winner == Winner::Client;
        let mut placed = Vec::with_capacity(self.whole.len() + self.nested.len());
        for (name, value) in self.whole {
            if client_wins && object.get(name).is_some() {
                continue;
            }
            if object.is_duplicate(name) {
                return Err(replies::duplicate(name));
            }
            placed.push((name, Some(vec![Piece::New(written(&value))])));
        }
        for (field, members) in self.nested {
            if let Some(value) = merged(object, field, members, client_wins)? {
                placed.push((field, Some(vec![Piece::New(value)])));
            }
        }
        Ok(placed)
    }
}

/// The new value of a member that keeps the client's members beside the prompt's; none if it stays as
/// it is.
fn merged(
    object: &Object<'_>,
    field: &str,
    members: Map<String, Json>,
    client_wins: bool,
) -> Result<Option<Vec<u8>>, LocalReply> {
    if object.is_duplicate(field) {
        return Err(replies::duplicate(field));
    }
    let given = object.given(field);
    let Some(inner) = given.and_then(|raw| Object::scan(raw, &[]).ok()) else {
        let stays = client_wins && given.is_some();
        return Ok((!stays).then(|| written(&members)));
    };
    if inner.len() > MAX_MEMBERS {
        return Err(replies::too_many_members(&format!("`{field}`")));
    }
    let mut edit = Edit::new(&inner);
    for (member, value) in members {
        if inner.is_duplicate(&member) {
            return Err(replies::duplicate(&format!("{field}.{member}")));
        }
        let value = vec![Piece::New(written(&value))];
        match inner.get(&member) {
            Some(_) if client_wins => {}
            Some(known) => edit.replace(known, value),
            None => edit.insert(&member, value),
        }
    }
    Ok((!edit.is_empty()).then(|| edit.apply()))
}

/// A value as JSON. Every one of serde_json's can be written.
fn written(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
