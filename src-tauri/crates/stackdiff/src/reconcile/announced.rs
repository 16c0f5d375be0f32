//! What AWS announces in a change set, as plain rows that a shell fills from DescribeChangeSet.
//!
//! AWS gives one property several rows when it changes for several reasons; [`grouped`] makes
//! them one again.

/// What stands in place of a value that AWS only knows once the change set has run.
pub const KNOWN_AFTER_APPLY: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// What AWS would do to one resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnouncedChange {
    /// Logical ids of the nested stacks that it is in, the outermost first; empty in the stack itself.
    pub nested_in: Vec<String>,
    /// Add, Modify, Remove, Import, Dynamic or SyncWithActual.
    pub action: String,
    /// Logical id.
    pub logical_id: String,
    /// Type.
    pub resource_type: String,
    /// True, False or Conditional. Of what is added it means nothing.
    pub replacement: Option<String>,
    /// Delete, Retain, Snapshot, ReplaceAndDelete and the like.
    pub policy_action: Option<String>,
    /// Properties, Metadata, Tags and the like.
    pub scope: Vec<String>,
    /// What changes in it.
    pub details: Vec<AnnouncedDetail>,
    /// Whether somebody has deleted it, as a drift-aware change set says.
    pub is_gone: bool,
}

/// One row of what AWS says about a property.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnouncedDetail {
    /// Properties, Metadata, Tags, `DeletionPolicy` and the like.
    pub attribute: String,
    /// JSON pointer into the resource, or the name of the property where AWS gives no pointer.
    pub path: String,
    /// Value before, where AWS says.
    pub before: Option<String>,
    /// Value after, where AWS says.
    pub after: Option<String>,
    /// Whether AWS cut a value off.
    pub cut: bool,
    /// Never, Conditionally or Always.
    pub recreation: Option<String>,
    /// Static or Dynamic.
    pub evaluation: Option<String>,
    /// DirectModification, ParameterReference, ResourceReference, ResourceAttribute, Automatic or
    /// NoModification.
    pub source: Option<String>,
    /// The parameter or resource that causes it.
    pub causing_entity: Option<String>,
    /// Whether what is live is not what was deployed last, as a drift-aware change set says.
    pub has_drifted: bool,
}

/// Whether a property makes CloudFormation replace its resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Recreation {
    #[default]
    Never,
    Conditionally,
    Always,
}

/// Everything that AWS says about one place of a resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The steps to it, from `Properties` or another attribute down.
    pub(super) steps: Vec<String>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) cut: bool,
    /// None where AWS does not say.
    pub(super) recreation: Option<Recreation>,
    pub(super) is_static: bool,
    pub(super) sources: Vec<String>,
    pub(super) has_drifted: bool,
}

impl Place {
    /// Whether its new value becomes known only while the change set runs.
    pub(super) fn is_known_after_apply(&self) -> bool {
        self.after
            .as_deref()
            .is_some_and(|value| value.contains(KNOWN_AFTER_APPLY))
    }

    /// Whether AWS itself is not sure that anything changes here.
    pub(super) fn may_not_happen(&self) -> bool {
        self.is_known_after_apply() || !self.is_static
    }

    /// Whether AWS lists it although nothing changes, as far as its own values tell.
    pub(super) fn changes_nothing(&self) -> bool {
        let from = |names: &[&str]| {
            !self.sources.is_empty() && self.sources.iter().all(|s| names.contains(&s.as_str()))
        };
        let are_equal = self.before.is_some() && self.before == self.after && !self.cut;
        let only_by_attribute = from(&["ResourceAttribute"])
            && !self.is_static
            && self.recreation.unwrap_or_default() == Recreation::Never
            && (self.after.is_none() || are_equal);
        !self.has_drifted
            && (are_equal || from(&["Automatic", "NoModification"]) || only_by_attribute)
    }

    /// The place as people write it.
    pub(super) fn shown(&self) -> String {
        let is_property = self.steps.len() > 1 && self.steps[0] == "Properties";
        let mut text = String::new();
        for step in &self.steps[usize::from(is_property)..] {
            if !text.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit()) {
                text.push('[');
                text.push_str(step);
                text.push(']');
            } else {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(step);
            }
        }
        text
    }
}

/// The places of a change, each once, in AWS's order.
pub(super) fn grouped(change: &AnnouncedChange) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for detail in &change.details {
        let steps = steps(detail);
        let index = if let Some(index) = places.iter().position(|place| place.steps == steps) {
            index
        } else {
            places.push(Place {
                steps,
                ..Place::default()
            });
            places.len() - 1
        };
        let place = &mut places[index];
        place.before = place.before.take().or_else(|| detail.before.clone());
        place.after = place.after.take().or_else(|| detail.after.clone());
        place.cut |= detail.cut;
        place.has_drifted |= detail.has_drifted;
        place.is_static |= detail.evaluation.as_deref() != Some("Dynamic");
        let recreation = match detail.recreation.as_deref() {
            Some("Always") => Some(Recreation::Always),
            Some("Conditionally") => Some(Recreation::Conditionally),
            Some("Never") => Some(Recreation::Never),
            _ => None,
        };
        place.recreation = place.recreation.max(recreation);
        place.sources.extend(detail.source.clone());
    }
    places
}

fn steps(detail: &AnnouncedDetail) -> Vec<String> {
    if let Some(pointer) = detail.path.strip_prefix('/') {
        return pointer
            .split('/')
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect();
    }
    [&detail.attribute, &detail.path]
        .into_iter()
        .filter(|step| !step.is_empty())
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(path: &str, source: &str, evaluation: &str) -> AnnouncedDetail {
        AnnouncedDetail {
            attribute: "Properties".to_owned(),
            path: path.to_owned(),
            source: Some(source.to_owned()),
            evaluation: Some(evaluation.to_owned()),
            ..AnnouncedDetail::default()
        }
    }

    fn change(details: Vec<AnnouncedDetail>) -> AnnouncedChange {
        AnnouncedChange {
            details,
            ..AnnouncedChange::default()
        }
    }

    #[test]
    fn two_rows_of_one_property_are_one_place() {
        let mut second = detail("/Properties/Name", "DirectModification", "Dynamic");
        second.recreation = Some("Always".to_owned());
        let places = grouped(&change(vec![
            detail("/Properties/Name", "ParameterReference", "Static"),
            second,
        ]));
        assert_eq!(places.len(), 1);
        assert!(places[0].is_static);
        assert_eq!(places[0].recreation, Some(Recreation::Always));
        assert_eq!(
            places[0].sources,
            ["ParameterReference", "DirectModification"]
        );
    }

    #[test]
    fn a_name_without_a_pointer_is_a_place_in_its_attribute() {
        let places = grouped(&change(vec![
            detail("DisplayName", "DirectModification", "Static"),
            detail("", "DirectModification", "Static"),
            detail("/Properties/a~1b/0/c~0d", "DirectModification", "Static"),
        ]));
        assert_eq!(places[0].steps, ["Properties", "DisplayName"]);
        assert_eq!(places[1].steps, ["Properties"]);
        assert_eq!(places[1].shown(), "Properties");
        assert_eq!(places[2].steps, ["Properties", "a/b", "0", "c~d"]);
        assert_eq!(places[2].shown(), "a/b[0].c~d");
    }

    #[test]
    fn a_row_that_only_an_attribute_may_cause_changes_nothing_unless_it_can_replace() {
        let may = |recreation: &str, after: Option<&str>| {
            let mut row = detail("/Properties/Name", "ResourceAttribute", "Dynamic");
            row.recreation = Some(recreation.to_owned());
            row.after = after.map(str::to_owned);
            grouped(&change(vec![row])).remove(0).changes_nothing()
        };
        assert!(may("Never", None));
        assert!(!may("Always", None));
        assert!(!may("Never", Some(KNOWN_AFTER_APPLY)));
    }
}
