//! Reads CloudFormation templates and variable documents, and compares two stacks.
//!
//! Pure: it takes bytes and values that others fetched, and gives plain data. It opens no file,
//! calls nothing, keeps no state and knows no clock. Fetching belongs to the connectors, wording
//! and pictures to the shells.
//!
//! The way through: [`Template::read`] turns JSON or YAML into one model in which every node has
//! its line and column; [`variables::VariableDocument::read`] does the same for the documents that
//! give an environment its values; [`compare`] takes two [`Side`]s and lists what differs, what
//! explains it, and what cannot be known.

mod access;
mod beside;
mod compare;
mod declared;
mod expand;
#[doc(hidden)]
pub mod fuzz;
mod globals;
mod hashed;
mod impact;
mod links;
mod location;
mod node;
mod normalise;
pub mod plain;
mod read;
mod reconcile;
mod render;
mod resolve;
#[allow(
    dead_code,
    unused_imports,
    reason = "the comparison takes it up part by part"
)]
mod schema;
mod template;
pub mod variables;

pub use access::{AccessChange, AccessVerdict};
pub use compare::{
    Cause, Counts, EntryDifference, EntryState, EnvironmentFacts, NamedArtifact, ParameterRow,
    ParameterValue, ParameterValues, Path, PropertyDifference, RowNote, RowState,
    SectionDifference, Segment, Side, StackDifference, VariableCell, VariableRow, VariableTrouble,
    artifacts, compare, variable_table,
};
pub use declared::{DeclaredOutput, DeclaredParameter, DynamicReference};
pub use impact::{
    Action, Acts, Analysis, ChangedOutput, Dependent, Giver, Impact, NestedImpact, NestedTemplate,
    NestedTemplates, Note, OutputFate, PropertyImpact, Reader, Reason, Replacement, ResourceImpact,
    Respelling, analyse, analyse_nested, changed_outputs,
};
pub use links::NestedLink;
pub use location::Location;
pub use node::{Entry, Map, Node, Number, Value};
pub use read::{Budget, Format, Limit, ReadError, ReadProblem};
pub use reconcile::{
    Agreement, AgreementCounts, AnnouncedChange, AnnouncedDetail, DriftFate, Finding,
    KNOWN_AFTER_APPLY, PropertyLine, Reconciliation, ResourceLine, StackTags, ThreeValues, Values,
    drift_fate, reconcile,
};
pub use schema::{SchemaSource, source as schema_source};
pub use template::{Resource, Section, Template};
