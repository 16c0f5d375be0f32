//! What is found inside one nested stack, in the words of its parent: the reasons that begin there,
//! the outputs that come back, and the row that the stack itself gets.

use super::carried::{Carried, Outside};
use super::handed::{self, Given, Handed};
use super::nested::{NestedImpact, NestedTemplate};
use super::outputs::OutputFate;
use super::{Action, Acts, Impact, PropertyImpact, Reason, Replacement, ResourceImpact};
use crate::access::{AccessChange, AccessVerdict};
use crate::compare::{Cause, Path, Segment, Side};
use crate::template::Section;

/// What is found in a nested stack.
#[derive(Default)]
pub(super) struct Inside {
    pub(super) found: Option<NestedImpact>,
    /// What is not known of it, in words.
    pub(super) unknown: Option<String>,
}

impl Inside {
    pub(super) fn unknown(words: String) -> Self {
        Self {
            unknown: Some(words),
            ..Self::default()
        }
    }

    /// The outputs that its parent finds changed.
    pub(super) fn handed_back(&self, logical_id: &str, name: &str) -> Vec<Carried> {
        let found = self.found.iter();
        let back = found.flat_map(|found| {
            // What the environments explain is no change: each of them has its own values.
            let is_explained = |output: &str| {
                found.analysis.difference.entries().any(|(section, entry)| {
                    *section == Section::Outputs && entry.name == output && entry.expected
                })
            };
            let outputs = found.outputs.iter().filter_map(move |output| {
                let fate = output.fate?;
                (!is_explained(&output.output)).then(|| Carried {
                    from: Outside::Nested {
                        logical_id: logical_id.to_owned(),
                        output: output.output.clone(),
                    },
                    is_sure: fate != OutputFate::MayChange,
                    reason: output.reason(name),
                })
            });
            outputs.collect::<Vec<_>>()
        });
        back.collect()
    }
}

pub(super) fn why(template: Option<&NestedTemplate>) -> String {
    match template {
        Some(NestedTemplate::Unread { reason, .. }) => reason.clone(),
        Some(NestedTemplate::Read { .. }) | None => "it was not read".to_owned(),
    }
}

/// Parameters that only the deployment gives a value, and that may be given another one.
pub(super) fn parameters(handed: &Handed, name: &str, right: &Side<'_>) -> Vec<Carried> {
    let (Some(template), Some(values)) = (right.template, &handed.right) else {
        return Vec::new();
    };
    let declared = template.parameters().into_iter();
    let hidden = declared
        .filter(|one| one.no_echo || matches!(values.of(&one.key), Given::Unknown))
        .filter_map(|one| {
            let (is_sure, reason) = handed.moved(&one.key)?;
            Some(Carried {
                is_sure,
                reason: of_parameter(name, &one.key, reason),
                from: Outside::Parameter(one.key),
            })
        });
    hidden.collect()
}

fn of_parameter(stack: &str, parameter: &str, from: &Reason) -> Reason {
    let reason = Reason::NestedParameter {
        stack: stack.to_owned(),
        parameter: parameter.to_owned(),
    };
    match from {
        Reason::Cause(Cause::Edited) => reason,
        from => reason.following(from.clone()),
    }
}

/// A reason inside a nested stack, with what its parent did.
pub(super) fn told(reason: &Reason, handed: &Handed, name: &str) -> Reason {
    match reason {
        Reason::Cause(Cause::Parameter(parameter)) => match handed.moved(parameter) {
            Some((_, from)) => of_parameter(name, parameter, from),
            None => reason.clone(),
        },
        Reason::Follows { what, from } => Reason::Follows {
            what: what.clone(),
            from: Box::new(told(from, handed, name)),
        },
        other => other.clone(),
    }
}

/// The row of a nested stack that its parent does not have for other reasons: CloudFormation acts
/// on it because of what is in its template.
pub(super) fn row(handed: &Handed, inside: &Inside) -> Option<ResourceImpact> {
    let found = inside.found.as_ref();
    let differs = found.is_some_and(|found| found.analysis.differs());
    let resources = found.map_or(&[][..], |found| &found.analysis.resources);
    if !differs && resources.is_empty() && inside.unknown.is_none() {
        return None;
    }
    let words = match &inside.unknown {
        Some(words) => words.clone(),
        None => "its template differs".to_owned(),
    };
    let reason = Reason::NestedTemplate(words);
    let path = Path(vec![
        Segment::Key("Properties".to_owned()),
        Segment::Key("TemplateURL".to_owned()),
    ]);
    let unknowns = if differs && inside.unknown.is_none() {
        Vec::new()
    } else {
        vec![format!("{path}: {reason}")]
    };
    let expected = !resources.is_empty() && resources.iter().all(ResourceImpact::is_expected);
    let file = |name: fn(&NestedImpact) -> &String| found.map(|found| name(found).clone());
    Some(ResourceImpact {
        stack: None,
        logical_id: handed.logical_id.clone(),
        resource_type: handed::NESTED.to_owned(),
        action: Action::Modify,
        replacement: Some(Replacement::False),
        impact: Impact::InPlace,
        properties: vec![PropertyImpact {
            path,
            impact: Impact::InPlace,
            acts: if differs { Acts::Yes } else { Acts::Maybe },
            before: file(|found| &found.left_file),
            after: file(|found| &found.right_file),
            unknown: !differs,
            expected,
            causes: vec![reason.clone()],
            left_at: handed.left_at,
            right_at: handed.right_at,
        }],
        access: None,
        stateful: false,
        data_loss: false,
        notes: Vec::new(),
        causes: vec![reason],
        unknowns,
        left_at: handed.left_at,
        right_at: handed.right_at,
    })
}

/// The access of a stack with that of one nested in it.
pub(super) fn both_accesses(
    own: Option<AccessChange>,
    nested: Option<&AccessChange>,
    stack: &str,
) -> Option<AccessChange> {
    let Some(nested) = nested else { return own };
    let named = |words: &[String]| -> Vec<String> {
        words
            .iter()
            .map(|word| format!("{stack}: {word}"))
            .collect()
    };
    let mut both = own.unwrap_or(AccessChange {
        verdict: AccessVerdict::Same,
        added: Vec::new(),
        removed: Vec::new(),
    });
    both.added.extend(named(&nested.added));
    both.removed.extend(named(&nested.removed));
    both.verdict = match (both.verdict, nested.verdict) {
        (AccessVerdict::Same, other) | (other, AccessVerdict::Same) => other,
        (one, other) if one == other => one,
        _ => AccessVerdict::Incomparable,
    };
    Some(both)
}
