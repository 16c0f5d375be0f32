//! Bytes to nodes, within a budget.
//!
//! JSON and YAML each have a reader; both give the same nodes. Which one a text gets is decided by
//! its first character, as CloudFormation does it; the file's name only decides whether a broken
//! JSON text may still be YAML in flow style. What makes a document a template is not known here.

mod budget;
mod error;
mod json;
mod scalar;
mod short_forms;
mod yaml;

pub use budget::{Budget, Limit};
pub use error::{ReadError, ReadProblem};

use crate::location::{Location, Walk};
use crate::node::Node;

/// How a document was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// What goes wrong inside a reader: where, and what.
pub(crate) type Fault = (Location, ReadProblem);

/// Reads a JSON or YAML document.
pub(crate) fn document(
    bytes: &[u8],
    file: &str,
    budget: &Budget,
) -> Result<(Format, Node), ReadError> {
    let named = |(at, problem): Fault| ReadError {
        file: file.to_owned(),
        at,
        problem,
    };
    let text = decode(bytes, budget).map_err(named)?;
    if !text.trim_start().starts_with('{') {
        let node = yaml::read(text, budget).map_err(named)?;
        return Ok((Format::Yaml, node));
    }
    match json::read(text, budget) {
        Ok(node) => Ok((Format::Json, node)),
        Err(fault) => {
            let is_broken = matches!(fault.1, ReadProblem::Syntax { .. });
            let may_be_yaml = !file.to_ascii_lowercase().ends_with(".json");
            let flow = (is_broken && may_be_yaml)
                .then(|| yaml::read(text, budget).ok())
                .flatten();
            flow.map(|node| (Format::Yaml, node))
                .ok_or_else(|| named(fault))
        }
    }
}

/// Reads a document that must be JSON.
pub(crate) fn json_document(bytes: &[u8], file: &str, budget: &Budget) -> Result<Node, ReadError> {
    decode(bytes, budget)
        .and_then(|text| json::read(text, budget))
        .map_err(|(at, problem)| ReadError {
            file: file.to_owned(),
            at,
            problem,
        })
}

/// Checks size and encoding, and takes a byte order mark away.
fn decode<'a>(bytes: &'a [u8], budget: &Budget) -> Result<&'a str, Fault> {
    if bytes.len() > budget.bytes {
        return Err((
            Location::START,
            ReadProblem::TooLarge {
                limit: Limit::Bytes,
                allowed: budget.bytes,
            },
        ));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
        Err(error) => {
            let valid = &bytes[..error.valid_up_to()];
            let before = std::str::from_utf8(valid).unwrap_or_default();
            let at = Walk::new(before).at(before.len());
            Err((at, ReadProblem::NotUtf8))
        }
    }
}
