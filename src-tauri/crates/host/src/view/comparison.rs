//! Comparisons: entries, properties, variables and counts for reading.

use super::{dangers, diff, instant, stack::commit_view};
use interlock_app::{
    Console, UseCase, UseCaseError,
    compare::{Point, SideFacts, SideFile, StackPair},
};
use interlock_contract::comparison::{
    ComparisonSummaryView, ComparisonView, CountsView, DifferenceState, EntryView,
    OpenChangeSetView, OpenChangeSetsView, PropertyView, RawTextView, ServiceDifferenceView,
    SideRef, SideView, StackComparisonView, StackDifferenceView, VariableState, VariableView,
};
use interlock_contract::diff::ResourceRow;
use interlock_domain::{EnvironmentName, ServiceName};
use interlock_stackdiff::{
    Analysis, Cause, EntryDifference, EntryState, ParameterRow, RowState, Section, StackDifference,
};
use std::collections::HashMap;

fn point(console: &Console, side: &SideRef) -> UseCase<Point> {
    let environment = |name: &str| {
        EnvironmentName::new(name.to_owned()).map_err(|_| UseCaseError::NotFound {
            what: "environment",
            name: name.to_owned(),
        })
    };
    Ok(match side {
        SideRef::Environment { name } => Point::Now(environment(name)?),
        SideRef::Past {
            environment: name,
            at,
        } => Point::Past {
            environment: environment(name)?,
            at: at.parse().map_err(|_| UseCaseError::Precondition {
                reason: format!("{at} is no time such as 2026-11-20T18:00:00Z"),
            })?,
        },
        SideRef::ChangeSet { arn } => console.change_set_point(arn)?,
        SideRef::Files {
            environment: name,
            files,
        } => Point::Files {
            environment: environment(name)?,
            files: files
                .iter()
                .map(|file| SideFile {
                    name: file.name.clone(),
                    text: file.text.clone(),
                })
                .collect(),
        },
        SideRef::Revision {
            revision,
            environment: name,
        } => Point::Revision {
            revision: revision.clone(),
            environment: environment(name)?,
        },
    })
}

/// Counts of every service, differing ones first.
pub async fn summary(
    console: &Console,
    left: &SideRef,
    right: &SideRef,
) -> UseCase<ComparisonSummaryView> {
    let (left, right) = (point(console, left)?, point(console, right)?);
    let mut services = Vec::new();
    for (service, comparison) in console.compare_all(&left, &right).await {
        services.push(match comparison {
            Ok(comparison) => {
                let stacks: Vec<_> = comparison
                    .stacks
                    .iter()
                    .map(|pair| StackDifferenceView {
                        name: pair.name.clone(),
                        state: state(pair),
                        counts: counts(pair),
                    })
                    .collect();
                let reason = comparison
                    .stacks
                    .iter()
                    .find_map(|pair| pair.analysis.as_ref().err().map(ToString::to_string));
                ServiceDifferenceView {
                    service: service.name.to_string(),
                    state: overall(&stacks),
                    counts: stacks
                        .iter()
                        .fold(CountsView::default(), |sum, stack| add(sum, stack.counts)),
                    reason,
                    stacks,
                }
            }
            Err(error @ UseCaseError::NotFound { .. }) => return Err(error),
            Err(error) => ServiceDifferenceView {
                service: service.name.to_string(),
                state: DifferenceState::Unknown,
                counts: CountsView::default(),
                reason: Some(error.to_string()),
                stacks: Vec::new(),
            },
        });
    }
    services.sort_by_key(|s| match s.state {
        DifferenceState::Changed | DifferenceState::OnlyLeft | DifferenceState::OnlyRight => 0,
        DifferenceState::Unknown => 1,
        DifferenceState::Same => 2,
    });
    Ok(ComparisonSummaryView { services })
}

/// One service in detail.
pub async fn comparison(
    console: &Console,
    service: &ServiceName,
    left: &SideRef,
    right: &SideRef,
) -> UseCase<ComparisonView> {
    let declared = service_of(console, service)?;
    let comparison = console
        .compare(declared, &point(console, left)?, &point(console, right)?)
        .await?;
    let (commits, commits_note) = console
        .commits_of_comparison(declared, &comparison.left, &comparison.right)
        .await;
    let stacks: Vec<_> = comparison.stacks.iter().map(stack_view).collect();
    let variables: Vec<_> = comparison
        .stacks
        .iter()
        .filter_map(|pair| pair.analysis.as_ref().ok().map(|a| (pair, &a.difference)))
        .flat_map(|(pair, d)| d.parameters.iter().map(|row| variable(&pair.name, row)))
        .collect();
    Ok(ComparisonView {
        service: service.to_string(),
        left: side(&comparison.left),
        right: side(&comparison.right),
        counts: stacks
            .iter()
            .fold(CountsView::default(), |sum, stack| add(sum, stack.counts)),
        variables_note: variables
            .is_empty()
            .then(|| "No template on either side declares a parameter.".into()),
        variables,
        stacks,
        commits: commits.iter().map(commit_view).collect(),
        commits_note,
    })
}

/// Template texts of a stack.
pub async fn raw(
    console: &Console,
    service: &ServiceName,
    stack: &str,
    left: &SideRef,
    right: &SideRef,
) -> UseCase<RawTextView> {
    let declared = service_of(console, service)?;
    let (left_text, right_text) = console
        .raw_texts(
            declared,
            stack,
            &point(console, left)?,
            &point(console, right)?,
        )
        .await?;
    let mut notes = Vec::new();
    for (label, text) in [("left", &left_text), ("right", &right_text)] {
        match text {
            None => notes.push(format!("There is no such stack on the {label}.")),
            Some(text) if text.contains('?') => {
                notes.push(format!(
                    "AWS shows characters outside ASCII as `?` (on the {label})."
                ));
            }
            Some(_) => {}
        }
    }
    Ok(RawTextView {
        left: left_text,
        right: right_text,
        notes,
    })
}

/// A service of the estate file by its name.
pub(super) fn service_of<'c>(
    console: &'c Console,
    name: &ServiceName,
) -> UseCase<&'c interlock_app::estate::Service> {
    console
        .estate
        .service(name)
        .ok_or_else(|| UseCaseError::NotFound {
            what: "service",
            name: name.to_string(),
        })
}

/// Change sets that wait at the stacks of a service.
pub async fn open_change_sets(
    console: &Console,
    service: &ServiceName,
    environment: &EnvironmentName,
) -> UseCase<OpenChangeSetsView> {
    let declared = service_of(console, service)?;
    let sets = console.open_change_sets(declared, environment).await?;
    Ok(OpenChangeSetsView {
        change_sets: sets
            .into_iter()
            .map(|set| OpenChangeSetView {
                arn: set.id,
                name: set.name,
                stack: set.stack,
                description: set.description,
                created_at: set.created_at.map(instant),
            })
            .collect(),
    })
}

fn side(facts: &SideFacts) -> SideView {
    SideView {
        label: facts.label.clone(),
        version: facts.version.clone(),
        commit: facts.commit.clone(),
        at: facts.at.map(instant),
        doubts: facts.doubts.clone(),
    }
}

fn add(a: CountsView, b: CountsView) -> CountsView {
    CountsView {
        added: a.added + b.added,
        dangers: a.dangers + b.dangers,
        replaced: a.replaced + b.replaced,
        removed: a.removed + b.removed,
        changed: a.changed + b.changed,
        expected: a.expected + b.expected,
        unknown: a.unknown + b.unknown,
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn counts(pair: &StackPair) -> CountsView {
    let Ok(analysis) = &pair.analysis else {
        return CountsView {
            unknown: 1,
            ..CountsView::default()
        };
    };
    let c = analysis.difference.counts();
    CountsView {
        added: number(c.added),
        dangers: number(dangers::of(analysis).len()),
        replaced: number(analysis.replaced()),
        removed: number(c.removed),
        changed: number(c.changed + c.other + c.unexpected_parameters),
        expected: number(c.expected),
        unknown: number(c.unknown),
    }
}

/// A stack is `same` when nothing differs but what the environments explain.
fn state(pair: &StackPair) -> DifferenceState {
    match (&pair.analysis, &pair.left, &pair.right) {
        (Err(_), _, _) => DifferenceState::Unknown,
        (Ok(_), Some(_), None) => DifferenceState::OnlyLeft,
        (Ok(_), None, Some(_)) => DifferenceState::OnlyRight,
        (Ok(Analysis { difference, .. }), _, _) => {
            if difference.differs_unexpectedly() {
                DifferenceState::Changed
            } else if only_unknown(difference) {
                DifferenceState::Unknown
            } else {
                DifferenceState::Same
            }
        }
    }
}

/// Whether entries are left of which it cannot be told if they differ.
fn only_unknown(difference: &StackDifference) -> bool {
    difference
        .entries()
        .any(|(_, entry)| entry.state == EntryState::Unknown)
}

fn overall(stacks: &[StackDifferenceView]) -> DifferenceState {
    let has = |wanted: &[DifferenceState]| stacks.iter().any(|stack| wanted.contains(&stack.state));
    if has(&[
        DifferenceState::Changed,
        DifferenceState::OnlyLeft,
        DifferenceState::OnlyRight,
    ]) {
        DifferenceState::Changed
    } else if has(&[DifferenceState::Unknown]) {
        DifferenceState::Unknown
    } else {
        DifferenceState::Same
    }
}

/// Why a stack cannot be compared, and what to do about a document that is in the way.
fn explained(error: &UseCaseError) -> String {
    let UseCaseError::Document { too_large, .. } = error else {
        return error.to_string();
    };
    let advice = if *too_large {
        "Split the stack or take out what repeats, then compare again."
    } else {
        "Correct the document, then compare again."
    };
    format!("{}. {advice}", error.to_string().trim_end_matches('.'))
}

fn stack_view(pair: &StackPair) -> StackComparisonView {
    let entries = match &pair.analysis {
        Ok(analysis) => entries(pair, analysis),
        Err(_) => Vec::new(),
    };
    let access = pair
        .analysis
        .as_ref()
        .ok()
        .and_then(|analysis| analysis.access.as_ref());
    StackComparisonView {
        name: pair.name.clone(),
        left: pair.left.clone(),
        right: pair.right.clone(),
        state: state(pair),
        reason: pair.analysis.as_ref().err().map(explained),
        counts: counts(pair),
        security: access.map(diff::security),
        dangers: pair.analysis.as_ref().map(dangers::of).unwrap_or_default(),
        entries,
    }
}

/// What differs, and the resources that are only carried along by others.
fn entries(pair: &StackPair, analysis: &Analysis) -> Vec<EntryView> {
    let files = diff::Files {
        left: pair.file.as_deref().unwrap_or("line"),
        right: pair.file.as_deref().unwrap_or("line"),
    };
    let mut judged: HashMap<&str, ResourceRow> = analysis
        .resources
        .iter()
        .filter(|one| !one.is_expected())
        .map(|one| (one.logical_id.as_str(), diff::row(one, files)))
        .collect();
    let mut entries: Vec<EntryView> = analysis
        .difference
        .entries()
        .map(|(section, item)| {
            let mut view = entry(pair, section, item);
            if *section == Section::Resources {
                view.judgement = judged.remove(item.name.as_str());
            }
            view
        })
        .collect();
    let carried = analysis
        .resources
        .iter()
        .filter_map(|one| judged.remove(one.logical_id.as_str()));
    entries.extend(carried.map(carried_along));
    entries
}

fn carried_along(row: ResourceRow) -> EntryView {
    EntryView {
        section: Section::Resources.key().to_owned(),
        name: row.logical_id.clone(),
        resource_type: Some(row.resource_type.clone()),
        state: DifferenceState::Changed,
        location: row.location.clone(),
        properties: row
            .properties
            .iter()
            .map(|property| PropertyView {
                path: property.path.clone(),
                before: property.before.clone(),
                after: property.after.clone(),
                expected: property.expected,
                unknown: property.unknown,
                cause: property.causes.join(", "),
            })
            .collect(),
        judgement: Some(row),
    }
}

fn entry(pair: &StackPair, section: &Section, item: &EntryDifference) -> EntryView {
    let mut properties: Vec<_> = item
        .properties
        .iter()
        .map(|property| PropertyView {
            path: match property.path.to_string() {
                empty if empty.is_empty() => "value".into(),
                path => path,
            },
            before: property.before.clone(),
            after: property.after.clone(),
            expected: property.expected,
            unknown: property.unknown,
            cause: causes(&property.causes),
        })
        .collect();
    // An entry on one side only has no properties; whether it is expected is said in its place.
    if properties.is_empty() && item.expected {
        properties.push(PropertyView {
            path: "entry".into(),
            before: (item.state == EntryState::Removed).then(|| "present".into()),
            after: (item.state == EntryState::Added).then(|| "present".into()),
            expected: true,
            unknown: false,
            cause: causes(&item.causes),
        });
    }
    EntryView {
        section: section.key().to_owned(),
        name: item.name.clone(),
        resource_type: item.resource_type.clone(),
        state: match item.state {
            EntryState::Added => DifferenceState::OnlyRight,
            EntryState::Removed => DifferenceState::OnlyLeft,
            EntryState::Changed => DifferenceState::Changed,
            EntryState::Unknown => DifferenceState::Unknown,
        },
        location: item.location().map(|at| match &pair.file {
            Some(file) => format!("{file}:{}", at.line),
            None => format!("line {}", at.line),
        }),
        properties,
        judgement: None,
    }
}

fn causes(list: &[Cause]) -> String {
    list.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

pub(super) const fn row_state(state: RowState) -> VariableState {
    match state {
        RowState::Same => VariableState::Same,
        RowState::Expected => VariableState::Expected,
        RowState::Unexpected => VariableState::Unexpected,
        RowState::Missing => VariableState::Missing,
        RowState::Unknown => VariableState::Unknown,
    }
}

fn variable(stack: &str, row: &ParameterRow) -> VariableView {
    VariableView {
        stack: stack.to_owned(),
        key: row.key.clone(),
        left: row.left.clone(),
        right: row.right.clone(),
        state: row_state(row.state),
        note: row.note.map(|note| note.to_string()),
    }
}
