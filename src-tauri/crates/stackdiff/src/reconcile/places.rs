//! Places of one resource that both sides modify.

use super::announced::{Place, Recreation};
use super::resources::OnlyAws;
use super::{Finding, PropertyLine, Values, worst};
use crate::compare::{Path, Segment};
use crate::impact::{Acts, Impact, PropertyImpact, Reason, Replacement, ResourceImpact};

/// Lays the places of a predicted resource beside those that AWS announces.
pub(super) fn reconcile(
    resource: &ResourceImpact,
    places: &[Place],
    only_aws: &OnlyAws,
) -> Vec<PropertyLine> {
    let mut is_met = vec![false; places.len()];
    let mut lines = Vec::new();
    for property in &resource.properties {
        let met = met(&property.path, places);
        for index in &met {
            is_met[*index] = true;
        }
        lines.push(if met.is_empty() {
            not_announced(property)
        } else {
            both(property, &met, places)
        });
    }
    let rest = places.iter().zip(is_met).filter(|(_, is_met)| !is_met);
    lines.extend(rest.map(|(place, _)| not_predicted(place, only_aws)));
    lines
}

/// The announced places that are a predicted one, hold it, or are in it. Where no position in a
/// list fits, the list itself does: an unordered list has no positions that both sides know.
fn met(path: &Path, places: &[Place]) -> Vec<usize> {
    for in_order in [true, false] {
        let found: Vec<usize> = (0..places.len())
            .filter(|index| meets(path, &places[*index].steps, in_order))
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn meets(path: &Path, steps: &[String], in_order: bool) -> bool {
    let mut pairs = path.0.iter().zip(steps);
    pairs.all(|(segment, step)| match segment {
        Segment::Key(key) => key == step,
        Segment::Item { left, right, .. } => {
            let position = step.parse::<usize>().ok();
            !in_order || position.is_some() && (position == *left || position == *right)
        }
    })
}

fn property_line(
    path: String,
    findings: Vec<Finding>,
    predicted: Option<Values>,
    announced: Option<Values>,
) -> PropertyLine {
    PropertyLine {
        path,
        agreement: worst(&findings),
        findings,
        predicted,
        announced,
    }
}

fn predicted(property: &PropertyImpact) -> Values {
    Values {
        before: property.before.clone(),
        after: property.after.clone(),
    }
}

fn announced(place: &Place) -> Values {
    Values {
        before: place.before.clone(),
        after: place.after.clone(),
    }
}

fn not_announced(property: &PropertyImpact) -> PropertyLine {
    let by_macro = property.causes.iter().find_map(|cause| match cause {
        Reason::Macro(name) => Some(format!("macro {name}")),
        _ => None,
    });
    let finding = if let Some(transform) = by_macro {
        Finding::MadeByTransform { transform }
    } else if property.acts == Acts::Yes {
        Finding::NotAnnounced
    } else {
        Finding::NothingToChange
    };
    property_line(
        property.path.to_string(),
        vec![finding],
        Some(predicted(property)),
        None,
    )
}

fn not_predicted(place: &Place, only_aws: &OnlyAws) -> PropertyLine {
    let finding = if place.has_drifted {
        Finding::RevertsDrift
    } else if place.changes_nothing() {
        Finding::ChangesNothing
    } else if let Some(tags) = only_aws.tags(place) {
        tags
    } else if let Some(reason) = only_aws.reason() {
        reason
    } else {
        Finding::NotPredicted {
            announced: "a change".to_owned(),
        }
    };
    property_line(place.shown(), vec![finding], None, Some(announced(place)))
}

fn both(property: &PropertyImpact, met: &[usize], places: &[Place]) -> PropertyLine {
    let same_place = met
        .iter()
        .map(|index| &places[*index])
        .find(|place| place.steps.len() == property.path.0.len());
    let mut findings = Vec::new();
    let strongest = met
        .iter()
        .filter_map(|index| Some((places[*index].recreation?, &places[*index])))
        .max_by_key(|(recreation, _)| *recreation);
    if let Some((announced, place)) = strongest {
        findings.extend(recreation(property, announced, place));
    }
    if let Some(place) = same_place {
        findings.extend(values(property, place));
    } else if property.unknown
        && met
            .iter()
            .all(|index| !places[*index].is_known_after_apply())
    {
        findings.push(Finding::ValueKnownToAws);
    }
    let shown = same_place.or_else(|| met.first().map(|index| &places[*index]));
    property_line(
        property.path.to_string(),
        findings,
        Some(predicted(property)),
        shown.map(announced),
    )
}

fn recreation(property: &PropertyImpact, announced: Recreation, place: &Place) -> Option<Finding> {
    let predicted = match property.impact {
        Impact::ReplacesCreateFirst | Impact::ReplacesDeleteFirst => Replacement::True,
        Impact::MayReplace => Replacement::Conditional,
        // What AWS will refuse it announces as if it could be done.
        Impact::Rejected => return None,
        _ => Replacement::False,
    };
    let word = match announced {
        Recreation::Always => "Always",
        Recreation::Conditionally => "Conditionally",
        Recreation::Never => "Never",
    };
    match (predicted, announced) {
        (Replacement::True, Recreation::Always)
        | (Replacement::False, Recreation::Never)
        | (Replacement::Conditional, Recreation::Conditionally) => None,
        (Replacement::True | Replacement::False, Recreation::Conditionally) => {
            Some(Finding::ReplacementDecided { predicted })
        }
        (Replacement::Conditional, Recreation::Always) if place.may_not_happen() => {
            Some(Finding::ReplacementMayNotHappen)
        }
        (Replacement::Conditional, _) => Some(Finding::ReplacementKnownToAws {
            announced: word.to_owned(),
        }),
        _ => Some(Finding::Replacement {
            predicted,
            announced: word.to_owned(),
        }),
    }
}

fn values(property: &PropertyImpact, place: &Place) -> Vec<Finding> {
    let is_carried = property
        .causes
        .iter()
        .any(|cause| matches!(cause, Reason::Replaced { .. }));
    let mut findings = Vec::new();
    if place.is_known_after_apply() {
        let refers = |after: &str| is_call(after) || after.contains("${");
        let is_open = property.after.as_deref().is_some_and(refers);
        if !property.unknown && !is_carried && !is_open {
            findings.push(Finding::ValueKnownBefore);
        }
    } else if property.unknown {
        let says_something = place.before.is_some() || place.after.is_some();
        return if says_something {
            vec![Finding::ValueKnownToAws]
        } else {
            Vec::new()
        };
    }
    if property.unknown {
        return findings;
    }
    // What is live now is not what templates say was deployed.
    let before = place.before.as_ref().filter(|_| !place.has_drifted);
    for (predicted, announced) in [
        (&property.before, before),
        (&property.after, place.after.as_ref()),
    ] {
        let (Some(predicted), Some(announced)) = (predicted, announced) else {
            continue;
        };
        if announced.contains(super::KNOWN_AFTER_APPLY) {
            continue;
        }
        findings.extend(value(predicted, announced, place.cut));
    }
    findings.dedup();
    findings
}

/// What differs between two scalar values. Lists and maps are compared where AWS names the places
/// in them; as texts the two are written differently.
fn value(predicted: &str, announced: &str, is_cut: bool) -> Option<Finding> {
    let bare = |text: &str| match text {
        "\"\"" => String::new(),
        other => other.trim_end().to_owned(),
    };
    let is_collection = announced.starts_with(['{', '[']) || predicted.contains(['\n', '…']);
    let (ours, theirs) = (bare(predicted), bare(announced));
    if ours == theirs || is_collection {
        return None;
    }
    if is_call(&ours) {
        return Some(Finding::ValueKnownToAws);
    }
    if is_cut {
        let beginning = theirs.trim_end_matches("...").trim_end_matches('…');
        if ours.starts_with(beginning) {
            return Some(Finding::Cut);
        }
    }
    Some(Finding::Value {
        predicted: ours,
        announced: theirs,
    })
}

/// Whether a shown value is a function that is not worked out here, such as `!Base64 text`.
fn is_call(shown: &str) -> bool {
    shown
        .strip_prefix('!')
        .is_some_and(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
}
