//! What a template is compiled to: a tree that owns its texts and knows where each node stood.

use std::rc::Rc;

use super::filters::Filter;
use super::messages::Role;
use super::tests::Test;
use crate::value::Value;

/// A variable's name, as an index into the template's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Symbol(pub(crate) u32);

/// An expression and its place: a byte offset into the source.
pub(crate) struct Node {
    pub(crate) offset: u32,
    pub(crate) expr: Expr,
}

pub(crate) enum Expr {
    Const(Value),
    Var(Symbol),
    /// What a `set` or `filter` block captured.
    Captured,
    Attr(Box<Node>, Rc<str>),
    Item(Box<(Node, Node)>),
    Slice(Box<Slice>),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<(Node, Node)>),
    Or(Box<(Node, Node)>),
    Binary(BinaryOp, Box<(Node, Node)>),
    /// `a < b < c`: each operand is evaluated once.
    Compare(Box<Node>, Vec<(CompareOp, Node)>),
    /// `then if condition else otherwise`
    If(Box<IfExpr>),
    Filter(Filter, Box<Node>, Arguments),
    Test(Test, Box<Node>, Arguments),
    Call(Box<Node>, Arguments),
    MethodCall(Box<Node>, Rc<str>, Arguments),
    List(Vec<Node>),
    Tuple(Vec<Node>),
    Dict(Vec<(Node, Node)>),
}

pub(crate) struct Slice {
    pub(crate) of: Node,
    pub(crate) start: Option<Node>,
    pub(crate) stop: Option<Node>,
    pub(crate) step: Option<Node>,
}

pub(crate) struct IfExpr {
    pub(crate) condition: Node,
    pub(crate) then: Node,
    pub(crate) otherwise: Option<Node>,
}

#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) positional: Vec<Node>,
    pub(crate) named: Vec<(Rc<str>, Node)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Rem,
    Pow,
    Concat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    NotIn,
}

pub(crate) type Body = Vec<Statement>;

pub(crate) struct Statement {
    pub(crate) offset: u32,
    pub(crate) kind: Stmt,
}

pub(crate) enum Stmt {
    Text(Text),
    Emit(Node),
    /// Conditions with their bodies (`if`, then each `elif`), and the `else` body.
    If(Vec<(Node, Body)>, Body),
    For(Rc<For>),
    With(Vec<(Target, Node)>, Body),
    Set(Target, Node),
    /// The target, the filters over [`Expr::Captured`] if any, and what is captured.
    SetBlock(Target, Option<Node>, Body),
    FilterBlock(Node, Body),
    Macro(Symbol, Rc<Macro>),
    /// `call`: the call and what `caller()` runs.
    Call(Box<Node>, Rc<Macro>),
    Do(Node),
    /// `autoescape`: only `false` is accepted.
    Autoescape(Node, Body),
}

/// Text of the template's own. In message text (not inside captures) it may hold role markers.
pub(crate) struct Text {
    pub(crate) text: Rc<str>,
    pub(crate) markers: Vec<Marker>,
    /// Whether the output line is blank behind this text; `None` if it leaves that as it was.
    pub(crate) leaves_blank: Option<bool>,
}

/// A place where a line may open a message.
pub(crate) struct Marker {
    /// Where the marker begins, behind the line's spaces and tabs.
    pub(crate) start: usize,
    /// Where the content begins.
    pub(crate) end: usize,
    pub(crate) role: Role,
    /// It stands in the text's first line: it only counts if the output line is blank so far.
    pub(crate) first_line: bool,
}

pub(crate) struct For {
    pub(crate) target: Target,
    pub(crate) iter: Node,
    pub(crate) condition: Option<Node>,
    pub(crate) recursive: bool,
    pub(crate) body: Body,
    pub(crate) otherwise: Body,
}

/// What an assignment assigns to.
pub(crate) enum Target {
    Name(Symbol),
    /// `namespace.name`
    Attr(Symbol, Rc<str>),
    Unpack(Vec<Target>),
}

pub(crate) struct Macro {
    pub(crate) name: Rc<str>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Body,
    /// The body asks for `caller`.
    pub(crate) uses_caller: bool,
}

pub(crate) struct Parameter {
    pub(crate) name: Symbol,
    pub(crate) default: Option<Node>,
}
