//! `for` loops.

use std::rc::Rc;

use super::Evaluator;
use crate::template::error::Fault;
use crate::template::ir::For;
use crate::template::items::Items;
use crate::template::objects::LoopValue;
use crate::template::scope::{Origin, Scope};
use crate::value::Value;

impl Evaluator<'_> {
    pub(super) fn for_loop(&mut self, each: &Rc<For>) -> Result<(), Fault> {
        let iterable = self.eval(&each.iter)?;
        let origin = self.origin(&each.iter);
        self.run_loop(each, &iterable, origin, 1)
    }

    /// `loop(iterable)`: the body of a recursive loop once more, captured.
    pub(super) fn recurse(&mut self, outer: &LoopValue, iterable: &Value) -> Result<Value, Fault> {
        let each = outer
            .recursive
            .clone()
            .ok_or_else(|| Fault::invalid("`loop()` needs a loop that is marked `recursive`"))?;
        let scope = outer.around.upgrade().unwrap_or_else(|| self.root.clone());
        let depth = outer.depth + 1;
        self.capture(|this| this.scoped(scope, |this| this.run_loop(&each, iterable, Origin::Author, depth)))
    }

    fn run_loop(
        &mut self,
        each: &Rc<For>,
        iterable: &Value,
        origin: Origin,
        depth: usize,
    ) -> Result<(), Fault> {
        let mut items = self.items(iterable).map_err(|fault| fault.at(each.iter.offset))?;
        // Keys of a mapping and characters of a string have no path of their own.
        let path = match iterable {
            Value::List(_) | Value::Tuple(_) => origin.path().map(Rc::<str>::from),
            _ => None,
        };
        if each.condition.is_some() {
            items = self.filter_items(each, &items, path.as_ref())?;
        }
        if items.len() == 0 {
            let scope = Scope::inside(self.scope.clone());
            return self.scoped(scope, |this| this.run(&each.otherwise));
        }
        let around = self.scope.clone();
        let state = Rc::new(LoopValue::new(
            items,
            depth,
            each.recursive.then(|| each.clone()),
            Rc::downgrade(&around),
        ));
        let loop_value = Value::Object(state.clone());
        let loop_symbol = self.special.loop_;
        let mut scope = Scope::inside(around.clone());
        for index in 0..state.items.len() {
            self.budget.fuel(1)?;
            if !Scope::reuse(&mut scope) {
                scope = Scope::inside(around.clone());
            }
            state.advance(index);
            let item = state.items.get(index).unwrap_or_default();
            self.assign(&scope, &each.target, item, item_origin(path.as_ref(), index))?;
            if let Some(symbol) = loop_symbol {
                scope.set(symbol, loop_value.clone(), Origin::Author);
            }
            let inner = scope.clone();
            self.scoped(inner, |this| this.run(&each.body))?;
        }
        Ok(())
    }

    /// The items for which the loop's `if` holds.
    fn filter_items(&mut self, each: &For, items: &Items, path: Option<&Rc<str>>) -> Result<Items, Fault> {
        let Some(condition) = &each.condition else { return Ok(items.clone()) };
        let around = self.scope.clone();
        let mut kept = Vec::new();
        for (index, item) in items.iter().enumerate() {
            self.budget.fuel(1)?;
            let scope = Scope::inside(around.clone());
            self.assign(&scope, &each.target, item.clone(), item_origin(path, index))?;
            if self.scoped(scope, |this| this.eval(condition))?.is_true() {
                self.budget.slots(1)?;
                kept.push(item);
            }
        }
        Ok(Items::made(kept))
    }
}

fn item_origin(path: Option<&Rc<str>>, index: usize) -> Origin {
    path.map_or(Origin::Author, |path| Origin::Item(path.clone(), index))
}
