//! What clients may do.

use serde_json::Value;

use super::error::ConfigError;
use super::options::UnknownPromptObject;
use super::path::normalize;
use super::pattern::{PatternSet, pattern_text, patterns};
use super::read::{Fields, Path, boolean, list, one_of};

const KEYS: &[&str] =
    &["require_prompt", "pass_paths", "allow", "models", "client_roles", "unknown_prompt_object"];

/// The roles of OpenAI's messages.
const ROLES: &[(&str, Role)] = &[
    ("system", Role::System),
    ("developer", Role::Developer),
    ("user", Role::User),
    ("assistant", Role::Assistant),
    ("tool", Role::Tool),
    ("function", Role::Function),
];

/// The role of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `system`: instructions.
    System,
    /// `developer`: what newer models call instructions.
    Developer,
    /// `user`: what the person or program in front of the model says.
    User,
    /// `assistant`: what the model said before.
    Assistant,
    /// `tool`: the result of a tool call.
    Tool,
    /// `function`: what `tool` was called at first.
    Function,
}

/// What clients may do.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whether every POST outside of the pass paths needs a prompt.
    pub require_prompt: bool,
    /// What becomes of a `prompt` object whose id the gateway does not hold.
    pub unknown_prompt_object: UnknownPromptObject,
    pass_paths: PatternSet,
    allow: PatternSet,
    models: Option<PatternSet>,
    client_roles: Option<Vec<Role>>,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            require_prompt: false,
            unknown_prompt_object: UnknownPromptObject::default(),
            pass_paths: PatternSet::default(),
            allow: PatternSet::any(),
            models: None,
            client_roles: None,
        }
    }
}

impl Policy {
    /// Whether a prompt with this id may be used, by whatever name it was asked for.
    pub fn allows_prompt(&self, id: &str) -> bool {
        self.allow.matches(id)
    }

    /// Whether a template may choose this model. `None` without a list of models: then the model
    /// changes the body, and never the route.
    pub fn allows_model(&self, model: &str) -> Option<bool> {
        self.models.as_ref().map(|models| models.matches(model))
    }

    /// Whether a client may send a message of this role beside a prompt.
    ///
    /// With a list of roles a role that is not on it, or not even a role, is refused.
    pub fn allows_role(&self, role: &str) -> bool {
        match &self.client_roles {
            None => true,
            Some(roles) => ROLES.iter().any(|(name, known)| *name == role && roles.contains(known)),
        }
    }

    /// Whether roles are restricted at all, so that messages have to be looked at.
    pub fn restricts_roles(&self) -> bool {
        self.client_roles.is_some()
    }

    /// Whether a path needs no prompt even where prompts are required.
    ///
    /// A path that may become another one on its way (`/files/../chat/completions`, `%2e%2e`, `%2f`)
    /// passes nothing.
    pub fn passes(&self, path: &str) -> bool {
        let path = normalize(path);
        !is_ambiguous(&path) && self.pass_paths.matches(&path)
    }
}

/// Whether whoever resolves dot segments, decodes slashes or takes `\\` for one sees another path.
fn is_ambiguous(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower.split('/').any(|segment| matches!(segment, "." | ".."))
        || ["%2e", "%2f", "%5c", "\\", ";"].iter().any(|part| lower.contains(part))
}

/// Reads a policy. Keys that are not given are those of `base`.
pub(super) fn read(value: Value, path: &Path, base: &Policy) -> Result<Policy, ConfigError> {
    let mut fields = Fields::new(value, path, KEYS)?;
    let mut policy = base.clone();
    if let Some(require_prompt) = fields.read("require_prompt", boolean)? {
        policy.require_prompt = require_prompt;
    }
    if let Some(unknown) = fields.read("unknown_prompt_object", UnknownPromptObject::read)? {
        policy.unknown_prompt_object = unknown;
    }
    if let Some(pass_paths) = fields.read("pass_paths", paths)? {
        policy.pass_paths = pass_paths;
    }
    if let Some(allow) = fields.read("allow", patterns)? {
        policy.allow = allow;
    }
    if let Some(models) = fields.read("models", patterns)? {
        policy.models = Some(models);
    }
    if let Some(roles) = fields.read("client_roles", roles)? {
        policy.client_roles = Some(roles);
    }
    Ok(policy)
}

/// Reads patterns of paths, normalized as the paths are that they will meet.
fn paths(value: Value, path: &Path) -> Result<PatternSet, ConfigError> {
    let items = list(value, path, "a list of paths")?;
    let mut texts = Vec::with_capacity(items.len());
    for (at, item) in items.into_iter().enumerate() {
        let path = path.index(at);
        let text = pattern_text(item, &path)?;
        if !text.starts_with(['/', '*']) {
            return Err(path.error("a path starts with \"/\""));
        }
        if text.contains(['?', '#']) {
            return Err(path.error("a path has no query, requests are compared without theirs"));
        }
        texts.push(normalize(&text).into_owned());
    }
    Ok(texts.iter().map(String::as_str).collect())
}

fn roles(value: Value, path: &Path) -> Result<Vec<Role>, ConfigError> {
    let items = list(value, path, "a list of roles")?;
    items.into_iter().enumerate().map(|(at, item)| one_of(item, &path.index(at), ROLES)).collect()
}
