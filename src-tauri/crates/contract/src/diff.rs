//! The judgement of a change between two stacks: the documented answer of `interlock diff`.
//!
//! Names and shapes are stable; `docs/diff.schema.json` describes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a change between two stacks does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiffReport {
    /// Whether the two mean the same.
    pub verdict: DiffVerdict,
    /// What to decide before anything else, the worst first.
    pub dangers: Vec<DangerRow>,
    /// Resources that CloudFormation will act on, the most dangerous first.
    pub resources: Vec<ResourceRow>,
    /// Resources of nested stacks, on which CloudFormation acts with this change, and of other stacks that read what the change takes away or alters, on which it does not act here.
    pub effects: Vec<ResourceRow>,
    /// Other stacks that read an output which goes or changes.
    pub dependents: Vec<DependentRow>,
    /// What differs outside of the resources.
    pub sections: DiffSections,
    /// How the access that the stack gives changes; `same` also when nothing in it gives access.
    pub security: SecurityVerdict,
    /// What is allowed now and was not before, in words.
    pub access_added: Vec<String>,
    /// What was allowed before and is no longer, in words.
    pub access_removed: Vec<String>,
    /// How many values could not be known.
    pub unknowns: u32,
    /// Resources that are written differently and mean the same.
    pub respelled: Vec<RespelledRow>,
    /// Differences that the two environments explain, counted over resources and parameters.
    pub expected: u32,
    /// Where the knowledge of resource types comes from.
    pub schemas: String,
}

/// Whether two stacks mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DiffVerdict {
    /// They do.
    Same,
    /// They do not.
    Different,
    /// Nothing is known to differ, and something could not be known.
    Unknown,
}

/// How access changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SecurityVerdict {
    /// More is allowed, and nothing less.
    Broadened,
    /// Less is allowed, and nothing more.
    Narrowed,
    /// The same is allowed.
    Same,
    /// Some of it is new and some is gone, or it cannot be known.
    Incomparable,
}

/// What CloudFormation does with a resource, in the words of DescribeChangeSet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub enum ActionName {
    /// Creates it.
    Add,
    /// Updates or replaces it.
    Modify,
    /// Takes it out of the stack.
    Remove,
    /// Takes an existing resource into the stack.
    Import,
}

/// Whether a modified resource is replaced, in the words of DescribeChangeSet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub enum ReplacementName {
    /// It is.
    True,
    /// It is not.
    False,
    /// That becomes known while the change is carried out.
    Conditional,
}

/// What happens to a resource, from nothing to refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImpactName {
    /// Nothing.
    None,
    /// Only metadata of the template changes.
    Metadata,
    /// It is created.
    Creates,
    /// It is taken into the stack as it is.
    Imports,
    /// It is updated in place.
    InPlace,
    /// The update may interrupt it.
    MayInterrupt,
    /// It leaves the stack and stays.
    Retains,
    /// It may be replaced.
    MayReplace,
    /// It is replaced, the new one first.
    ReplacesCreateFirst,
    /// It is replaced, the old one is deleted first.
    ReplacesDeleteFirst,
    /// It is deleted after a snapshot.
    Snapshots,
    /// It is deleted.
    Removes,
    /// AWS will refuse the update.
    Rejected,
}

/// Why something is to be decided before anything else.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum DangerKind {
    /// Data can be lost.
    DataLoss,
    /// AWS will refuse the update.
    Rejected,
    /// The replacement will fail: the name of the resource is fixed.
    FixedName,
    /// It is deleted.
    Removed,
    /// It is replaced.
    Replaced,
    /// A protection is gone.
    Unprotected,
    /// More is allowed than before, or that cannot be ruled out.
    Access,
    /// Another stack uses a value that changes or goes.
    Importers,
    /// It may be interrupted or replaced.
    Interruption,
}

/// Something to decide before anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DangerRow {
    /// Why.
    pub kind: DangerKind,
    /// The same in two or three words.
    pub title: String,
    /// Logical id of the resource.
    pub logical_id: String,
    /// What exactly.
    pub text: String,
}

/// Another stack that reads an output which goes or changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DependentRow {
    /// The stack that reads.
    pub stack: String,
    /// The stack whose output it is, when that would only change with its own next deployment; none for the stack that changes.
    pub later: Option<String>,
    /// The output.
    pub output: String,
    /// The export by whose name it is read; none when `Fn::GetStackOutput` reads the output.
    pub export: Option<String>,
    /// What becomes of it.
    pub fate: OutputFateName,
    /// Where it is read; empty when the reader's template is not known.
    pub places: Vec<String>,
}

/// What becomes of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutputFateName {
    /// It is there no longer.
    Goes,
    /// It has another value.
    Changes,
    /// It may have another value.
    MayChange,
}

/// One resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRow {
    /// The stack that holds it, when it is another one than the one that changes; of a nested one the logical ids that lead to it, with `/` between them.
    pub stack: Option<String>,
    /// Whether that stack is nested in the one that changes.
    pub nested: bool,
    /// Logical id.
    pub logical_id: String,
    /// Type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// What CloudFormation does with it.
    pub action: ActionName,
    /// Whether a modified resource is replaced; none for others.
    pub replacement: Option<ReplacementName>,
    /// What happens to it.
    pub impact: ImpactName,
    /// The same in words.
    pub impact_text: String,
    /// The places that change, as JSON pointers into the resource.
    pub paths: Vec<String>,
    /// Why, in words.
    pub causes: Vec<String>,
    /// How the access that it gives changes; none when it gives none.
    pub security: Option<SecurityVerdict>,
    /// What it allows now and did not before, in words.
    pub access_added: Vec<String>,
    /// What it allowed before and does no longer, in words.
    pub access_removed: Vec<String>,
    /// Whether it holds data of its own.
    pub stateful: bool,
    /// Whether data can be lost.
    pub data_loss: bool,
    /// What is not known about it, in words.
    pub unknowns: Vec<String>,
    /// What to know before deciding, in words.
    pub notes: Vec<String>,
    /// Whether the environments explain all of it.
    pub expected: bool,
    /// Where it stands: file and line.
    pub location: Option<String>,
    /// What changes in it.
    pub properties: Vec<PropertyRow>,
}

/// Whether CloudFormation acts on a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ActsName {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// That depends on a value that is not known here.
    Maybe,
}

/// One place in a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PropertyRow {
    /// JSON pointer into the resource.
    pub pointer: String,
    /// The place as people write it.
    pub path: String,
    /// What happens to the resource through it.
    pub impact: ImpactName,
    /// Whether CloudFormation acts on it.
    pub acts: ActsName,
    /// Value before; none when absent.
    pub before: Option<String>,
    /// Value after; none when absent.
    pub after: Option<String>,
    /// Why, in words.
    pub causes: Vec<String>,
    /// Whether the environments explain it.
    pub expected: bool,
    /// Whether a side could not be known.
    pub unknown: bool,
    /// Line of the value in the template before.
    pub before_line: Option<u32>,
    /// Line of the value in the template after.
    pub after_line: Option<u32>,
}

/// What differs outside of the resources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiffSections {
    /// Parameters: declarations and values.
    pub parameters: Vec<SectionRow>,
    /// Mappings.
    pub mappings: Vec<SectionRow>,
    /// Conditions.
    pub conditions: Vec<SectionRow>,
    /// Outputs.
    pub outputs: Vec<SectionRow>,
    /// Metadata, description, rules, transforms and anything else.
    pub metadata: Vec<SectionRow>,
}

/// Something that differs outside of the resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SectionRow {
    /// Section of the template.
    pub section: String,
    /// Key in the section.
    pub name: String,
    /// Add, Modify or Remove.
    pub action: ActionName,
    /// Value before, where there is one place to show.
    pub before: Option<String>,
    /// Value after.
    pub after: Option<String>,
    /// The places that differ, as JSON pointers into the entry.
    pub paths: Vec<String>,
    /// Why, in words.
    pub causes: Vec<String>,
    /// Whether the environments explain it.
    pub expected: bool,
    /// Whether a side could not be known.
    pub unknown: bool,
    /// Where it stands: file and line.
    pub location: Option<String>,
}

/// A resource that is written differently and means the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RespelledRow {
    /// Logical id.
    pub logical_id: String,
    /// Whether CloudFormation acts on it all the same.
    pub acts: ActsName,
}

/// The JSON Schema of the answer, as pretty JSON with a newline at its end.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(DiffReport);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    /// `INTERLOCK_WRITE_CONTRACT=1` writes the file.
    #[test]
    fn committed_schema_is_fresh() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/diff.schema.json");
        let fresh = super::json_schema();
        if std::env::var_os("INTERLOCK_WRITE_CONTRACT").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(&path).unwrap_or_default(),
            fresh,
            "docs/diff.schema.json is stale: run `make contract`"
        );
    }
}
