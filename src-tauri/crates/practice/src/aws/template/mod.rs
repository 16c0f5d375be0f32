//! Templates as the practice CloudFormation reads them: text to values, and values to what would be deployed.
//!
//! This is deliberately apart from the console's own template reader: two readers that agree prove more than one that
//! is used on both sides.

mod capabilities;
mod conditions;
pub mod evaluate;
mod functions;
pub mod order;
pub mod parameters;
pub mod pattern;
mod read;
mod references;
mod rules;

pub use evaluate::{Evaluated, Known, ResourceView, Scope};
pub use references::References;
pub use rules::depends_on;

use super::error::{AwsError, AwsResult};
use serde_json::{Map, Value};

/// What stands for a value that only the deployment will tell.
pub const KNOWN_AFTER_APPLY: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// A template that was read and whose structure is right.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    root: Map<String, Value>,
}

static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);

impl Template {
    /// Reads a template's text and checks its structure, references and resource types.
    pub fn read(text: &str) -> AwsResult<Self> {
        let template = Self::read_text(text)?;
        rules::check(&template)?;
        Ok(template)
    }

    fn read_text(text: &str) -> AwsResult<Self> {
        match read::read(text)? {
            Value::Object(root) => Ok(Self { root }),
            _ => Err(AwsError::validation(
                "Template format error: unsupported structure.",
            )),
        }
    }

    /// Returns a template of nothing, the side before a stack exists.
    pub fn empty() -> Self {
        Self { root: Map::new() }
    }

    fn section(&self, name: &str) -> &Map<String, Value> {
        self.root
            .get(name)
            .and_then(Value::as_object)
            .unwrap_or(&EMPTY)
    }

    /// Returns the parameters' declarations.
    pub fn parameters(&self) -> &Map<String, Value> {
        self.section("Parameters")
    }

    /// Returns the conditions.
    pub fn conditions(&self) -> &Map<String, Value> {
        self.section("Conditions")
    }

    /// Returns the mappings.
    pub fn mappings(&self) -> &Map<String, Value> {
        self.section("Mappings")
    }

    /// Returns the resources' declarations.
    pub fn resources(&self) -> &Map<String, Value> {
        self.section("Resources")
    }

    /// Returns the outputs' declarations.
    pub fn outputs(&self) -> &Map<String, Value> {
        self.section("Outputs")
    }

    /// Returns the description.
    pub fn description(&self) -> Option<&str> {
        self.root
            .get("Description")
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    }

    /// Returns the template's metadata.
    pub fn metadata(&self) -> Option<&Value> {
        self.root.get("Metadata")
    }

    /// Returns the format version.
    pub fn version(&self) -> Option<&str> {
        self.root
            .get("AWSTemplateFormatVersion")
            .and_then(Value::as_str)
    }

    /// Returns the transforms that the template declares.
    pub fn transforms(&self) -> Vec<String> {
        match self.root.get("Transform") {
            Some(Value::String(name)) => vec![name.clone()],
            Some(Value::Array(names)) => names
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Refuses a template whose resources need one another in a circle, whatever its parameters.
    pub fn check_circles(&self) -> AwsResult<()> {
        let all: Vec<_> = self
            .resources()
            .iter()
            .map(|(id, declaration)| (id.as_str(), declaration))
            .collect();
        order::in_order(&all).map(|_| ())
    }

    /// Returns the capabilities that deploying the template needs, and the resource types that ask for them.
    pub fn capabilities(&self) -> (Vec<&'static str>, Vec<String>) {
        capabilities::capabilities(self)
    }
}
