//! The matrix and its cells.

use super::{instant, status_tone};
use interlock_app::{
    Console,
    overview::{Cell, Condition, GateMark, Matrix, Promotability, Snapshot, Told},
};
use interlock_contract::{
    Tone,
    overview::{
        CellView, CommitView, KeyValueView, MarkerKind, MarkerView, OverviewView, PromoteView,
        ReasonView, RowView, ScopeView, SourceView, StackView,
    },
};
use interlock_domain::{
    ConnectorError, Scope, SystemKind, Timestamp,
    build::BuildResult,
    source::Commit,
    stack::{Stack, StackParameter},
};
use interlock_ledger::{PromotionState, fold::Record};
use std::collections::BTreeMap;

/// A fact older than this is stale.
const STALE: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);

/// The whole overview.
pub fn overview(console: &Console, matrix: &Matrix, record: &Record) -> OverviewView {
    let snapshot = console.snapshot();
    let now = console.now();
    OverviewView {
        taken_at: snapshot
            .refreshed_at
            .or_else(|| {
                snapshot
                    .scopes
                    .iter()
                    .filter_map(|s| s.stacks.last.as_ref().map(|l| l.0))
                    .max()
            })
            .map(instant),
        refreshing: console.is_refreshing(),
        sources: sources(console, &snapshot, now),
        scopes: console
            .estate
            .environments
            .iter()
            .flat_map(|e| e.environment.scopes())
            .map(|scope| scope_view(&snapshot, &scope, now))
            .collect(),
        rows: matrix
            .rows
            .iter()
            .zip(&console.estate.services)
            .map(|(row, service)| {
                let cells: Vec<_> = row
                    .cells
                    .iter()
                    .map(|cell| cell_view(console, &snapshot, record, service, cell))
                    .collect();
                RowView {
                    service: row.service.to_string(),
                    group: service.group.clone(),
                    team: service.team.clone(),
                    differs: differs(&row.cells),
                    cells,
                }
            })
            .collect(),
        unclaimed: console
            .unclaimed(&snapshot)
            .into_iter()
            .map(|(scope, stack)| stack_view(scope, stack))
            .collect(),
    }
}

fn differs(cells: &[Cell]) -> bool {
    cells.windows(2).any(|pair| !pair[1].same_as_left)
        || cells
            .iter()
            .any(|cell| !matches!(cell.condition, Condition::Stable) || !cell.drifted.is_empty())
}

fn sources(console: &Console, snapshot: &Snapshot, now: Timestamp) -> Vec<SourceView> {
    let scopes = snapshot
        .scopes
        .iter()
        .map(|s| {
            (
                s.stacks.last.as_ref().map(|l| l.0),
                s.stacks.failure.clone(),
            )
        })
        .collect();
    let mut list = vec![source(SystemKind::Aws, scopes, now)];
    let estate = &console.estate;
    if estate.jenkins.is_some() {
        list.push(source(SystemKind::Jenkins, times(&snapshot.builds), now));
    }
    if estate.sonarqube.is_some() {
        list.push(source(SystemKind::SonarQube, times(&snapshot.quality), now));
    }
    if estate.gitlab.is_some() {
        let gitlab = vec![(
            snapshot.gitlab.last.as_ref().map(|l| l.0),
            snapshot.gitlab.failure.clone(),
        )];
        list.push(source(SystemKind::GitLab, gitlab, now));
    }
    list
}

type Asked = (Option<Timestamp>, Option<(Timestamp, ConnectorError)>);

fn times<T>(map: &BTreeMap<String, Told<T>>) -> Vec<Asked> {
    map.values()
        .map(|told| (told.last.as_ref().map(|l| l.0), told.failure.clone()))
        .collect()
}

fn source(system: SystemKind, asked: Vec<Asked>, now: Timestamp) -> SourceView {
    let at = asked.iter().filter_map(|(at, _)| *at).max();
    let failures: Vec<_> = asked
        .iter()
        .filter_map(|(_, failure)| failure.as_ref())
        .collect();
    let stale = at.is_some_and(|at| now.duration_since(at) > STALE);
    let (tone, state, reason) = if asked
        .iter()
        .all(|(at, failure)| at.is_none() && failure.is_none())
    {
        (Tone::Unknown, "not asked yet", None)
    } else if !failures.is_empty() && failures.len() == asked.len() {
        (
            Tone::Bad,
            "unreachable",
            failures.first().map(|f| f.1.message.clone()),
        )
    } else if let Some(failure) = failures.first() {
        let text = format!(
            "{} of {} questions failed: {}",
            failures.len(),
            asked.len(),
            failure.1.message
        );
        (Tone::Waiting, "partly unreachable", Some(text))
    } else if stale {
        (
            Tone::Waiting,
            "stale",
            Some("not asked for more than 15 minutes".into()),
        )
    } else {
        (Tone::Ok, "fresh", None)
    };
    SourceView {
        system: system.name().into(),
        tone,
        state: state.into(),
        at: at.map(instant),
        reason,
    }
}

fn scope_view(snapshot: &Snapshot, scope: &Scope, now: Timestamp) -> ScopeView {
    let state = snapshot.scope(scope);
    let last = state.and_then(|s| s.stacks.last.as_ref());
    let failure = state.and_then(|s| s.stacks.failure.as_ref());
    let (tone, reason) = match (last, failure) {
        (_, Some((_, error))) => (
            if last.is_some() {
                Tone::Waiting
            } else {
                Tone::Bad
            },
            Some(error.message.clone()),
        ),
        (Some((at, _)), None) if now.duration_since(*at) > STALE => (
            Tone::Waiting,
            Some("not asked for more than 15 minutes".into()),
        ),
        (Some(_), None) => (Tone::Ok, None),
        (None, None) => (Tone::Unknown, Some("not asked yet".into())),
    };
    ScopeView {
        environment: scope.environment.to_string(),
        account: scope.account.to_string(),
        region: scope.region.to_string(),
        tone,
        stacks: last.map_or(0, |(_, stacks)| {
            u32::try_from(stacks.len()).unwrap_or(u32::MAX)
        }),
        at: last.map(|(at, _)| instant(*at)),
        reason,
    }
}

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
                .map_or_else(|| "open".into(), |p| open_label(&p.state).to_owned()),
        },
    }
}

fn open_label(state: &PromotionState) -> &'static str {
    super::promotion::state_words(state).0
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

/// One stack.
pub fn stack_view(scope: &Scope, stack: &Stack) -> StackView {
    StackView {
        name: stack.name.to_string(),
        environment: scope.environment.to_string(),
        region: scope.region.to_string(),
        status: stack.status.0.clone(),
        tone: status_tone(&stack.status.0),
        status_reason: stack.status_reason.clone(),
        updated_at: Some(instant(stack.changed_at())),
        parent: stack.parent.clone(),
        drift: stack.drift.status.clone(),
        drift_at: stack.drift.checked_at.map(instant),
        outputs: stack
            .outputs
            .iter()
            .map(|o| KeyValueView {
                key: o.key.clone(),
                value: Some(o.value.clone()),
                note: o.export.as_ref().map(|name| format!("exported as {name}")),
            })
            .collect(),
        parameters: stack.parameters.iter().map(parameter).collect(),
        tags: stack
            .tags
            .iter()
            .map(|(key, value)| KeyValueView {
                key: key.clone(),
                value: Some(value.clone()),
                note: None,
            })
            .collect(),
    }
}

fn parameter(parameter: &StackParameter) -> KeyValueView {
    if parameter.is_masked() {
        return KeyValueView {
            key: parameter.key.clone(),
            value: None,
            note: Some("hidden by AWS (NoEcho)".into()),
        };
    }
    KeyValueView {
        key: parameter.key.clone(),
        value: Some(
            parameter
                .resolved
                .clone()
                .unwrap_or_else(|| parameter.value.clone()),
        ),
        note: parameter
            .resolved
            .as_ref()
            .map(|_| format!("Systems Manager parameter {}", parameter.value)),
    }
}

/// One commit; a `!123` in its title is its merge request.
pub fn commit_view(commit: &Commit) -> CommitView {
    let merge_request = commit
        .title
        .split(|c: char| c.is_whitespace() || "()".contains(c))
        .find(|word| {
            word.len() > 1 && word.starts_with('!') && word[1..].bytes().all(|b| b.is_ascii_digit())
        });
    CommitView {
        id: commit.id.to_string(),
        title: commit.title.clone(),
        author: commit.author.clone(),
        at: Some(instant(commit.at)),
        merge_request: merge_request.map(str::to_owned),
    }
}
