//! Stages of a Pipeline build.
//!
//! The flat list of `wfapi` gives a stage with parallel branches the status of its own few
//! milliseconds: it is green while a branch below it is red. Where the nested view of the
//! Pipeline Graph View plugin is installed, such parents get the worst status below them; the
//! branches themselves are in the list either way.

use super::{Jenkins, wire::time};
use interlock_app::ports::Answer;
use interlock_domain::{JobName, build::Stage};
use serde::Deserialize;
use std::{collections::HashMap, sync::atomic::Ordering};

#[derive(Debug, Deserialize)]
pub(super) struct Described {
    #[serde(default)]
    pub(super) stages: Vec<Flat>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Flat {
    id: String,
    name: String,
    status: Option<String>,
    #[serde(rename = "startTimeMillis")]
    start: Option<i64>,
    #[serde(rename = "durationMillis")]
    duration: Option<i64>,
    error: Option<Failure>,
}

#[derive(Debug, Deserialize)]
struct Failure {
    message: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Overview {
    pub(super) data: OverviewData,
}

#[derive(Debug, Deserialize)]
pub(super) struct OverviewData {
    #[serde(default)]
    pub(super) stages: Vec<Nested>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Nested {
    #[serde(default)]
    id: String,
    #[serde(default)]
    children: Vec<Nested>,
}

impl Jenkins {
    /// Stages as `wfapi` gives them; none when it does not know the build.
    pub(super) async fn flat_stages(
        &self,
        operation: &str,
        path: &str,
    ) -> Answer<Option<Vec<Stage>>> {
        let url = self.client.base().at(&format!("{path}/wfapi/describe"));
        let described: Option<Described> = self.look(operation, url).await?;
        Ok(described.map(|described| described.stages.into_iter().map(Stage::from).collect()))
    }

    /// Gives parents of red or unfinished branches the status of their branches, as far as
    /// Jenkins tells who is whose parent.
    pub(super) async fn correct_parents(&self, job: &JobName, path: &str, stages: &mut [Stage]) {
        let green = |stage: &Stage| stage.status == "SUCCESS";
        let first_green = stages.iter().position(green);
        let misleading =
            first_green.is_some_and(|first| stages[first..].iter().any(|stage| !green(stage)));
        if !misleading || self.no_overview.load(Ordering::Relaxed) {
            return;
        }
        let operation = format!("nested stages of {job}");
        let url = self
            .client
            .base()
            .at(&format!("{path}/pipeline-overview/tree"));
        match self.look::<Overview>(&operation, url).await {
            Ok(Some(overview)) => correct(&overview.data.stages, stages),
            Ok(None) => self.no_overview.store(true, Ordering::Relaxed),
            // An extra that is not needed: the flat list stands as it is.
            Err(error) => tracing::debug!(%error, "no nested stages"),
        }
    }
}

impl From<Flat> for Stage {
    fn from(flat: Flat) -> Self {
        Self {
            id: flat.id,
            name: flat.name,
            status: flat.status.unwrap_or_else(|| "UNKNOWN".to_owned()),
            started_at: flat.start.filter(|&start| start > 0).and_then(time),
            duration_ms: u64::try_from(flat.duration.unwrap_or_default()).unwrap_or_default(),
            error: flat.error.and_then(|error| error.message.or(error.kind)),
        }
    }
}

pub(super) fn correct(tree: &[Nested], stages: &mut [Stage]) {
    let mut status: HashMap<String, String> = stages
        .iter()
        .map(|stage| (stage.id.clone(), stage.status.clone()))
        .collect();
    for nested in tree {
        worst(nested, &mut status);
    }
    for stage in stages {
        if let Some(corrected) = status.remove(&stage.id) {
            stage.status = corrected;
        }
    }
}

/// The worst status of a stage and everything below it, which becomes the stage's own.
fn worst(nested: &Nested, status: &mut HashMap<String, String>) -> Option<String> {
    let mut found = status.get(&nested.id).cloned();
    for child in &nested.children {
        let below = worst(child, status);
        if badness(below.as_deref()) > badness(found.as_deref()) {
            found = below;
        }
    }
    if let (Some(found), true) = (&found, status.contains_key(&nested.id)) {
        status.insert(nested.id.clone(), found.clone());
    }
    found
}

fn badness(status: Option<&str>) -> u8 {
    match status {
        Some("FAILED") => 6,
        Some("ABORTED") => 5,
        Some("PAUSED_PENDING_INPUT") => 4,
        Some("IN_PROGRESS") => 3,
        Some("UNSTABLE") => 2,
        Some("SUCCESS") => 1,
        // Not executed, not known: worse than nothing, better than anything that ran.
        Some(_) | None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(id: &str, status: &str) -> Stage {
        Stage {
            id: id.to_owned(),
            name: id.to_owned(),
            status: status.to_owned(),
            started_at: None,
            duration_ms: 0,
            error: None,
        }
    }

    #[test]
    fn a_skipped_branch_does_not_take_the_green_from_its_parent() {
        let tree: Vec<Nested> = serde_json::from_str(
            r#"[{"id":"1","children":[{"id":"2","children":[]},{"id":"9","children":[]}]}]"#,
        )
        .unwrap();
        let mut stages = [stage("1", "SUCCESS"), stage("2", "NOT_EXECUTED")];
        correct(&tree, &mut stages);
        assert_eq!(stages[0].status, "SUCCESS");
        assert_eq!(stages[1].status, "NOT_EXECUTED");
    }

    #[test]
    fn a_branch_that_waits_for_a_person_makes_its_parent_wait() {
        let tree: Vec<Nested> =
            serde_json::from_str(r#"[{"id":"1","children":[{"id":"2"},{"id":"3"}]}]"#).unwrap();
        let mut stages = [
            stage("1", "SUCCESS"),
            stage("2", "SUCCESS"),
            stage("3", "PAUSED_PENDING_INPUT"),
        ];
        correct(&tree, &mut stages);
        assert_eq!(stages[0].status, "PAUSED_PENDING_INPUT");
        assert_eq!(stages[1].status, "SUCCESS");
    }
}
