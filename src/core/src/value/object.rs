use std::any::Any;

/// A value with behaviour of its own, such as a macro or the `loop` variable.
pub trait Object: Any {
    /// The type's name, for error messages.
    fn type_name(&self) -> &'static str;

    /// For getting back at the concrete type.
    fn as_any(&self) -> &dyn Any;

    /// What printing the object shows.
    fn print(&self) -> String {
        format!("<{}>", self.type_name())
    }
}
