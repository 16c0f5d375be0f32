//! Shapes of SonarQube's JSON, as far as they are read, and their meaning.

use crate::{excerpt, reply::Reply};
use interlock_domain::{
    Timestamp,
    quality::{Analysis, GateCondition, GateStatus, Measure},
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) version: Option<String>,
    pub(super) status: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Validity {
    pub(super) valid: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Me {
    #[serde(rename = "isLoggedIn")]
    pub(super) is_logged_in: Option<bool>,
    pub(super) login: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ProjectStatusAnswer {
    #[serde(rename = "projectStatus")]
    pub(super) project_status: ProjectStatus,
}

#[derive(Debug, Deserialize)]
pub(super) struct ProjectStatus {
    status: String,
    #[serde(default)]
    conditions: Vec<Condition>,
}

#[derive(Debug, Deserialize)]
struct Condition {
    status: String,
    #[serde(rename = "metricKey")]
    metric: String,
    comparator: Option<String>,
    #[serde(rename = "errorThreshold")]
    threshold: Option<Value>,
    #[serde(rename = "actualValue")]
    actual: Option<Value>,
}

impl ProjectStatus {
    /// The outcome; none for a word that is not known. A warning, which old versions had, is
    /// not a pass.
    pub(super) fn outcome(&self) -> Option<GateStatus> {
        match self.status.as_str() {
            "OK" => Some(GateStatus::Passed),
            "ERROR" | "WARN" => Some(GateStatus::Failed),
            "NONE" => Some(GateStatus::None),
            _ => None,
        }
    }

    /// The word for the outcome.
    pub(super) fn word(&self) -> &str {
        &self.status
    }

    /// Its conditions.
    pub(super) fn conditions(self) -> Vec<GateCondition> {
        self.conditions
            .into_iter()
            .map(|condition| GateCondition {
                passed: matches!(condition.status.as_str(), "OK" | "NO_VALUE"),
                metric: condition.metric,
                comparator: condition.comparator.unwrap_or_default(),
                threshold: condition.threshold.as_ref().and_then(plain),
                actual: condition.actual.as_ref().and_then(plain),
            })
            .collect()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Analyses {
    #[serde(default)]
    pub(super) analyses: Vec<AnalysisEntry>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AnalysisEntry {
    key: String,
    date: String,
    #[serde(rename = "projectVersion")]
    version: Option<String>,
    revision: Option<String>,
}

impl AnalysisEntry {
    /// The analysis; the date as given when it is not a date.
    pub(super) fn read(self) -> Result<Analysis, String> {
        let Some(at) = time(&self.date) else {
            return Err(self.date);
        };
        Ok(Analysis {
            key: self.key,
            at,
            version: self.version.filter(|version| version != "not provided"),
            revision: self.revision,
        })
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct MeasuresAnswer {
    pub(super) component: Component,
}

#[derive(Debug, Deserialize)]
pub(super) struct Component {
    #[serde(default)]
    pub(super) measures: Vec<MeasureEntry>,
}

#[derive(Debug, Deserialize)]
pub(super) struct MeasureEntry {
    metric: String,
    value: Option<Value>,
    period: Option<Period>,
    #[serde(default)]
    periods: Vec<Period>,
}

#[derive(Debug, Deserialize)]
struct Period {
    value: Option<Value>,
}

impl From<MeasureEntry> for Measure {
    fn from(entry: MeasureEntry) -> Self {
        // Values of new code stand in the period only; before 10 also in a list of periods.
        let mut periods = entry.period.iter().chain(entry.periods.iter());
        let value = entry
            .value
            .as_ref()
            .or_else(|| periods.find_map(|period| period.value.as_ref()))
            .and_then(plain);
        Self {
            metric: entry.metric,
            value,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Metrics {
    #[serde(default)]
    pub(super) metrics: Vec<Metric>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Metric {
    pub(super) key: String,
}

/// A value as text: SonarQube writes numbers as strings, some proxies of it do not.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A time such as `2016-12-12T17:12:45+0100`: no colon in the offset.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", text)
        .ok()
        .or_else(|| text.parse().ok())
}

/// What an error says: a list in the old interface, one message in the new.
pub(super) fn said(reply: &Reply) -> Option<String> {
    let json = reply.any_json()?;
    if let Some(message) = json.get("message").and_then(Value::as_str) {
        return Some(excerpt::line(message));
    }
    let messages: Vec<&str> = json
        .get("errors")?
        .as_array()?
        .iter()
        .filter_map(|error| error.get("msg")?.as_str())
        .collect();
    (!messages.is_empty()).then(|| excerpt::line(&messages.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::tests::reply;
    use proptest::prelude::*;

    #[test]
    fn dates_have_no_colon_in_their_offset() {
        let expected: Timestamp = "2016-12-12T16:12:45Z".parse().unwrap();
        assert_eq!(time("2016-12-12T17:12:45+0100"), Some(expected));
        assert_eq!(time("2016-12-12T11:12:45-0500"), Some(expected));
        assert_eq!(time("2016-12-12T16:12:45+0000"), Some(expected));
        assert_eq!(time("2016-12-12T17:12:45+01:00"), Some(expected));
        assert_eq!(time("yesterday"), None);
    }

    #[test]
    fn errors_of_both_interfaces_are_read() {
        let old = reply(
            404,
            &[],
            br#"{"errors":[{"msg":"Component key 'x' not found"}]}"#,
        );
        assert_eq!(said(&old).unwrap(), "Component key 'x' not found");
        let new = reply(400, &[], br#"{"message":"Mode is unknown"}"#);
        assert_eq!(said(&new).unwrap(), "Mode is unknown");
        assert_eq!(said(&reply(401, &[], b"")), None);
    }

    #[test]
    fn a_value_of_new_code_is_read_from_the_period() {
        let entry = |json| Measure::from(serde_json::from_str::<MeasureEntry>(json).unwrap());
        let new = entry(r#"{"metric":"new_coverage","period":{"index":1,"value":"82.5"}}"#);
        assert_eq!(new.value.as_deref(), Some("82.5"));
        let old = entry(r#"{"metric":"new_bugs","periods":[{"index":1,"value":"3"}]}"#);
        assert_eq!(old.value.as_deref(), Some("3"));
        let number = entry(r#"{"metric":"ncloc","value":1200}"#);
        assert_eq!(number.value.as_deref(), Some("1200"));
        assert_eq!(entry(r#"{"metric":"x"}"#).value, None);
    }

    proptest! {
        #[test]
        fn any_text_may_stand_where_a_date_should(text in ".{0,40}") {
            let _ = time(&text);
        }
    }
}
