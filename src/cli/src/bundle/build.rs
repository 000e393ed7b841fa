//! From a folder to the text of the file.

use std::path::Path;

use promptgate_core::catalog::Catalog;
use serde_json::{Map, Value, json};

use super::{Arguments, Format, ecds, tree};
use crate::failure::{Detail, Failure};
use crate::folder;
use crate::plugin;

/// What a Kubernetes object can hold, roughly: etcd's limit on a request.
const KUBERNETES_LIMIT: usize = 1 << 20;

/// A bundle that is ready to be written.
pub(super) struct Built {
    /// The file's text.
    pub(super) text: String,
    /// The prompts by id, if a tree is asked for.
    pub(super) prompts: Map<String, Value>,
    /// Size, number of prompts, digest.
    pub(super) summary: String,
    /// What is likely a mistake.
    pub(super) warnings: Vec<String>,
    /// Prompts that will answer 422.
    pub(super) broken: Vec<Detail>,
}

/// Builds what the arguments ask for.
pub(super) fn build(arguments: &Arguments) -> Result<Built, Failure> {
    let files = folder::read(&arguments.folder)?;
    let bundle = plugin::bundle(folder::prompts(&arguments.folder, &files)?);
    let revision = bundle.get("revision").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (path, merged) = match &arguments.config {
        Some(path) => (path.as_path(), plugin::merge(path, plugin::read(path)?, bundle.clone())?),
        // `--format ecds` sets Envoy's half of held headers, so the filter's half belongs to it.
        None => (arguments.folder.as_path(), json!({"hold_headers": true, "bundle": bundle})),
    };
    let config = plugin::check(path, merged.clone())?;
    let mut warnings: Vec<String> =
        config.warnings().iter().map(|warning| format!("{}: {warning}", path.display())).collect();
    let prompts = match bundle.get("prompts") {
        Some(Value::Object(prompts)) if arguments.tree.is_some() => prompts.clone(),
        _ => Map::new(),
    };
    let value = match (arguments.format, &arguments.config) {
        (Format::Ecds, _) => {
            if !arguments.wasm.exists() {
                warnings.push(missing_filter(&arguments.wasm));
            }
            ecds::response(&arguments.filter(), &merged)
        }
        (Format::Json, Some(_)) => merged,
        (Format::Json, None) => bundle,
    };
    let text = format!("{value:#}\n");
    if files.is_empty() {
        warnings.push(format!("{} holds no .prompt files", arguments.folder.display()));
    }
    if arguments.tree.is_some() {
        warnings.extend(tree::warnings(&text, &prompts));
    } else if text.len() > KUBERNETES_LIMIT {
        warnings.push(format!(
            "{} is more than a Kubernetes object can hold (1 MiB): mount it as a file, or split the prompts",
            size(text.len())
        ));
    }
    let summary = format!("{}, {}, {revision}", count(files.len(), &config.catalog), size(text.len()));
    Ok(Built { text, prompts, summary, warnings, broken: folder::broken(&config.catalog, &files) })
}

impl Arguments {
    fn filter(&self) -> ecds::Filter<'_> {
        ecds::Filter { name: &self.filter_name, vm_id: &self.vm_id, wasm: &self.wasm }
    }
}

fn missing_filter(path: &Path) -> String {
    format!("there is no {} here; Envoy looks for it in its own working directory (--wasm)", path.display())
}

fn count(files: usize, catalog: &Catalog) -> String {
    let prompts = catalog.len();
    let plural = if prompts == 1 { "" } else { "s" };
    if files == prompts {
        format!("{prompts} prompt{plural}")
    } else {
        format!("{prompts} prompt{plural} in {files} versions")
    }
}

fn size(bytes: usize) -> String {
    const UNITS: [&str; 3] = ["KiB", "MiB", "GiB"];
    let mut amount = bytes as f64;
    let mut unit = "bytes";
    for next in UNITS {
        if amount < 1024.0 {
            break;
        }
        amount /= 1024.0;
        unit = next;
    }
    if unit == "bytes" { format!("{bytes} bytes") } else { format!("{amount:.1} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (1 << 20, "1.0 MiB"),
            (5 << 40, "5120.0 GiB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }
}
