//! Asking for prompts.

use std::rc::Rc;

use promptgate_core::catalog::{Entry, Reference, Selector};
use promptgate_core::config::Registry;
use promptgate_core::registry::{Content, FetchError, MAX_ANSWER, MAX_BUNDLE, Request};
use serde_json::Value;

use crate::failure::Failure;
use crate::output;
use crate::registry::{Answer, Connection};

const SETTINGS: &str = "`registry.…` are settings of --config; --set changes them";

/// Asks one registry.
pub(super) struct Fetcher {
    pub(super) registry: Rc<Registry>,
    pub(super) connection: Connection,
    /// The revision of the bundle that came.
    pub(super) revision: Option<String>,
}

/// One version of a prompt.
pub(super) struct Pulled {
    pub(super) id: String,
    pub(super) version: u32,
    /// The text as the registry has it.
    pub(super) text: String,
    pub(super) labels: Labels,
}

/// What the registry says about a version's labels.
pub(super) enum Labels {
    /// These and no others.
    All(Vec<String>),
    /// This one, and maybe others.
    One(String),
    /// Nothing.
    Unknown,
}

/// Why nothing is written.
pub(super) enum Stop {
    /// The registry has answered, and the answer is no.
    Refused(Vec<Failure>),
    /// It could not be asked.
    Failed(Failure),
}

impl Fetcher {
    /// All prompts.
    pub(super) fn all(&mut self) -> Result<Vec<Pulled>, Stop> {
        let Some(request) = self.registry.source.bundle_request(None, None) else {
            return Err(Stop::Failed(Failure::new("this registry has no bundle")));
        };
        let answer = self.send(&request, MAX_BUNDLE)?;
        let bundle = answer.read(|response| self.registry.source.read_bundle(response));
        let bundle = bundle.map_err(|error| Stop::Failed(failure("the bundle", &error)))?;
        let Some(catalog) = bundle.catalog else {
            return Err(Stop::Failed(Failure::new("the registry says that nothing changed, unasked")));
        };
        self.revision = catalog.revision().map(str::to_owned);
        let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        let mut ids: Vec<&str> = catalog.ids().collect();
        ids.sort_unstable();
        let mut pulled = Vec::new();
        for id in ids {
            if let (Some(entry), Some(json)) =
                (catalog.entry(id), body.get("prompts").and_then(|all| all.get(id)))
            {
                pulled.extend(versions(id, entry, json));
            }
        }
        Ok(pulled)
    }

    /// Prompts by name. What the registry does not have is told when all have been asked for.
    pub(super) fn each(&self, references: &[Reference]) -> Result<Vec<Pulled>, Stop> {
        let mut pulled = Vec::new();
        let mut refused = Vec::new();
        for (done, reference) in references.iter().enumerate() {
            output::progress(done, references.len(), &show(reference));
            match self.one(reference) {
                Ok(versions) => pulled.extend(versions),
                Err(Stop::Refused(failures)) => refused.extend(failures),
                Err(failed) => {
                    output::no_progress();
                    return Err(failed);
                }
            }
        }
        output::no_progress();
        if refused.is_empty() { Ok(pulled) } else { Err(Stop::Refused(refused)) }
    }

    fn one(&self, reference: &Reference) -> Result<Vec<Pulled>, Stop> {
        let source = &self.registry.source;
        let stop = |error: &FetchError| {
            let failure = failure(&show(reference), error);
            match error {
                FetchError::NotFound(_) | FetchError::Unusable(_) => Stop::Refused(vec![failure]),
                _ => Stop::Failed(failure),
            }
        };
        let mut missing = None;
        for request in source.requests(reference, None).map_err(|error| stop(&error))? {
            let answer = self.send(&request, MAX_ANSWER)?;
            match answer.read(|response| source.read(reference, response)) {
                Ok(found) => return content(reference, found.content, &answer).map_err(|error| stop(&error)),
                Err(error @ FetchError::NotFound(_)) => missing = Some(error),
                Err(error) => return Err(stop(&error)),
            }
        }
        let missing = missing.unwrap_or(FetchError::Unavailable { status: None });
        Err(stop(&missing))
    }

    fn send(&self, request: &Request, limit: usize) -> Result<Answer, Stop> {
        let sent = self.connection.send(request, self.registry.timeout, limit);
        match (sent.answer, sent.trouble) {
            (Some(answer), None) => Ok(answer),
            (_, trouble) => {
                let trouble = trouble.unwrap_or_else(|| "there is no answer".to_owned());
                Err(Stop::Failed(Failure::new(trouble).help(
                    "where the registry is, is said by --registry-url; how long it may take, by --set timeout=60s",
                )))
            }
        }
    }
}

/// The versions in an answer.
fn content(reference: &Reference, content: Content, answer: &Answer) -> Result<Vec<Pulled>, FetchError> {
    let id = reference.id.as_str();
    match content {
        Content::Version { text, number, label } => {
            let asked = match reference.selector {
                Selector::Version(number) => u32::try_from(number).ok(),
                _ => None,
            };
            let labels = label.map_or(Labels::Unknown, |label| Labels::One(label.to_string()));
            // A registry that counts no versions has the first.
            let version = number.or(asked).unwrap_or(1);
            Ok(vec![Pulled { id: id.to_owned(), version, text, labels }])
        }
        Content::Entry(entry) => {
            let json: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
            let mut pulled = versions(id, &entry, &json);
            let chosen = match &reference.selector {
                Selector::Default | Selector::Latest => return Ok(pulled),
                chosen => entry.resolve(id, chosen, None).map_err(FetchError::NotFound)?.version,
            };
            pulled.retain(|version| version.version == chosen);
            Ok(pulled)
        }
        Content::Unchanged => Err(FetchError::Malformed("a prompt")),
    }
}

/// The versions of one prompt of a bundle. The engine has checked them, and keeps the texts to itself.
fn versions(id: &str, entry: &Entry, json: &Value) -> Vec<Pulled> {
    let version = |version: u32| {
        let text = match json {
            Value::String(text) => text.as_str(),
            json => json.get("versions")?.get(version.to_string())?.as_str()?,
        };
        let labels = entry.labels().filter(|(_, named)| *named == version).map(|(label, _)| label.to_owned());
        let labels = Labels::All(labels.collect());
        Some(Pulled { id: id.to_owned(), version, text: text.to_owned(), labels })
    };
    entry.versions().iter().filter_map(|found| version(found.number())).collect()
}

/// As the user names it.
fn show(reference: &Reference) -> String {
    match &reference.selector {
        Selector::Version(version) => format!("{}.v{version}", reference.id),
        _ => reference.id.to_string(),
    }
}

fn failure(what: &str, error: &FetchError) -> Failure {
    let failure = Failure::new(format!("{what}: {error}"));
    if error.to_string().contains("`registry.") { failure.help(SETTINGS) } else { failure }
}
