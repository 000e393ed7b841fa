use super::node::Node;

/// A variable that a schema names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property<'a> {
    /// The variable's name.
    pub name: &'a str,
    /// Whether a request has to bring it.
    pub required: bool,
    /// Its types in words: `string`, `integer or null`.
    pub types: String,
    /// What the author says about it.
    pub description: Option<&'a str>,
}

impl<'a> Property<'a> {
    pub(super) fn new(parent: &'a Node, name: &'a str, node: &'a Node) -> Property<'a> {
        Property {
            name,
            required: parent.required.iter().any(|required| &**required == name),
            types: node.possible_types().describe(),
            description: node.description.as_deref(),
        }
    }
}
