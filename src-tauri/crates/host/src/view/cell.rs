//! The drawer of one cell.

use super::{
    drift::{drift_views, known},
    instant,
    matrix_cell::cell_view,
    stack::{commit_view, stack_view},
};
use interlock_app::{
    Console, UseCase, UseCaseError,
    drift::DriftKnowledge,
    estate::{Promote, Service},
    overview::{Cell, Condition, Promotability},
};
use interlock_contract::{
    Tone,
    overview::{CellDetailView, DriftView, FactView, LinkView},
};
use interlock_domain::{
    EnvironmentName, ServiceName, SystemKind, person::Person, quality::GateStatus, stack::Stack,
};
use interlock_ledger::{Promotion, PromotionState, fold::Record};

/// The drawer: what runs there, since when, by whom, and what a promotion would do.
pub async fn cell(
    console: &Console,
    service: &ServiceName,
    environment: &EnvironmentName,
    me: Option<&Person>,
) -> UseCase<CellDetailView> {
    let missing = |what, name: &dyn std::fmt::Display| UseCaseError::NotFound {
        what,
        name: name.to_string(),
    };
    let at = console
        .estate
        .services
        .iter()
        .position(|s| &s.name == service)
        .ok_or_else(|| missing("service", service))?;
    let declared = &console.estate.services[at];
    let column = console
        .estate
        .environments
        .iter()
        .position(|e| &e.environment.name == environment)
        .ok_or_else(|| missing("environment", environment))?;
    let record = console.record()?;
    let matrix = console.matrix(&record, me);
    let row = &matrix.rows[at];
    let cell = &row.cells[column];
    let left = column.checked_sub(1).map(|left| &row.cells[left]);
    let snapshot = console.snapshot();
    let stacks = console.stacks_of(&snapshot, declared, environment);
    let (behind, behind_note) = match (
        left.and_then(|l| l.commit.as_ref()),
        &cell.commit,
        &declared.repository,
    ) {
        (Some(head), Some(base), Some(repository)) if head != base => {
            console
                .commits_between(declared, repository, base, head)
                .await
        }
        _ => (Vec::new(), None),
    };
    let (mut drift, mut drift_known) = (Vec::new(), Vec::new());
    for (scope, stack) in &stacks {
        let mut knowledge = DriftKnowledge::of(stack);
        if knowledge.is_drifted() {
            let reader = console.ports().stacks.clone();
            match reader.drifted_resources(scope, stack.name.as_str()).await {
                Ok(resources) => drift.extend(
                    resources
                        .iter()
                        .flat_map(|resource| drift_views(stack, resource)),
                ),
                Err(error) => knowledge = DriftKnowledge::NotKnown(error.message),
            }
        }
        drift_known.push(known(
            stack.name.as_str(),
            scope.region.as_str(),
            &knowledge,
        ));
    }
    Ok(CellDetailView {
        service: service.to_string(),
        cell: cell_view(console, &snapshot, &record, declared, cell),
        facts: facts(console, &record, declared, cell, &stacks),
        stacks: stacks
            .iter()
            .map(|(scope, stack)| stack_view(scope, stack))
            .collect(),
        preview: left
            .map(|left| preview(declared, left, cell, &drift, behind.len()))
            .unwrap_or_default(),
        drift,
        drift_known,
        behind: behind.iter().map(commit_view).collect(),
        behind_note,
        links: links(console, declared),
    })
}

fn fact(label: &str, value: impl Into<String>) -> FactView {
    FactView {
        label: label.into(),
        value: value.into(),
        detail: None,
        tone: Tone::Neutral,
        at: None,
        code: false,
        link: None,
    }
}

fn facts(
    console: &Console,
    record: &Record,
    service: &Service,
    cell: &Cell,
    stacks: &[(interlock_domain::Scope, Stack)],
) -> Vec<FactView> {
    let mut list = vec![FactView {
        code: true,
        detail: cell.commit.as_ref().map(|c| c.chars().take(7).collect()),
        tone: if cell.version.is_some() {
            Tone::Neutral
        } else {
            Tone::Unknown
        },
        ..fact(
            "Version",
            cell.version.clone().unwrap_or_else(|| "not known".into()),
        )
    }];
    if let Some(since) = cell.since {
        list.push(FactView {
            at: Some(instant(since)),
            ..fact("Since", instant(since))
        });
    }
    if let Some(promotion) = last_promotion(record, service, cell) {
        if let Some(attempt) = promotion.last_attempt() {
            list.push(fact(
                "Deployed by",
                format!("{} with {}", console.name_of(&attempt.by), promotion.id),
            ));
        }
        let names: Vec<_> = promotion
            .approvals
            .iter()
            .map(|a| console.name_of(&a.by))
            .collect();
        if !names.is_empty() {
            list.push(FactView {
                tone: Tone::Ok,
                ..fact("Approved by", names.join(", "))
            });
        }
    } else if !stacks.is_empty() {
        list.push(FactView {
            tone: Tone::Unknown,
            ..fact("Approved by", "no approval in this ledger")
        });
    }
    if let Some(gate) = gate_fact(console, service, cell) {
        list.push(gate);
    }
    list.push(fact(
        "Promoted through",
        match &service.promote {
            Promote::CloudFormation => "CloudFormation change sets".to_owned(),
            Promote::Jenkins { job, .. } => format!("Jenkins {job}"),
        },
    ));
    list
}

fn last_promotion<'r>(record: &'r Record, service: &Service, cell: &Cell) -> Option<&'r Promotion> {
    record
        .promotions
        .values()
        .filter(|p| {
            p.to == cell.environment.as_str()
                && matches!(p.state, PromotionState::Applied | PromotionState::Verified)
                && p.manifest
                    .as_ref()
                    .and_then(|m| m.service(&service.name))
                    .is_some_and(|it| it.version == cell.version)
        })
        .max_by_key(|p| p.updated_at)
}

fn gate_fact(console: &Console, service: &Service, cell: &Cell) -> Option<FactView> {
    let project = service.sonarqube_project.as_ref()?;
    let snapshot = console.snapshot();
    let told = snapshot.quality.get(project)?;
    let Some((at, quality)) = &told.last else {
        let reason = told
            .failure
            .as_ref()
            .map(|(_, e)| e.message.clone())
            .unwrap_or_default();
        return Some(FactView {
            tone: Tone::Unknown,
            detail: Some(reason),
            ..fact("Quality", "not known")
        });
    };
    let gate = cell
        .commit
        .as_ref()
        .and_then(|commit| quality.gates.get(commit));
    let (word, tone) = match gate.map(|g| g.status) {
        Some(GateStatus::Passed) => ("gate passed", Tone::Ok),
        Some(GateStatus::Failed) => ("gate failed", Tone::Bad),
        Some(GateStatus::None) => ("no gate", Tone::Unknown),
        None => ("this commit was not analysed", Tone::Unknown),
    };
    let coverage = quality
        .measures
        .iter()
        .find(|m| m.metric == "coverage")
        .and_then(|m| m.value.clone())
        .map(|value| format!("coverage of the newest analysis {value} %"));
    Some(FactView {
        tone,
        detail: coverage,
        at: Some(instant(*at)),
        ..fact("Quality", word)
    })
}

fn preview(
    service: &Service,
    left: &Cell,
    cell: &Cell,
    drift: &[DriftView],
    commits: usize,
) -> Vec<FactView> {
    let mut list = Vec::new();
    match &cell.promote {
        Promotability::Allowed { from, version } => {
            let version = version.clone().unwrap_or_else(|| "the version".into());
            list.push(FactView {
                tone: Tone::Running,
                ..fact("Brings", format!("{version} from {from}"))
            });
        }
        Promotability::Refused { reasons, .. } => {
            list.extend(reasons.iter().map(|reason| FactView {
                tone: Tone::Bad,
                ..fact("Not now", reason.clone())
            }));
        }
        Promotability::Open { id } => {
            list.push(FactView {
                tone: Tone::Waiting,
                ..fact("Open", format!("promotion {id}"))
            });
        }
        Promotability::Nothing => return list,
    }
    if commits > 0 {
        let noun = if commits == 1 { "commit" } else { "commits" };
        list.push(fact(
            "Commits",
            format!("{commits} {noun} from {}", left.environment),
        ));
    }
    // Without a drift-aware change set it depends on what else changes in the resource.
    let label = if service.revert_drift {
        "Puts back"
    } else {
        "May overwrite"
    };
    for d in drift {
        if let (Some(path), Some(actual), Some(expected)) = (&d.path, &d.actual, &d.expected) {
            list.push(FactView {
                tone: Tone::Drift,
                ..fact(
                    label,
                    format!(
                        "{} {path}: {actual} live, {expected} in the template",
                        d.logical_id
                    ),
                )
            });
        }
    }
    if matches!(cell.condition, Condition::NotDeployed) {
        list.push(FactView {
            tone: Tone::Waiting,
            ..fact("Creates", "stacks that are not there yet")
        });
    }
    list
}

fn links(console: &Console, service: &Service) -> Vec<LinkView> {
    let mut list = Vec::new();
    let estate = &console.estate;
    let mut job = |label: &str, name: &interlock_domain::JobName| {
        if let Some(jenkins) = &estate.jenkins {
            let path: Vec<_> = name
                .as_str()
                .split('/')
                .map(|part| format!("job/{part}"))
                .collect();
            list.push(LinkView {
                label: label.into(),
                url: format!("{}/{}/", jenkins.url, path.join("/")),
            });
        }
    };
    if let Promote::Jenkins { job: name, .. } = &service.promote {
        job("Deploy job", name);
    }
    if let Some(name) = &service.build_job {
        job("Build job", name);
    }
    if let (Some(sonar), Some(project)) = (&estate.sonarqube, &service.sonarqube_project) {
        list.push(LinkView {
            label: SystemKind::SonarQube.name().into(),
            url: format!("{}/dashboard?id={project}", sonar.url),
        });
    }
    if let (Some(gitlab), Some(project)) = (&estate.gitlab, &service.gitlab_project) {
        list.push(LinkView {
            label: SystemKind::GitLab.name().into(),
            url: format!("{}/{project}", gitlab.url),
        });
    }
    list.extend(service.links.iter().map(|(label, url)| LinkView {
        label: label.clone(),
        url: url.clone(),
    }));
    list
}
