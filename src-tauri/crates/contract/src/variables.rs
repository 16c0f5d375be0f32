//! The variables of a service over every environment.

use crate::comparison::VariableState;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whose variables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VariablesRequest {
    /// Service name.
    pub service: String,
}

/// One row a key, one column an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VariablesView {
    /// Service name.
    pub service: String,
    /// Environments, in path order: the columns.
    pub environments: Vec<String>,
    /// Rows, by stack.
    pub rows: Vec<VariableRowView>,
    /// What could not be read, and is missing from the rows.
    pub doubts: Vec<String>,
}

/// One key of one stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VariableRowView {
    /// Stack name without the environment.
    pub stack: String,
    /// Key.
    pub key: String,
    /// One an environment.
    pub cells: Vec<VariableCellView>,
    /// The worst of what neighbouring environments are to one another.
    pub state: VariableState,
    /// Note such as `NoEcho`.
    pub note: Option<String>,
    /// What is wrong with the key itself.
    pub trouble: Option<VariableTroubleName>,
    /// Environments that the trouble is about; empty when it is about all.
    pub trouble_in: Vec<String>,
}

/// A key in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VariableCellView {
    /// What is known of it.
    pub kind: VariableCellKind,
    /// Value; none unless it has one that may be shown.
    pub value: Option<String>,
}

/// What is known of a key in an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum VariableCellKind {
    /// The stack is not there, or could not be read.
    NoStack,
    /// The stack is there without the key.
    Absent,
    /// A value that was given.
    Given,
    /// The template's default.
    Default,
    /// Masked by CloudFormation.
    Hidden,
    /// Declared, and nothing gives it a value.
    NoValue,
}

/// What is wrong with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum VariableTroubleName {
    /// Variable documents name it, and no template declares it.
    NotDeclared,
    /// Declared, and nothing in the template uses it.
    Unused,
    /// Declared without a default, and the environment's variable document does not name it.
    Undefined,
}
