//! The overview: sources and scopes with their freshness, and the rows of the matrix.

use super::{instant, matrix_cell::cell_view, stack::unclaimed_view};
use interlock_app::{
    Console,
    overview::{Cell, Condition, Matrix, Snapshot, Told},
};
use interlock_contract::{
    Tone,
    overview::{OverviewView, RowView, ScopeView, SourceView},
};
use interlock_domain::{ConnectorError, Scope, SystemKind, Timestamp};
use interlock_ledger::fold::Record;
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
            .map(|(scope, stack)| unclaimed_view(scope, stack))
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
