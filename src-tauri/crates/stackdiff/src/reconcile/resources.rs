//! Resources of a prediction and of a change set, paired by logical id.

use super::announced::{AnnouncedChange, Place, Recreation, grouped};
use super::{Finding, PropertyLine, Reconciliation, ResourceLine, places, worst};
use crate::compare::RowNote;
use crate::impact::{Action, Acts, Analysis, Impact, Reason, Replacement, ResourceImpact};
use crate::template::Section;

/// What only AWS can know about the change as a whole.
pub(super) struct OnlyAws {
    /// The transform that makes resources on AWS's side.
    transform: Option<String>,
    /// A template parameter whose content Systems Manager holds.
    parameter: Option<String>,
    /// What becomes of the tags of the stack.
    stack_tags: StackTags,
}

/// What becomes of the tags of the stack, which CloudFormation hands on to its resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StackTags {
    /// It is not known.
    Unknown,
    /// They stay.
    Stay,
    /// They change.
    Change,
}

impl OnlyAws {
    fn of(prediction: &Analysis, stack_tags: StackTags) -> Self {
        let by_macro = prediction
            .resources
            .iter()
            .flat_map(|resource| &resource.causes)
            .find_map(|cause| match cause {
                Reason::Macro(name) => Some(format!("macro {name}")),
                _ => None,
            });
        let has_sam = prediction.resources.iter().any(is_sam);
        let changes_transform = prediction
            .difference
            .entries()
            .any(|(section, _)| *section == Section::Transform);
        let parameters = &prediction.difference.parameters;
        Self {
            stack_tags,
            transform: if has_sam {
                Some("the SAM transform".to_owned())
            } else if changes_transform {
                Some("a transform of the template".to_owned())
            } else {
                by_macro
            },
            parameter: parameters
                .iter()
                .find(|row| row.note == Some(RowNote::SystemsManager))
                .map(|row| row.key.clone()),
        }
    }

    /// What a change of tags that was not predicted is; none when the stack's are not to blame.
    pub(super) fn tags(&self, place: &Place) -> Option<Finding> {
        place.steps.first().filter(|step| *step == "Tags")?;
        match self.stack_tags {
            StackTags::Unknown => Some(Finding::StackTags),
            StackTags::Change => Some(Finding::TagsOfTheStack),
            StackTags::Stay => None,
        }
    }

    /// Why something that was not predicted may be right all the same.
    pub(super) fn reason(&self) -> Option<Finding> {
        let by_transform = self.transform.clone();
        by_transform
            .map(|transform| Finding::MadeByTransform { transform })
            .or_else(|| {
                let parameter = self.parameter.clone()?;
                Some(Finding::ParameterStore { parameter })
            })
    }
}

fn is_sam(resource: &ResourceImpact) -> bool {
    resource.resource_type.starts_with("AWS::Serverless::")
}

/// Lays a prediction beside what AWS announces, resource by resource.
pub fn reconcile(
    prediction: &Analysis,
    announced: &[AnnouncedChange],
    stack_tags: StackTags,
) -> Reconciliation {
    let only_aws = OnlyAws::of(prediction, stack_tags);
    let mut is_paired = vec![false; announced.len()];
    let mut resources = Vec::new();
    for resource in &prediction.resources {
        let found = announced.iter().position(|change| {
            change.nested_in.is_empty() && change.logical_id == resource.logical_id
        });
        resources.push(match found {
            Some(index) if !is_paired[index] => {
                is_paired[index] = true;
                both(resource, &announced[index], &only_aws)
            }
            _ => only_predicted(resource),
        });
    }
    let rest = announced.iter().zip(is_paired);
    resources.extend(
        rest.filter(|(_, is_paired)| !is_paired)
            .map(|(change, _)| only_announced(change, prediction, &only_aws)),
    );
    Reconciliation { resources }
}

fn line(
    predicted: Option<&ResourceImpact>,
    announced: Option<&AnnouncedChange>,
    findings: Vec<Finding>,
    properties: Vec<PropertyLine>,
) -> ResourceLine {
    let inside = properties.iter().map(|property| property.agreement).max();
    let (logical_id, resource_type) = match (predicted, announced) {
        (_, Some(change)) => (&change.logical_id, &change.resource_type),
        (Some(resource), None) => (&resource.logical_id, &resource.resource_type),
        (None, None) => (&String::new(), &String::new()),
    };
    ResourceLine {
        nested_in: announced
            .map(|change| change.nested_in.clone())
            .unwrap_or_default(),
        logical_id: logical_id.clone(),
        resource_type: resource_type.clone(),
        predicted: predicted.is_some(),
        announced: announced.is_some(),
        agreement: worst(&findings).max(inside.unwrap_or_default()),
        findings,
        properties,
    }
}

fn only_predicted(resource: &ResourceImpact) -> ResourceLine {
    let by_macro = resource.causes.iter().find_map(|cause| match cause {
        Reason::Macro(name) => Some(format!("macro {name}")),
        _ => None,
    });
    let is_open = resource.is_unknown()
        || (!resource.properties.is_empty()
            && resource
                .properties
                .iter()
                .all(|property| property.acts != Acts::Yes));
    let finding = if is_sam(resource) {
        Finding::MadeByTransform {
            transform: "the SAM transform".to_owned(),
        }
    } else if is_open {
        Finding::NothingToChange
    } else if let Some(transform) = by_macro {
        Finding::MadeByTransform { transform }
    } else {
        Finding::NotAnnounced
    };
    line(Some(resource), None, vec![finding], Vec::new())
}

fn only_announced(
    change: &AnnouncedChange,
    prediction: &Analysis,
    only_aws: &OnlyAws,
) -> ResourceLine {
    let places = grouped(change);
    let is_respelled = prediction
        .respelled
        .iter()
        .any(|one| one.logical_id == change.logical_id && one.acts != Acts::No);
    let tags: Option<Vec<Finding>> = places.iter().map(|place| only_aws.tags(place)).collect();
    let tags = tags.and_then(|all| all.into_iter().next());
    let is_modified = matches!(change.action.as_str(), "Modify" | "Dynamic");
    let finding = if !change.nested_in.is_empty() {
        Finding::InNestedStack
    } else if puts_back(change, &places) {
        Finding::RevertsDrift
    } else if is_modified && !places.is_empty() && places.iter().all(Place::changes_nothing) {
        Finding::ChangesNothing
    } else if is_modified && is_respelled {
        Finding::OnlyRespelled
    } else if let (true, Some(tags)) = (is_modified, tags) {
        tags
    } else if let Some(reason) = only_aws.reason() {
        reason
    } else {
        Finding::NotPredicted {
            announced: change.action.clone(),
        }
    };
    line(None, Some(change), vec![finding], Vec::new())
}

/// Whether AWS lists a resource only because somebody changed it past CloudFormation.
fn puts_back(change: &AnnouncedChange, places: &[Place]) -> bool {
    let is_drift_only = || {
        places.iter().any(|place| place.has_drifted)
            && places
                .iter()
                .all(|place| place.has_drifted || place.changes_nothing())
    };
    match change.action.as_str() {
        "SyncWithActual" => true,
        "Add" => change.is_gone,
        _ => is_drift_only(),
    }
}

fn both(resource: &ResourceImpact, change: &AnnouncedChange, only_aws: &OnlyAws) -> ResourceLine {
    let mut findings = Vec::new();
    if resource.resource_type != change.resource_type {
        findings.push(if is_sam(resource) {
            Finding::MadeByTransform {
                transform: "the SAM transform".to_owned(),
            }
        } else {
            Finding::Type {
                predicted: resource.resource_type.clone(),
                announced: change.resource_type.clone(),
            }
        });
    }
    findings.extend(action(resource, change));
    let places = grouped(change);
    let mut properties = Vec::new();
    if resource.action == Action::Modify && change.action == "Modify" {
        findings.extend(replacement(resource, change, &places));
        properties = places::reconcile(resource, &places, only_aws);
    }
    findings.extend(policy(resource, change));
    line(Some(resource), Some(change), findings, properties)
}

fn action(resource: &ResourceImpact, change: &AnnouncedChange) -> Option<Finding> {
    let predicted = resource.action;
    match (predicted, change.action.as_str()) {
        (Action::Add, "Add")
        | (Action::Modify, "Modify")
        | (Action::Remove, "Remove")
        | (Action::Import, "Import") => None,
        (_, "Dynamic") => Some(Finding::ActionAtRunTime { predicted }),
        (Action::Modify, "SyncWithActual") => Some(Finding::RevertsDrift),
        (Action::Modify, "Add") if change.is_gone => Some(Finding::RevertsDrift),
        (_, announced) => Some(Finding::Action {
            predicted,
            announced: announced.to_owned(),
        }),
    }
}

fn replacement(
    resource: &ResourceImpact,
    change: &AnnouncedChange,
    places: &[Place],
) -> Option<Finding> {
    let announced = change.replacement.clone()?;
    let predicted = resource.replacement?;
    let forced = |place: &&Place| place.recreation == Some(Recreation::Always);
    let may_not_happen = || {
        places.iter().any(|place| forced(&place))
            && places.iter().filter(forced).all(Place::may_not_happen)
    };
    match (predicted, announced.as_str()) {
        (Replacement::True, "True")
        | (Replacement::False, "False")
        | (Replacement::Conditional, "Conditional") => None,
        (Replacement::True | Replacement::False, "Conditional") => {
            Some(Finding::ReplacementDecided { predicted })
        }
        (Replacement::Conditional, "True") if may_not_happen() => {
            Some(Finding::ReplacementMayNotHappen)
        }
        (Replacement::Conditional, _) => Some(Finding::ReplacementKnownToAws { announced }),
        _ => Some(Finding::Replacement {
            predicted,
            announced,
        }),
    }
}

/// What becomes of a resource that leaves the stack.
fn policy(resource: &ResourceImpact, change: &AnnouncedChange) -> Option<Finding> {
    let announced = change.policy_action.clone()?;
    if resource.action != Action::Remove || change.action != "Remove" {
        return None;
    }
    match (resource.impact, announced.as_str()) {
        (Impact::Removes, "Delete")
        | (Impact::Retains, "Retain")
        | (Impact::Snapshots, "Snapshot") => None,
        (predicted, _) => Some(Finding::Policy {
            predicted,
            announced,
        }),
    }
}
