//! Reasons with what they follow from in turn, for those who read them far from where they began.

use super::{Reason, Replacement, ResourceImpact};
use crate::compare::Cause;

/// Links of a chain that are told.
const LONGEST: usize = 8;

/// The reason with what it follows from, as far as the resources of its stack tell.
pub(super) fn traced(reason: &Reason, resources: &[ResourceImpact]) -> Reason {
    follow(reason, resources, &mut Vec::new())
}

fn follow<'r>(
    reason: &'r Reason,
    resources: &'r [ResourceImpact],
    seen: &mut Vec<&'r str>,
) -> Reason {
    let Reason::Replaced {
        logical_id,
        attribute,
    } = reason
    else {
        return reason.clone();
    };
    let Some(resource) = resources.iter().find(|one| one.logical_id == *logical_id) else {
        return reason.clone();
    };
    let what = if resource.replacement == Some(Replacement::Conditional) {
        Reason::MayBeReplaced {
            logical_id: logical_id.clone(),
            attribute: attribute.clone(),
        }
    } else {
        reason.clone()
    };
    seen.push(logical_id);
    if seen.len() > LONGEST {
        return what;
    }
    match why(resource, seen) {
        Some(from) => what.following(follow(from, resources, seen)),
        None => what,
    }
}

/// Why the worst happens to a resource; none when there is nothing to tell but that it was edited.
fn why<'r>(resource: &'r ResourceImpact, seen: &[&str]) -> Option<&'r Reason> {
    let is_told = |reason: &&Reason| match reason {
        Reason::Cause(Cause::Edited) => false,
        Reason::Replaced { logical_id, .. } => !seen.contains(&logical_id.as_str()),
        _ => true,
    };
    resource
        .properties
        .iter()
        .filter(|property| property.impact == resource.impact && !property.expected)
        .flat_map(|property| &property.causes)
        .find(is_told)
}

/// Gives every reason of a resource in another stack what it follows from.
pub(super) fn retold(resource: &mut ResourceImpact, tell: impl Fn(&Reason) -> Reason) {
    for property in &mut resource.properties {
        for cause in &mut property.causes {
            *cause = tell(cause);
        }
        property.causes.sort();
        property.causes.dedup();
    }
    for cause in &mut resource.causes {
        *cause = tell(cause);
    }
    resource.causes.sort();
    resource.causes.dedup();
}
