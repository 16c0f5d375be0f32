//! One resource while it is judged: what differs in it, and what that does to it.

use super::carried::Met;
use super::effect::{self, Effect, Refusals};
use super::loss::{self, Fate};
use super::protections;
use super::references::Reference;
use super::{Action, Acts, Impact, Note, PropertyImpact, Reason, Replacement, ResourceImpact};
use crate::compare::{
    Body, Cause, EntryDifference, EntryState, Pair, Path, PropertyDifference, Segment,
};
use crate::resolve::same;
use crate::schema;

/// A resource that changes.
pub(super) struct Change<'p> {
    pub(super) pair: &'p Pair<'p>,
    entry: Option<&'p EntryDifference>,
    properties: Vec<PropertyImpact>,
    notes: Vec<Note>,
}

/// On which sides a resource is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Both,
    Left,
    Right,
}

impl<'p> Change<'p> {
    /// A resource that differs.
    pub(super) fn of(pair: &'p Pair<'p>, entry: &'p EntryDifference) -> Self {
        let mut change = Self {
            pair,
            entry: Some(entry),
            properties: Vec::new(),
            notes: Vec::new(),
        };
        change.judge_properties(entry, Refusals::Heeded);
        // What is refused as an update is no matter where a new resource is made.
        let is_new = change.replacement() == Some(Replacement::True);
        if is_new && change.strongest() == Impact::Rejected {
            change.notes.clear();
            change.judge_properties(entry, Refusals::Passed);
        }
        change
    }

    fn judge_properties(&mut self, entry: &EntryDifference, refusals: Refusals) {
        let resource_type = self.resource_type();
        self.properties = entry
            .properties
            .iter()
            .map(|property| {
                let siblings = &entry.properties;
                let effect =
                    effect::of_difference(resource_type, self.pair, property, siblings, refusals);
                of_property(property, &effect, &mut self.notes)
            })
            .collect();
    }

    /// A resource in which nothing differs but what it refers to.
    pub(super) const fn carried(pair: &'p Pair<'p>) -> Self {
        Self {
            pair,
            entry: None,
            properties: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Its type, on the right where it has one.
    pub(super) fn resource_type(&self) -> &'p str {
        let type_of = |body: &'p Option<Body<'p>>| {
            body.as_ref().and_then(|body| loss::attribute(body, "Type"))
        };
        type_of(&self.pair.right)
            .or_else(|| type_of(&self.pair.left))
            .unwrap_or("")
    }

    fn presence(&self) -> Presence {
        let exists = |body: &Option<Body<'_>>| body.as_ref().is_some_and(Body::exists);
        match (exists(&self.pair.left), exists(&self.pair.right)) {
            (true, false) => Presence::Left,
            (false, true) => Presence::Right,
            _ => Presence::Both,
        }
    }

    /// Whether it is replaced; none for what is added or removed.
    pub(super) fn replacement(&self) -> Option<Replacement> {
        if self.presence() != Presence::Both || self.entry.is_none() && self.properties.is_empty() {
            return None;
        }
        let mut replacement = Replacement::False;
        let has_other_type = |entry: &EntryDifference| entry.properties.iter().any(is_type);
        if self.entry.is_some_and(has_other_type) {
            return Some(replacement);
        }
        // What the environments explain is no update: each of them has its own names.
        for property in self.properties.iter().filter(|property| !property.expected) {
            match property.impact {
                Impact::ReplacesCreateFirst | Impact::ReplacesDeleteFirst => {
                    return Some(Replacement::True);
                }
                Impact::MayReplace => replacement = Replacement::Conditional,
                _ => {}
            }
        }
        Some(replacement)
    }

    /// Adds that a value comes from a resource that is replaced; false when that is known already.
    pub(super) fn carry(&mut self, reference: &Reference, source: Replacement) -> bool {
        let reason = Reason::Replaced {
            logical_id: reference.target.clone(),
            attribute: reference.attribute.clone(),
        };
        let acts = if source == Replacement::True {
            Acts::Yes
        } else {
            Acts::Maybe
        };
        let impact = effect::of_reference(self.resource_type(), &reference.path).impact;
        self.becomes_known(PropertyImpact {
            path: reference.path.clone(),
            impact,
            acts,
            before: Some(reference.words.clone()),
            after: Some("known after deployment".to_owned()),
            unknown: true,
            expected: false,
            causes: vec![reason],
            left_at: None,
            right_at: Some(reference.at),
        })
    }

    /// Adds that a value comes from outside of the stack and becomes known while the change is
    /// carried out.
    pub(super) fn comes_from_outside(&mut self, met: Met<'_>) {
        let by_schema = effect::of_reference(self.resource_type(), &met.path).impact;
        self.becomes_known(PropertyImpact {
            impact: met.impact.unwrap_or(by_schema),
            path: met.path,
            acts: if met.by.is_sure {
                Acts::Yes
            } else {
                Acts::Maybe
            },
            before: Some(met.words),
            after: Some("known after deployment".to_owned()),
            unknown: true,
            expected: false,
            causes: vec![met.by.reason.clone()],
            left_at: None,
            right_at: Some(met.at),
        });
    }

    /// Adds a property; false when its place is known already, which then has one more cause.
    fn becomes_known(&mut self, property: PropertyImpact) -> bool {
        let known = self
            .properties
            .iter_mut()
            .find(|known| is_same_place(&known.path, &property.path));
        let Some(known) = known else {
            self.properties.push(property);
            return true;
        };
        for cause in property.causes {
            if !known.causes.contains(&cause) {
                known.causes.push(cause);
            }
        }
        false
    }

    /// Adds that a macro of AWS may give another answer.
    pub(super) fn by_macro(&mut self, path: Path, name: &str, words: String, at: crate::Location) {
        let reason = Reason::Macro(name.to_owned());
        if self
            .properties
            .iter()
            .any(|known| is_same_place(&known.path, &path))
        {
            return;
        }
        let impact = effect::of_reference(self.resource_type(), &path).impact;
        self.properties.push(PropertyImpact {
            path,
            impact,
            acts: Acts::Maybe,
            before: Some(words.clone()),
            after: Some(words),
            unknown: true,
            expected: false,
            causes: vec![reason],
            left_at: None,
            right_at: Some(at),
        });
    }

    /// The judgement, but for access.
    pub(super) fn judged(&self) -> ResourceImpact {
        let resource_type = self.resource_type();
        let presence = self.presence();
        let replacement = self.replacement();
        let stateful = schema::known::is_stateful(resource_type);
        let mut notes = Vec::new();
        let (action, impact, data_loss) = match presence {
            Presence::Right => (Action::Add, Impact::Creates, false),
            Presence::Left => {
                let fate = self
                    .pair
                    .left
                    .as_ref()
                    .map_or(Fate::Deleted, |body| loss::on_removal(resource_type, body));
                let impact = match fate {
                    Fate::Deleted => Impact::Removes,
                    Fate::Snapshot => Impact::Snapshots,
                    Fate::Retained => Impact::Retains,
                };
                (Action::Remove, impact, stateful && fate == Fate::Deleted)
            }
            Presence::Both => {
                let impact = self.strongest();
                let can_replace = !matches!(replacement, None | Some(Replacement::False))
                    && impact != Impact::Rejected;
                let fate = self
                    .pair
                    .right
                    .as_ref()
                    .map_or(Fate::Deleted, loss::on_replacement);
                self.note_both(impact, &mut notes);
                (
                    Action::Modify,
                    impact,
                    stateful && can_replace && fate == Fate::Deleted,
                )
            }
        };
        let mut causes: Vec<Reason> = self
            .entry
            .iter()
            .flat_map(|entry| entry.causes.iter().cloned().map(Reason::Cause))
            .chain(
                self.properties
                    .iter()
                    .flat_map(|p| p.causes.iter().cloned()),
            )
            .collect();
        causes.sort();
        causes.dedup();
        ResourceImpact {
            stack: None,
            logical_id: self.pair.name.to_owned(),
            resource_type: resource_type.to_owned(),
            action,
            replacement: replacement.filter(|_| action == Action::Modify),
            impact,
            properties: self.properties.clone(),
            access: None,
            stateful,
            data_loss,
            notes,
            causes,
            unknowns: self.unknowns(),
            left_at: self.entry.and_then(|entry| entry.left_at),
            right_at: match self.entry {
                Some(entry) => entry.right_at,
                None => self.properties.first().and_then(|first| first.right_at),
            },
        }
    }

    fn strongest(&self) -> Impact {
        self.properties
            .iter()
            .filter(|property| !property.expected)
            .map(|property| property.impact)
            .max()
            .unwrap_or(Impact::None)
    }

    fn note_both(&self, impact: Impact, notes: &mut Vec<Note>) {
        let (Some(left), Some(right)) = (&self.pair.left, &self.pair.right) else {
            return;
        };
        let resource_type = self.resource_type();
        notes.extend(self.notes.iter().cloned());
        if matches!(impact, Impact::ReplacesCreateFirst | Impact::MayReplace)
            && let Some(property) = fixed_name(resource_type, left, right)
        {
            notes.push(Note::FixedName { property });
        }
        for protection in protections::removed(resource_type, left, right) {
            notes.push(Note::ProtectionRemoved { protection });
        }
    }

    fn unknowns(&self) -> Vec<String> {
        let mut unknowns: Vec<String> = self
            .properties
            .iter()
            .filter(|property| property.unknown && !is_own_condition(&property.path))
            .map(unknown_words)
            .collect();
        let is_open =
            |body: &Option<Body<'_>>| body.as_ref().is_some_and(|body| !body.is_decided());
        if is_open(&self.pair.left) || is_open(&self.pair.right) {
            unknowns.push("whether its condition holds".to_owned());
        }
        if self
            .entry
            .is_some_and(|entry| entry.state == EntryState::Unknown)
            && unknowns.is_empty()
        {
            unknowns.push("whether it differs".to_owned());
        }
        unknowns
    }
}

/// What is not known of a property, to stand behind "not known".
fn unknown_words(property: &PropertyImpact) -> String {
    let path = &property.path;
    match property.causes.first() {
        None | Some(Reason::Cause(Cause::Edited)) => format!("whether {path} differs"),
        Some(Reason::Cause(cause)) => format!("whether {path} differs; {cause} decides"),
        Some(Reason::Replaced { logical_id, .. }) => {
            format!("{path}, until {logical_id} is replaced")
        }
        Some(reason @ Reason::Macro(_)) => format!("{path}, until {reason} has answered"),
        Some(reason @ Reason::Output { .. }) => format!("{path}, until {reason} has its value"),
        Some(reason @ Reason::MayBeReplaced { .. }) => format!("{path}: {reason}"),
        Some(reason @ (Reason::NestedParameter { .. } | Reason::Follows { .. })) => {
            format!("whether {path} differs; {reason}")
        }
        Some(Reason::NestedTemplate(words)) => format!("{path}: {words}"),
    }
}

/// Whether a path is that of what decides if the resource exists.
fn is_own_condition(path: &Path) -> bool {
    matches!(path.0.as_slice(), [Segment::Key(key)] if key == "Condition")
}

/// Whether the type of the resource itself is another one.
fn is_type(property: &PropertyDifference) -> bool {
    matches!(property.path.0.first(), Some(Segment::Key(key)) if key == "Type")
}

fn of_property(
    property: &PropertyDifference,
    effect: &Effect,
    notes: &mut Vec<Note>,
) -> PropertyImpact {
    let mut causes: Vec<Reason> = property.causes.iter().cloned().map(Reason::Cause).collect();
    if effect.is_macro {
        causes.push(Reason::Macro("Fn::Transform".to_owned()));
    }
    for note in [
        effect.refusal.map(|reason| Note::Refused {
            reason: reason.to_owned(),
        }),
        effect.doubt.map(|other| Note::SourcesDisagree {
            other: other.to_owned(),
        }),
    ] {
        notes.extend(note.filter(|note| !notes.contains(note)));
    }
    PropertyImpact {
        path: property.path.clone(),
        impact: effect.impact,
        acts: if property.unknown || property.depends || effect.is_macro {
            Acts::Maybe
        } else {
            Acts::Yes
        },
        before: property.before.clone(),
        after: property.after.clone(),
        unknown: property.unknown || effect.is_macro,
        expected: property.expected,
        causes,
        left_at: property.left_at,
        right_at: property.right_at,
    }
}

/// The properties that fix the name of a resource, when both sides give the same ones.
fn fixed_name(resource_type: &str, left: &Body<'_>, right: &Body<'_>) -> Option<String> {
    let names = schema::of(resource_type)?.fixed_name();
    let is_kept = |name: &&str| match (loss::property(left, name), loss::property(right, name)) {
        (Some(before), Some(after)) => same(before, after) && after.known_text().is_some(),
        _ => false,
    };
    (!names.is_empty() && names.iter().all(is_kept)).then(|| names.join(" and "))
}

/// Whether two paths lead to one place on the right, or one into what the other holds.
fn is_same_place(known: &Path, other: &Path) -> bool {
    known.0.iter().zip(&other.0).all(|pair| match pair {
        (Segment::Key(one), Segment::Key(other)) => one == other,
        (Segment::Item { right: one, .. }, Segment::Item { right: other, .. }) => one == other,
        _ => false,
    })
}
