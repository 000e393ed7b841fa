//! A prompt's parameters on their way into a request.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use super::dialect::Placed;
use super::request::duplicate;
use crate::config;
use crate::json::{Edit, Object, Piece};
use crate::prompt::FrontMatter;
use crate::reply::LocalReply;

/// The parameters of a prompt, by the names that a request's API has for them.
#[derive(Default)]
pub(super) struct Parameters<'p> {
    /// Members of the request.
    whole: Vec<(&'p str, Cow<'p, Json>)>,
    /// Members of its members, which keep what else they hold.
    nested: Vec<Nested>,
}

struct Nested {
    field: &'static str,
    member: &'static str,
    value: Json,
}

impl<'p> Parameters<'p> {
    /// What the front matter sets as parameters, as it is written.
    pub(super) fn written(front_matter: &'p FrontMatter) -> Parameters<'p> {
        let whole = front_matter.parameters.iter();
        let whole = whole.map(|(name, value)| (name.as_str(), Cow::Borrowed(value))).collect();
        Parameters { whole, nested: Vec::new() }
    }

    /// Adds a member of the request. One that is there already stays.
    pub(super) fn set(&mut self, name: &'p str, value: Cow<'p, Json>) {
        if !self.whole.iter().any(|(known, _)| *known == name) {
            self.whole.push((name, value));
        }
    }

    /// Adds a member of the request's member `field`. One that is there already stays.
    pub(super) fn nest(&mut self, field: &'static str, member: &'static str, value: Json) {
        match self.whole.iter_mut().find(|(known, _)| *known == field) {
            Some((_, whole)) => {
                if whole.get(member).is_none()
                    && let Json::Object(members) = whole.to_mut()
                {
                    members.insert(member.to_owned(), value);
                }
            }
            None => self.nested.push(Nested { field, member, value }),
        }
    }

    /// The names of the request's members that are set.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.whole.iter().map(|(name, _)| *name).chain(self.nested.iter().map(|nested| nested.field))
    }

    /// What is to be written into the request. No member that is written may stand there twice.
    pub(super) fn place<'a>(
        self,
        object: &Object<'a>,
        winner: config::Parameters,
    ) -> Result<Vec<Placed<'a>>, LocalReply>
    where
        'p: 'a,
    {
        let client_wins = winner == config::Parameters::Client;
        let mut placed = Vec::with_capacity(self.whole.len() + self.nested.len());
        for (name, value) in self.whole {
            if client_wins && object.get(name).is_some() {
                continue;
            }
            if object.is_duplicate(name) {
                return Err(duplicate(name));
            }
            placed.push((name, Some(vec![Piece::New(value.to_string().into_bytes())])));
        }
        for field in fields(&self.nested) {
            let members = self.nested.iter().filter(|nested| nested.field == field);
            if let Some(value) = merge(object, field, members, client_wins)? {
                placed.push((field, Some(vec![Piece::New(value)])));
            }
        }
        Ok(placed)
    }
}

/// Each field once, in the order of their first members.
fn fields(nested: &[Nested]) -> Vec<&'static str> {
    let mut fields: Vec<&'static str> = Vec::new();
    for Nested { field, .. } in nested {
        if !fields.contains(field) {
            fields.push(field);
        }
    }
    fields
}

/// The new value of a member that keeps the client's members beside the prompt's; none if it stays as
/// it is.
fn merge<'n>(
    object: &Object<'_>,
    field: &'static str,
    members: impl Iterator<Item = &'n Nested>,
    client_wins: bool,
) -> Result<Option<Vec<u8>>, LocalReply> {
    if object.is_duplicate(field) {
        return Err(duplicate(field));
    }
    let given = object.get(field).map(|member| member.raw()).filter(|raw| *raw != "null");
    let Some(inner) = given.and_then(|raw| Object::scan(raw.as_bytes(), &[]).ok()) else {
        if client_wins && given.is_some() {
            return Ok(None);
        }
        let members: Map<String, Json> =
            members.map(|nested| (nested.member.to_owned(), nested.value.clone())).collect();
        return Ok(Some(Json::Object(members).to_string().into_bytes()));
    };
    let mut edit = Edit::new(&inner);
    for Nested { member, value, .. } in members {
        if inner.is_duplicate(member) {
            return Err(duplicate(&format!("{field}.{member}")));
        }
        let value = vec![Piece::New(value.to_string().into_bytes())];
        match inner.get(member) {
            Some(_) if client_wins => {}
            Some(known) => edit.replace(known, value),
            None => edit.insert(member, value),
        }
    }
    Ok((!edit.is_empty()).then(|| edit.apply()))
}
