//! Sizes for people.

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::super::ir::CompareOp;
use super::super::ops;
use super::{parse, present, truth};
use crate::value::{Value, format_fixed};

const DECIMAL: [&str; 8] = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const BINARY: [&str; 8] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

/// `filesizeformat(binary=False)`
pub(super) fn filesizeformat(
    evaluator: &mut Evaluator<'_>,
    value: Value,
    arguments: Args,
) -> Result<Value, Fault> {
    let [binary] = arguments.bind(["binary"])?;
    present(&value)?;
    let bytes = match &value {
        Value::Str(text) => parse::float(text),
        other => other.as_float(),
    };
    let bytes = bytes.ok_or_else(|| Fault::invalid("`filesizeformat` needs a number"))?;
    let (base, units) = if truth(binary, false) { (1024i128, BINARY) } else { (1000, DECIMAL) };
    if bytes == 1.0 {
        return evaluator.string("1 Byte".to_owned());
    }
    if bytes < base as f64 {
        if bytes.is_infinite() {
            return Err(Fault::invalid("an infinite number is no integer"));
        }
        return evaluator.string(format!("{:.0} Bytes", bytes.trunc() + 0.0));
    }
    let mut bound = base;
    let mut text = String::new();
    for unit in units {
        bound *= base;
        text = format!("{} {unit}", format_fixed(base as f64 * bytes / bound as f64, 1));
        // Exactly: the bound itself may not be a floating-point number.
        if ops::compare(&evaluator.budget, CompareOp::Lt, &Value::Float(bytes), &Value::Int(bound))? {
            break;
        }
    }
    evaluator.string(text)
}
