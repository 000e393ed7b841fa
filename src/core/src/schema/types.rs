/// A set of JSON Schema's types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Types(u8);

const NAMES: [(Types, &str); 7] = [
    (Types::STRING, "string"),
    (Types::INTEGER, "integer"),
    (Types::NUMBER, "number"),
    (Types::BOOLEAN, "boolean"),
    (Types::ARRAY, "array"),
    (Types::OBJECT, "object"),
    (Types::NULL, "null"),
];

impl Types {
    pub(super) const NONE: Types = Types(0);
    pub(super) const STRING: Types = Types(1);
    pub(super) const INTEGER: Types = Types(2);
    /// Integers are numbers, too: both bits.
    pub(super) const NUMBER: Types = Types(4 | 2);
    pub(super) const BOOLEAN: Types = Types(8);
    pub(super) const ARRAY: Types = Types(16);
    pub(super) const OBJECT: Types = Types(32);
    pub(super) const NULL: Types = Types(64);
    pub(super) const ALL: Types = Types(127);

    /// The type of that name in JSON Schema.
    pub(super) fn named(name: &str) -> Option<Types> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(types, _)| *types)
    }

    /// The names of all types.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(_, name)| *name)
    }

    pub(super) fn contains(self, other: Types) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether a value of type `other` (a single type) is admitted.
    pub(super) fn admits(self, other: Types) -> bool {
        other != Types::NONE && self.contains(other)
    }

    pub(super) fn union(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    pub(super) fn intersection(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self == Types::NONE
    }

    /// `string`, `integer or null`, `string, array or object`, `any value`.
    pub(super) fn describe(self) -> String {
        if self == Types::ALL {
            return "any value".to_owned();
        }
        let names: Vec<&str> = NAMES
            .iter()
            .filter(|(types, _)| self.contains(*types))
            // A number that may have a fraction says it all.
            .filter(|(types, _)| *types != Types::INTEGER || !self.contains(Types::NUMBER))
            .map(|(_, name)| *name)
            .collect();
        match names.split_last() {
            None => "no value".to_owned(),
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
        }
    }
}
