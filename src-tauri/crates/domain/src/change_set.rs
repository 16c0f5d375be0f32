//! Change sets: what AWS says that it would do.

use crate::{Timestamp, ids::StackName, stack::StackParameter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// What to ask CloudFormation to prepare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSetOrder {
    /// Stack to change or create.
    pub stack: StackName,
    /// Name of the change set; deterministic, so that asking twice finds the first.
    pub name: String,
    /// Idempotency token.
    pub token: String,
    /// Whether the stack does not exist yet.
    pub create: bool,
    /// Template text, exactly.
    pub template: String,
    /// Parameters.
    pub parameters: Vec<ParameterOrder>,
    /// Tags.
    pub tags: Vec<(String, String)>,
    /// Capabilities that the template asks for.
    pub capabilities: Vec<String>,
    /// Description shown in AWS.
    pub description: String,
    /// Whether the stacks nested in it get change sets of their own, so that what happens inside
    /// them is known before.
    pub include_nested: bool,
    /// Whether what was changed by hand is to become again what the template says.
    pub revert_drift: bool,
}

/// A parameter of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterOrder {
    /// This value.
    Value {
        /// Key.
        key: String,
        /// Value.
        value: String,
    },
    /// Whatever the stack has now (for values that we may not see).
    Previous {
        /// Key.
        key: String,
    },
}

impl ParameterOrder {
    /// The key.
    pub fn key(&self) -> &str {
        match self {
            Self::Value { key, .. } | Self::Previous { key } => key,
        }
    }
}

/// State of a change set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeSetState {
    /// AWS is working it out.
    Pending,
    /// It can be executed.
    Available,
    /// AWS found nothing to change.
    Empty,
    /// AWS could not make it.
    Failed,
    /// It is being executed.
    Executing,
    /// It was executed well.
    Executed,
    /// It was executed and failed.
    ExecutionFailed,
    /// The stack moved on: it cannot be executed any more.
    Obsolete,
    /// Words that we do not know.
    Unknown,
}

/// A change set as ListChangeSets tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenChangeSet {
    /// ARN.
    pub id: String,
    /// Name.
    pub name: String,
    /// Stack name.
    pub stack: String,
    /// Our reading of both status words.
    pub state: ChangeSetState,
    /// What its maker wrote.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
}

/// A change set as DescribeChangeSet tells it, all pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// ARN.
    pub id: String,
    /// Name.
    pub name: String,
    /// Stack ARN.
    pub stack_id: String,
    /// Stack name.
    pub stack: String,
    /// Our reading of both status words.
    pub state: ChangeSetState,
    /// AWS's `Status`.
    pub status: String,
    /// AWS's `ExecutionStatus`.
    pub execution_status: String,
    /// AWS's reason.
    pub reason: Option<String>,
    /// Parameters with resolved values.
    pub parameters: Vec<StackParameter>,
    /// Capabilities.
    pub capabilities: Vec<String>,
    /// Tags.
    pub tags: Vec<(String, String)>,
    /// Resource changes, in AWS's order; those of a nested stack follow the row of that stack.
    pub changes: Vec<ResourceChange>,
    /// Nested stacks that AWS lists although nothing in them changes.
    #[serde(default)]
    pub folded: Vec<String>,
    /// AWS's word for the drift of the stack, where it was looked at.
    #[serde(default)]
    pub drift_status: Option<String>,
    /// AWS's word for how it deploys, such as `REVERT_DRIFT`; none for the usual way.
    #[serde(default)]
    pub deployment_mode: Option<String>,
}

/// What AWS would do to one resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceChange {
    /// Logical ids of the nested stacks that it is in, the outermost first.
    #[serde(default)]
    pub nested_in: Vec<String>,
    /// Add, Modify, Remove, Import, Dynamic ...
    pub action: String,
    /// Logical id.
    pub logical_id: String,
    /// Physical id.
    pub physical_id: Option<String>,
    /// Type.
    pub resource_type: String,
    /// True, False or Conditional.
    pub replacement: Option<String>,
    /// Delete, Retain, Snapshot ...
    pub policy_action: Option<String>,
    /// Properties, Metadata, Tags ...
    pub scope: Vec<String>,
    /// Properties.
    pub details: Vec<PropertyChange>,
    /// The resource before as JSON, whole.
    #[serde(default)]
    pub before_context: Option<String>,
    /// The resource after as JSON, whole.
    #[serde(default)]
    pub after_context: Option<String>,
    /// The resource as deployed last, as JSON; given where drift is looked at.
    #[serde(default)]
    pub previous_context: Option<String>,
    /// AWS's word for its drift, where it was looked at.
    #[serde(default)]
    pub drift_status: Option<String>,
    /// Properties whose drift AWS does not count, with its reason.
    #[serde(default)]
    pub drift_ignored: Vec<IgnoredDrift>,
    /// The change set of the nested stack that it is.
    #[serde(default)]
    pub nested_change_set: Option<String>,
}

/// A property whose drift AWS does not count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IgnoredDrift {
    /// JSON pointer.
    pub path: String,
    /// `MANAGED_BY_AWS`, `WRITE_ONLY_PROPERTY` or `SENSITIVE_PROPERTY`.
    pub reason: String,
}

/// What a drift-aware change set says of the live value of a property.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveDrift {
    /// As deployed last.
    pub previous: Option<String>,
    /// As it is.
    pub actual: Option<String>,
    /// When that was seen.
    pub at: Option<Timestamp>,
}

/// What AWS would do to one property.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyChange {
    /// Attribute: Properties, Metadata, Tags ...
    pub attribute: String,
    /// JSON pointer, or the property name when AWS gives no pointer.
    pub path: String,
    /// Before, when AWS says.
    pub before: Option<String>,
    /// After, when AWS says.
    pub after: Option<String>,
    /// Never, Conditionally or Always.
    pub recreation: Option<String>,
    /// DirectModification, ParameterReference, ResourceReference, ResourceAttribute, Automatic.
    pub source: Option<String>,
    /// Entity that causes it, such as a parameter name.
    pub causing_entity: Option<String>,
    /// Static, or Dynamic where AWS decides it while it runs.
    #[serde(default)]
    pub evaluation: Option<String>,
    /// Add, Remove, Modify or SyncWithActual.
    #[serde(default)]
    pub change: Option<String>,
    /// Whether the value before is the one deployed last or the one that is live.
    #[serde(default)]
    pub before_from: Option<String>,
    /// Where the value after comes from.
    #[serde(default)]
    pub after_from: Option<String>,
    /// The live value, where drift is looked at.
    #[serde(default)]
    pub drift: Option<LiveDrift>,
    /// Whether AWS cut a value off.
    #[serde(default)]
    pub cut: bool,
}

impl PropertyChange {
    /// Notes which values AWS cut off: it keeps them whole in the contexts of the resource.
    pub fn note_cuts(&mut self, before: Option<&Value>, after: Option<&Value>) {
        let is_cut = |value: &Option<String>, context: Option<&Value>| {
            let whole = context.and_then(|context| context.pointer(&self.path));
            value
                .as_deref()
                .zip(whole)
                .is_some_and(|(value, whole)| is_beginning(value, whole))
        };
        self.cut = is_cut(&self.before, before) || is_cut(&self.after, after);
    }
}

/// Whether a text is less than a whole value, and the beginning of it.
fn is_beginning(value: &str, whole: &Value) -> bool {
    let whole = match whole {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let beginning = value.trim_end_matches('…').trim_end_matches("...");
    beginning.len() < whole.len()
        && value != whole
        && whole.starts_with(beginning)
        && !beginning.is_empty()
}

/// Something that AWS found wrong with a change set before it is executed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSetProblem {
    /// Whether it stops the change set, or only warns.
    pub fails: bool,
    /// The check or hook.
    pub name: String,
    /// Why, in AWS's words.
    pub reason: String,
    /// The resource that it is about.
    pub logical_id: Option<String>,
    /// Its type.
    pub resource_type: Option<String>,
    /// The place in the resource, as a JSON pointer.
    pub path: Option<String>,
    /// When it was found.
    pub at: Option<Timestamp>,
}

impl fmt::Display for ChangeSetProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(logical_id) = &self.logical_id {
            write!(f, "{logical_id}")?;
            if let Some(path) = &self.path {
                write!(f, " {path}")?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{} ({})", self.reason, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_cut_when_the_context_goes_on_where_it_stops() {
        let context = json!({"Properties": {"Text": "a long text", "Map": {"a": 1, "b": 2}}});
        let cut = |path: &str, after: &str| {
            let mut change = PropertyChange {
                path: path.to_owned(),
                after: Some(after.to_owned()),
                ..PropertyChange::default()
            };
            change.note_cuts(None, Some(&context));
            change.cut
        };
        assert!(cut("/Properties/Text", "a long"));
        assert!(cut("/Properties/Text", "a long..."));
        assert!(!cut("/Properties/Text", "a long text"));
        assert!(!cut("/Properties/Text", "another text"));
        assert!(!cut("/Properties/Text", ""));
        assert!(!cut("/Properties/Gone", "a long"));
        assert!(!cut("Text", "a long"));
        assert!(cut("/Properties/Map", "{\"a\":1,"));
    }

    #[test]
    fn a_change_set_kept_before_contexts_were_read_can_still_be_read() {
        let kept = json!({
            "action": "Modify", "logical_id": "Topic", "physical_id": null,
            "resource_type": "AWS::SNS::Topic", "replacement": "False", "policy_action": null,
            "scope": [], "details": [{"attribute": "Properties", "path": "/Properties/A",
                "before": null, "after": null, "recreation": null, "source": null,
                "causing_entity": null}]
        });
        let read: ResourceChange = serde_json::from_value(kept).unwrap();
        assert_eq!(read.logical_id, "Topic");
        assert!(!read.details[0].cut);
    }
}
