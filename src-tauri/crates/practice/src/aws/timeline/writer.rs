//! Writing a timeline down: entries in any order, made distinct and put in order at the end.

use super::Setting;
use crate::aws::model::{Resource, StackEvent, StackStatus, StatusStep};
use crate::aws::resource_types::uuid_of;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

/// An entry before instants are made distinct.
pub(super) struct Entry {
    millis: i64,
    event: Option<StackEvent>,
    status: Option<(StackStatus, Option<String>)>,
}

pub(super) struct Writer<'a> {
    pub(super) setting: &'a Setting<'a>,
    pub(super) entries: Vec<Entry>,
}

impl<'a> Writer<'a> {
    /// Begins a timeline.
    pub(super) fn new(setting: &'a Setting<'a>) -> Self {
        Self {
            setting,
            entries: Vec::new(),
        }
    }

    pub(super) fn resource(
        &mut self,
        millis: i64,
        resource: &Resource,
        physical_id: &str,
        status: &str,
        reason: Option<&str>,
    ) {
        let properties = (!status.starts_with("DELETE")).then(|| resource.shown().to_string());
        self.entries.push(Entry {
            millis,
            event: Some(StackEvent {
                id: String::new(),
                at: self.setting.started_at,
                logical_id: resource.logical_id.clone(),
                physical_id: physical_id.to_owned(),
                resource_type: resource.resource_type.clone(),
                status: status.to_owned(),
                reason: reason.map(str::to_owned),
                properties,
                token: self.setting.token.map(str::to_owned),
                operation: self.setting.operation.to_owned(),
            }),
            status: None,
        });
    }

    /// Notes a status of the stack; those that AWS's model does not know as event statuses make no event.
    pub(super) fn stack(&mut self, millis: i64, status: StackStatus, reason: Option<&str>) {
        let is_silent = matches!(
            status,
            StackStatus::UpdateCompleteCleanupInProgress
                | StackStatus::UpdateRollbackCompleteCleanupInProgress
        );
        self.entries.push(Entry {
            millis,
            event: (!is_silent).then(|| StackEvent {
                id: String::new(),
                at: self.setting.started_at,
                logical_id: self.setting.stack_name.to_owned(),
                physical_id: self.setting.stack_id.to_owned(),
                resource_type: "AWS::CloudFormation::Stack".to_owned(),
                status: status.as_str().to_owned(),
                reason: reason.map(str::to_owned),
                properties: None,
                token: self.setting.token.map(str::to_owned),
                operation: self.setting.operation.to_owned(),
            }),
            status: Some((status, reason.map(str::to_owned))),
        });
    }

    pub(super) fn last(&self) -> i64 {
        self.entries
            .iter()
            .map(|entry| entry.millis)
            .max()
            .unwrap_or(0)
    }

    /// Makes the instants distinct, so that the order of events is the order of time.
    pub(super) fn finish(mut self) -> (Vec<StackEvent>, Vec<StatusStep>, Timestamp) {
        self.entries.sort_by_key(|entry| entry.millis);
        let mut events = Vec::new();
        let mut statuses = Vec::new();
        let mut previous = -1;
        let mut at = self.setting.started_at;
        for (index, entry) in self.entries.into_iter().enumerate() {
            previous = entry.millis.max(previous + 1);
            at = self.setting.started_at + SignedDuration::from_millis(previous);
            if let Some(mut event) = entry.event {
                event.at = at;
                let seed = format!("{}/{index}", self.setting.operation);
                event.id = if event.physical_id == self.setting.stack_id {
                    uuid_of(&seed)
                } else if event.status.starts_with("DELETE") {
                    format!("{}-{}", event.logical_id, uuid_of(&seed))
                } else {
                    let millis = at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
                    format!("{}-{}-{millis}", event.logical_id, event.status)
                };
                events.push(event);
            }
            if let Some((status, reason)) = entry.status {
                statuses.push(StatusStep { at, status, reason });
            }
        }
        (events, statuses, at)
    }
}

/// Returns how long a step on a resource lasts, in milliseconds.
pub(super) fn duration(setting: &Setting<'_>, resource: &Resource, step: &str) -> i64 {
    let digest = Sha256::digest(format!(
        "{}/{}/{step}",
        setting.stack_name, resource.logical_id
    ));
    let spread = i64::from(u16::from_be_bytes([digest[0], digest[1]]) % 3000);
    let full = (1000 + spread) as f64 * setting.pace;
    let part = match step {
        "delete" => full * 0.5,
        _ => full,
    };
    // Rounded on purpose: instants have milliseconds.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most minutes, in milliseconds"
    )]
    {
        part as i64
    }
}
