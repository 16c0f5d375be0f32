//! Drift: what was changed past CloudFormation, and its detection.

use super::changes::{differing_paths, pointer};
use super::cloud::DriftChange;
use super::error::{AwsError, AwsResult};
use super::estate::{Estate, Site};
use super::model::{Detection, Resource, ResourceDrift, Stack, StackStatus};
use super::resource_types::{self, uuid_of};
use super::template::evaluate::text_of;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

/// Returns a resource's properties as they are, or nothing when it is gone.
fn actual(stack: &Stack, resource: &Resource) -> Option<Value> {
    as_changed(stack, resource, resource.shown())
}

/// Returns properties of a resource with what was changed by hand in them, or nothing when it is
/// gone.
pub(super) fn as_changed(stack: &Stack, resource: &Resource, properties: &Value) -> Option<Value> {
    let mut properties = properties.clone();
    for change in &stack.drift {
        match change {
            DriftChange::Deleted { logical_id } if *logical_id == resource.logical_id => {
                return None;
            }
            DriftChange::Property {
                logical_id,
                path,
                actual,
            } if *logical_id == resource.logical_id => put(&mut properties, path, actual),
            _ => {}
        }
    }
    Some(properties)
}

/// Puts a value at a JSON pointer; null takes it away.
fn put(properties: &mut Value, path: &str, value: &Value) {
    let mut steps: Vec<&str> = path.split('/').skip(1).collect();
    let Some(last) = steps.pop() else {
        return;
    };
    let mut here = properties;
    for step in steps {
        here = match here {
            Value::Array(items) => {
                match step.parse::<usize>().ok().and_then(|i| items.get_mut(i)) {
                    Some(item) => item,
                    None => return,
                }
            }
            Value::Object(map) => map.entry(step).or_insert_with(|| Value::Object(Map::new())),
            _ => return,
        };
    }
    match here {
        Value::Object(map) if value.is_null() => {
            map.shift_remove(last);
        }
        Value::Object(map) => {
            map.insert(last.to_owned(), as_text(value));
        }
        Value::Array(items) => match last.parse::<usize>() {
            Ok(index) if index < items.len() && value.is_null() => {
                items.remove(index);
            }
            Ok(index) if index < items.len() => items[index] = as_text(value),
            _ if !value.is_null() => items.push(as_text(value)),
            _ => {}
        },
        _ => {}
    }
}

/// Writes scalars as text, as properties hold them.
fn as_text(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(as_text).collect()),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(k, v)| (k.clone(), as_text(v))).collect())
        }
        scalar => Value::String(text_of(scalar)),
    }
}

fn drift_of(stack: &Stack, resource: &Resource) -> ResourceDrift {
    let expected = resource.shown().clone();
    let mut drift = ResourceDrift {
        logical_id: resource.logical_id.clone(),
        physical_id: resource.physical_id.clone(),
        resource_type: resource.resource_type.clone(),
        status: String::new(),
        actual: expected.clone(),
        expected,
        differences: Vec::new(),
    };
    if !resource_types::detects_drift(&resource.resource_type) {
        "NOT_CHECKED".clone_into(&mut drift.status);
        return drift;
    }
    let Some(actual) = actual(stack, resource) else {
        "DELETED".clone_into(&mut drift.status);
        return drift;
    };
    drift.differences = differing_paths(&drift.expected, &actual)
        .iter()
        .map(|path| {
            let path = pointer(path);
            let was = drift.expected.pointer(&path);
            let is = actual.pointer(&path);
            let kind = match (was, is) {
                (None, _) => "ADD",
                (_, None) => "REMOVE",
                _ => "NOT_EQUAL",
            };
            let text = |value: Option<&Value>| value.map_or_else(|| "null".to_owned(), text_of);
            (path.clone(), text(was), text(is), kind.to_owned())
        })
        .collect();
    let status = if drift.differences.is_empty() {
        "IN_SYNC"
    } else {
        "MODIFIED"
    };
    status.clone_into(&mut drift.status);
    drift.actual = actual;
    drift
}

/// Works out what a detection would find now.
pub fn find(stack: &Stack) -> Vec<ResourceDrift> {
    stack
        .live
        .resources
        .iter()
        .filter(|resource| !resource.is_deleted())
        .map(|resource| drift_of(stack, resource))
        .collect()
}

impl Detection {
    /// Returns `DRIFTED` or `IN_SYNC`.
    pub fn status(&self) -> &'static str {
        if self.drifted() == 0 {
            "IN_SYNC"
        } else {
            "DRIFTED"
        }
    }

    /// Counts the drifted resources.
    pub fn drifted(&self) -> usize {
        self.drifts
            .iter()
            .filter(|drift| matches!(drift.status.as_str(), "MODIFIED" | "DELETED"))
            .count()
    }
}

impl Stack {
    /// Returns the last detection that has ended.
    pub fn detected(&self, now: Timestamp) -> Option<&Detection> {
        let last = self.detection.as_ref()?;
        if last.ended_at <= now {
            Some(last)
        } else {
            last.before.as_deref()
        }
    }
}

impl Estate {
    /// Looks for the drift of one resource at once and returns the stack's index.
    pub fn detect_resource_drift(
        &mut self,
        site: &Site,
        name: &str,
        logical_id: &str,
        now: Timestamp,
    ) -> AwsResult<usize> {
        let index = self.require_to_change(site, name)?;
        let stack = &self.stacks[index];
        let resource = stack
            .live
            .resources
            .iter()
            .find(|resource| resource.logical_id == logical_id && !resource.is_deleted())
            .ok_or_else(|| {
                AwsError::validation(format!(
                    "Resource {logical_id} does not exist for stack {}",
                    stack.name
                ))
            })?;
        if !resource_types::detects_drift(&resource.resource_type) {
            return Err(AwsError::validation(format!(
                "Drift detection is not supported for resource type {}",
                resource.resource_type
            )));
        }
        self.detect_drift(site, name, &[logical_id.to_owned()], now)?;
        if let Some(detection) = &mut self.stacks[index].detection {
            detection.ended_at = now;
        }
        Ok(index)
    }

    /// Starts a drift detection and returns its id.
    pub fn detect_drift(
        &mut self,
        site: &Site,
        name: &str,
        only: &[String],
        now: Timestamp,
    ) -> AwsResult<String> {
        let index = self.require_to_change(site, name)?;
        let millis = 2_000.0 * self.pace;
        let stack = &mut self.stacks[index];
        let (status, _) = stack.status_at(now);
        if status.is_in_progress()
            || matches!(
                status,
                StackStatus::ReviewInProgress | StackStatus::RollbackComplete
            )
        {
            return Err(AwsError::validation(format!(
                "Drift detection cannot be performed on stack [{}] in {status} state",
                stack.id
            )));
        }
        if stack
            .detection
            .as_ref()
            .is_some_and(|last| now < last.ended_at)
        {
            return Err(AwsError::validation(format!(
                "Drift detection is already in progress for stack [{}]",
                stack.id
            )));
        }
        let mut drifts = find(stack);
        if !only.is_empty() {
            let known = stack
                .detection
                .as_ref()
                .map(|last| last.drifts.clone())
                .unwrap_or_default();
            for drift in &mut drifts {
                if only.contains(&drift.logical_id) {
                    continue;
                }
                match known.iter().find(|old| old.logical_id == drift.logical_id) {
                    Some(old) => *drift = old.clone(),
                    None => "NOT_CHECKED".clone_into(&mut drift.status),
                }
            }
        }
        let id = uuid_of(&format!("{}/drift/{}", stack.id, now.as_millisecond()));
        let before = stack.detection.take().map(|mut last| {
            last.before = None;
            Box::new(last)
        });
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a few seconds, in milliseconds"
        )]
        let ended_at = now + SignedDuration::from_millis(millis as i64);
        stack.detection = Some(Detection {
            id: id.clone(),
            started_at: now,
            ended_at,
            drifts,
            before,
        });
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_put_where_the_pointer_says() {
        let mut value = json!({"A": {"B": "1"}, "L": ["x", "y"]});
        put(&mut value, "/A/B", &json!(2));
        put(&mut value, "/A/C/D", &json!(true));
        put(&mut value, "/L/1", &json!("z"));
        put(&mut value, "/L/9", &json!("w"));
        put(&mut value, "/L/0", &Value::Null);
        assert_eq!(
            value,
            json!({"A": {"B": "2", "C": {"D": "true"}}, "L": ["z", "w"]})
        );
    }
}
