//! Shapes of Jenkins's JSON, as far as they are read, and their meaning.
//!
//! Everything that may be absent is absent somewhere: actions are often empty objects, numbers
//! may be -1, and values of secrets are left out.

use interlock_app::ports::DeclaredParameter;
use interlock_domain::{
    Timestamp,
    build::{PendingInput, QueueState},
};
use serde::Deserialize;
use serde_json::Value;

/// What is asked of each build.
pub(super) const BUILD_TREE: &str = "number,building,result,timestamp,duration,\
    actions[causes[shortDescription,userId,userName],parameters[name,value],\
    lastBuiltRevision[SHA1]]";

#[derive(Debug, Deserialize)]
pub(super) struct Me {
    pub(super) id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Job {
    #[serde(rename = "allBuilds", alias = "builds")]
    pub(super) builds: Option<Vec<Build>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Build {
    pub(super) number: u32,
    #[serde(default)]
    pub(super) building: bool,
    pub(super) result: Option<String>,
    pub(super) timestamp: i64,
    #[serde(default)]
    pub(super) duration: i64,
    #[serde(default)]
    actions: Vec<Option<Action>>,
}

#[derive(Debug, Deserialize)]
struct Action {
    causes: Option<Vec<Cause>>,
    parameters: Option<Vec<Parameter>>,
    #[serde(rename = "lastBuiltRevision")]
    last_built_revision: Option<Revision>,
}

#[derive(Debug, Deserialize)]
struct Cause {
    #[serde(rename = "shortDescription")]
    short_description: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Parameter {
    name: Option<String>,
    value: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Revision {
    #[serde(rename = "SHA1")]
    sha1: Option<String>,
}

impl Build {
    /// Who or what caused it.
    pub(super) fn causes(&self) -> Vec<String> {
        let mut causes: Vec<String> = self
            .actions
            .iter()
            .flatten()
            .flat_map(|action| action.causes.iter().flatten())
            .filter_map(|cause| cause.short_description.clone())
            .collect();
        // Merged requests of one person repeat their cause.
        causes.dedup();
        causes
    }

    /// Parameters with a value; secret ones have none.
    pub(super) fn parameters(&self) -> Vec<(String, String)> {
        parameters(&self.actions)
    }

    /// The commit that was built; none when several sources were checked out, because Jenkins
    /// does not tell which of them is the service's own.
    pub(super) fn revision(&self) -> Option<String> {
        let mut revisions: Vec<&String> = self
            .actions
            .iter()
            .flatten()
            .filter_map(|action| action.last_built_revision.as_ref()?.sha1.as_ref())
            .collect();
        revisions.sort();
        revisions.dedup();
        match revisions.as_slice() {
            [only] => Some((*only).clone()),
            _ => None,
        }
    }
}

fn parameters(actions: &[Option<Action>]) -> Vec<(String, String)> {
    actions
        .iter()
        .flatten()
        .flat_map(|action| action.parameters.iter().flatten())
        .filter_map(|parameter| Some((parameter.name.clone()?, plain(parameter.value.as_ref()?)?)))
        .collect()
}

/// A parameter's value as text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Queue {
    #[serde(default)]
    pub(super) items: Vec<QueueItem>,
}

#[derive(Debug, Deserialize)]
pub(super) struct QueueItem {
    #[serde(rename = "_class", default)]
    class: String,
    #[serde(default)]
    actions: Vec<Option<Action>>,
    why: Option<String>,
    #[serde(default)]
    cancelled: bool,
    executable: Option<Executable>,
    task: Option<Task>,
}

#[derive(Debug, Deserialize)]
struct Executable {
    number: Option<u32>,
    url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Task {
    url: Option<String>,
}

impl QueueItem {
    /// Where the item stands; `rebase` sets addresses on the configured base.
    pub(super) fn state(&self, rebase: impl Fn(&str) -> Option<String>) -> QueueState {
        if let Some(executable) = &self.executable
            && let (Some(number), Some(url)) = (executable.number, executable.url.as_deref())
            && let Some(url) = rebase(url)
        {
            return QueueState::Started { number, url };
        }
        if self.cancelled {
            return QueueState::Cancelled;
        }
        let why = self.why.clone().unwrap_or_else(|| {
            if self.class.ends_with("LeftItem") {
                "It left the queue and is about to start.".to_owned()
            } else {
                "It waits in the queue.".to_owned()
            }
        });
        QueueState::Waiting { why }
    }

    /// Address of the job that waits.
    pub(super) fn job_url(&self) -> Option<&str> {
        self.task.as_ref()?.url.as_deref()
    }

    /// Whether a parameter has this value.
    pub(super) fn has_parameter(&self, name: &str, value: &str) -> bool {
        parameters(&self.actions)
            .iter()
            .any(|(key, text)| key == name && text == value)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Definitions {
    pub(super) buildable: Option<bool>,
    #[serde(default)]
    property: Vec<Option<Property>>,
}

#[derive(Debug, Deserialize)]
struct Property {
    #[serde(rename = "parameterDefinitions")]
    definitions: Option<Vec<Definition>>,
}

#[derive(Debug, Deserialize)]
struct Definition {
    name: String,
    choices: Option<Vec<Value>>,
}

impl Definitions {
    /// Declared parameters.
    pub(super) fn declared(&self) -> Vec<DeclaredParameter> {
        self.property
            .iter()
            .flatten()
            .flat_map(|property| property.definitions.iter().flatten())
            .map(|definition| DeclaredParameter {
                name: definition.name.clone(),
                choices: definition
                    .choices
                    .iter()
                    .flatten()
                    .filter_map(plain)
                    .collect(),
            })
            .collect()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Input {
    id: String,
    #[serde(rename = "proceedText")]
    proceed_text: Option<String>,
    message: Option<String>,
    #[serde(default)]
    inputs: Option<Vec<Value>>,
}

impl From<Input> for PendingInput {
    fn from(input: Input) -> Self {
        Self {
            id: input.id,
            message: input.message.unwrap_or_default(),
            proceed: input.proceed_text.unwrap_or_else(|| "Proceed".to_owned()),
            has_fields: input.inputs.is_some_and(|fields| !fields.is_empty()),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct TestReport {
    #[serde(rename = "passCount")]
    pub(super) passed: Option<u32>,
    #[serde(rename = "failCount")]
    pub(super) failed: u32,
    #[serde(rename = "skipCount")]
    pub(super) skipped: u32,
    #[serde(rename = "totalCount")]
    pub(super) total: Option<u32>,
}

/// A time in milliseconds since 1970.
pub(super) fn time(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millis).ok()
}
