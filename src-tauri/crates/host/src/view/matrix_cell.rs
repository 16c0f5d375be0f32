//! One cell of the matrix: tone and status, marks, and whether it can be promoted into.

use super::instant;
use interlock_app::{
    Console,
    overview::{Cell, Condition, GateMark, Promotability, Snapshot},
};
use interlock_contract::{
    Tone,
    overview::{CellView, MarkerKind, MarkerView, PromoteView, ReasonView},
};
use interlock_domain::build::BuildResult;
use interlock_ledger::{Promotion, fold::Record};

/// One cell.
pub fn cell_view(
    console: &Console,
    snapshot: &Snapshot,
    record: &Record,
    service: &interlock_app::estate::Service,
    cell: &Cell,
) -> CellView {
    let (mut tone, mut status, reason) = words(&cell.condition);
    if tone == Tone::Ok && !cell.drifted.is_empty() {
        (tone, status) = (Tone::Drift, "drifted".to_owned());
    }
    if cell.stale.is_some() && tone == Tone::Ok {
        (tone, status) = (Tone::Unknown, "last known".to_owned());
    }
    let first = console
        .estate
        .environments
        .first()
        .map(|e| &e.environment.name);
    let mut markers = markers(cell);
    if first == Some(&cell.environment) {
        markers.extend(build_marker(snapshot, service));
    }
    CellView {
        environment: cell.environment.to_string(),
        tone,
        status,
        version: cell.version.clone(),
        commit: cell.commit.clone(),
        since: cell.since.map(instant),
        last_good: None,
        same_as_left: cell.same_as_left,
        markers,
        reason: reason.or_else(|| cell.stale.clone()),
        promote: promote(console, record, service, cell),
    }
}

fn words(condition: &Condition) -> (Tone, String, Option<String>) {
    match condition {
        Condition::NotDeployed => (Tone::Neutral, "not deployed".into(), None),
        Condition::Stable => (Tone::Ok, "stable".into(), None),
        Condition::Moving { stack, status } => (
            Tone::Running,
            "deploying".into(),
            Some(format!("{stack} is {status}")),
        ),
        Condition::RolledBack { stack, reason } => (
            Tone::Bad,
            "rolled back".into(),
            Some(format!(
                "the last update of {stack} was rolled back{}",
                because(reason.as_ref())
            )),
        ),
        Condition::Failed {
            stack,
            status,
            reason,
        } => (
            Tone::Bad,
            "failed".into(),
            Some(format!("{stack} is {status}{}", because(reason.as_ref()))),
        ),
        Condition::InReview { stack } => (
            Tone::Waiting,
            "in review".into(),
            Some(format!("{stack} waits for its first change set")),
        ),
        Condition::Unknown { reason } => (Tone::Unknown, "unknown".into(), Some(reason.clone())),
    }
}

fn because(reason: Option<&String>) -> String {
    reason
        .map(|reason| format!(": {reason}"))
        .unwrap_or_default()
}

fn markers(cell: &Cell) -> Vec<MarkerView> {
    let mut list = Vec::new();
    if let Some((count, cut)) = cell.behind {
        let more = if cut { "+" } else { "" };
        list.push(MarkerView {
            kind: MarkerKind::Behind,
            tone: Tone::Neutral,
            label: format!("{count}{more} behind"),
            detail: format!(
                "{count}{more} commits are in the environment on the left and not here"
            ),
        });
    }
    match &cell.gate {
        Some(GateMark::Failed(metrics)) => list.push(MarkerView {
            kind: MarkerKind::Gate,
            tone: Tone::Bad,
            label: "gate".into(),
            detail: format!(
                "the quality gate of this commit failed: {}",
                metrics.join(", ")
            ),
        }),
        Some(GateMark::Passed) if !cell.same_as_left => list.push(MarkerView {
            kind: MarkerKind::Gate,
            tone: Tone::Ok,
            label: "gate".into(),
            detail: "the quality gate of this commit passed".into(),
        }),
        Some(GateMark::Unknown(reason)) if !cell.same_as_left => list.push(MarkerView {
            kind: MarkerKind::Gate,
            tone: Tone::Unknown,
            label: "gate unknown".into(),
            detail: reason.clone(),
        }),
        _ => {}
    }
    if !cell.drifted.is_empty() {
        list.push(MarkerView {
            kind: MarkerKind::Drift,
            tone: Tone::Drift,
            label: "drift".into(),
            detail: format!("drift was detected in {}", cell.drifted.join(", ")),
        });
    }
    if let Some(stale) = &cell.stale {
        list.push(MarkerView {
            kind: MarkerKind::Incomplete,
            tone: Tone::Unknown,
            label: "stale".into(),
            detail: stale.clone(),
        });
    }
    list
}

fn build_marker(
    snapshot: &Snapshot,
    service: &interlock_app::estate::Service,
) -> Option<MarkerView> {
    let job = service.build_job.as_ref()?;
    let state = snapshot.builds.get(job.as_str())?.current()?;
    let build = state.builds.first()?;
    if build.building {
        return Some(MarkerView {
            kind: MarkerKind::Build,
            tone: Tone::Running,
            label: "building".into(),
            detail: format!("{job} #{} goes on", build.number),
        });
    }
    match build.result {
        Some(BuildResult::Success) | None => None,
        Some(result) => Some(MarkerView {
            kind: MarkerKind::Build,
            tone: Tone::Bad,
            label: format!("build {}", result.word()),
            detail: format!("{job} #{} {}", build.number, result.word()),
        }),
    }
}

fn promote(
    console: &Console,
    record: &Record,
    service: &interlock_app::estate::Service,
    cell: &Cell,
) -> PromoteView {
    match &cell.promote {
        Promotability::Nothing => PromoteView::None,
        Promotability::Allowed { from, version } => PromoteView::Allowed {
            from: from.to_string(),
            version: version.clone(),
        },
        Promotability::Refused { from, reasons } => PromoteView::Refused {
            from: from.to_string(),
            reasons: reasons
                .iter()
                .map(|text| ReasonView {
                    text: text.clone(),
                    link: link_for(console, service, text),
                })
                .collect(),
        },
        Promotability::Open { id } => PromoteView::Open {
            promotion: id.to_string(),
            label: record
                .promotions
                .get(id)
                .map_or_else(|| "open".into(), |p| open_label(p).to_owned()),
        },
    }
}

fn open_label(promotion: &Promotion) -> &'static str {
    super::promotion::words_of(promotion).0
}

fn link_for(
    console: &Console,
    service: &interlock_app::estate::Service,
    text: &str,
) -> Option<String> {
    let sonar = console.estate.sonarqube.as_ref()?;
    let project = service.sonarqube_project.as_ref()?;
    text.starts_with("the quality gate")
        .then(|| format!("{}/dashboard?id={project}", sonar.url))
}
