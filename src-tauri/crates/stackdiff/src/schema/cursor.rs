//! A place in a resource, walked down beside the value that stands there.

use super::data::{CATALOGUE, Kind, Shape};
use super::known::Refusal;
use super::lists::{self, ListNature};
use super::rules::{Place, Rules};

/// What a change at a place does to the resource, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Update {
    /// It is updated; nothing says that this interrupts it.
    InPlace,
    /// It is updated, and may be interrupted.
    MayInterrupt,
    /// It may be interrupted or replaced, which depends on more than this place.
    MayReplace,
    /// It is replaced.
    Replaces,
}

/// What a value at a place is, which decides what spellings mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Nothing is known of it: the type or this part of it has no schema.
    Unknown,
    /// Text, or a list or mapping of such. Every character counts: `13.1` is not `13.10`.
    Text,
    /// A whole number, also when written as text: `"128"` is `128`.
    Integer,
    /// A number, also when written as text: `"1.50"` is `1.5`.
    Number,
    /// True or false, also when written as text: `"true"` is `true`.
    Boolean,
    /// A document that may be written as an object or as its JSON text.
    Json,
    /// A policy document, which is [`Nature::Json`] of which the order is known.
    Policy,
    /// A list; [`SchemaCursor::list`] says what its order means.
    List,
    /// An object with known keys.
    Object,
    /// A mapping whose keys its author chooses.
    Map,
}

/// A place in a resource of some type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SchemaCursor<'n> {
    rules: &'static Rules,
    /// What is said of exactly this place, and of those below it.
    place: Option<Place>,
    /// What a change does because of a place above.
    above: Update,
    write_only: bool,
    refusal: Option<&'static Refusal>,
    within: Within,
    /// The key that led here, or to the list of which this is an item.
    name: &'n str,
}

/// In what the place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// A type without a schema, or a part of one.
    Unknown,
    /// The properties of a type, by its number.
    Properties(usize),
    /// A value that the schema describes.
    Shape(Shape),
    /// A value of which the schema says only that it is text, or a list or mapping of text.
    Plain,
    /// A document that is not described.
    Json,
    /// A policy document or a part of one.
    Policy,
    /// A part of a filter of events.
    Filter,
}

impl<'n> SchemaCursor<'n> {
    pub(super) fn typed(number: usize, rules: &'static Rules) -> Self {
        Self::new(Within::Properties(number), rules)
    }

    pub(super) fn untyped(rules: &'static Rules) -> Self {
        Self::new(Within::Unknown, rules)
    }

    fn new(within: Within, rules: &'static Rules) -> Self {
        Self {
            rules,
            place: Some(Rules::ROOT),
            above: Update::InPlace,
            write_only: false,
            refusal: None,
            within,
            name: "",
        }
    }

    /// The place of a member of the mapping here.
    #[must_use]
    pub(crate) fn key(self, name: &'n str) -> Self {
        let within = match self.within {
            Within::Unknown if lists::is_policy(name) => Within::Policy,
            Within::Unknown => Within::Unknown,
            Within::Properties(number) => described(CATALOGUE.property(number, name), name),
            Within::Shape(shape) => self.member(shape, name),
            Within::Plain => Within::Plain,
            Within::Json if name == "Statement" => Within::Policy,
            Within::Json => Within::Json,
            Within::Policy => Within::Policy,
            Within::Filter => Within::Filter,
        };
        self.step(name, name, within)
    }

    /// The place of any item of the list here.
    #[must_use]
    pub(crate) fn item(self) -> Self {
        let within = match self.within {
            Within::Shape(shape) => match CATALOGUE.kind(shape) {
                Kind::List | Kind::Set => described(CATALOGUE.member(shape, "*"), self.name),
                // One item is at times written without its list, and the other way round.
                _ => self.within,
            },
            other => other,
        };
        let mut next = self.step("*", self.name, within);
        if next.place.is_none() {
            // A path of a schema does not always name the items between its steps.
            next.place = self.place;
        }
        next
    }

    fn member(self, shape: Shape, name: &'n str) -> Within {
        match CATALOGUE.kind(shape) {
            Kind::Object | Kind::JsonObject => described(CATALOGUE.member(shape, name), name),
            Kind::Map | Kind::JsonMap => described(CATALOGUE.member(shape, "*"), name),
            Kind::Json if lists::is_filter(self.name) => Within::Filter,
            Kind::Json if name == "Statement" || lists::is_policy(self.name) => Within::Policy,
            Kind::Json => Within::Json,
            Kind::List | Kind::Set | Kind::Boolean | Kind::Integer | Kind::Number => {
                Within::Unknown
            }
        }
    }

    fn step(self, step: &str, name: &'n str, within: Within) -> Self {
        let place = self.place.and_then(|at| self.rules.step(at, step));
        Self {
            rules: self.rules,
            place,
            above: self.update(),
            write_only: self.write_only || place.is_some_and(|at| self.rules.write_only(at)),
            refusal: place.and_then(|at| self.rules.refusal(at)).or(self.refusal),
            within,
            name,
        }
    }

    /// What a change of exactly this value does; what is said of the places below is left out.
    pub(crate) fn update(&self) -> Update {
        let own = self.place.and_then(|at| self.rules.update(at));
        own.map_or(self.above, |own| own.max(self.above))
    }

    /// What a change here does, if all that can stand below changes with it.
    ///
    /// For a value whose members cannot be seen; where they can, walk down to them.
    pub(crate) fn update_within(&self) -> Update {
        let below = self.place.and_then(|at| self.rules.worst_below(at));
        below.map_or_else(|| self.update(), |below| below.max(self.update()))
    }

    /// The rule by which AWS refuses changes here or of the value that this is a part of.
    pub(crate) const fn refusal(&self) -> Option<&'static Refusal> {
        self.refusal
    }

    /// Whether AWS takes the value and never tells it again, so that it cannot be compared with
    /// what runs.
    pub(crate) const fn is_write_only(&self) -> bool {
        self.write_only
    }

    /// What the value is.
    pub(crate) fn nature(&self) -> Nature {
        match self.within {
            Within::Unknown | Within::Json | Within::Filter => Nature::Unknown,
            Within::Properties(_) => Nature::Object,
            Within::Policy if lists::is_policy(self.name) => Nature::Policy,
            Within::Plain | Within::Policy => Nature::Text,
            Within::Shape(shape) => match CATALOGUE.kind(shape) {
                Kind::Boolean => Nature::Boolean,
                Kind::Integer => Nature::Integer,
                Kind::Number => Nature::Number,
                Kind::Object => Nature::Object,
                Kind::Map => Nature::Map,
                Kind::List | Kind::Set => Nature::List,
                Kind::Json if lists::is_policy(self.name) => Nature::Policy,
                Kind::Json | Kind::JsonObject | Kind::JsonMap => Nature::Json,
            },
        }
    }

    /// What order and identity mean in the list here, if the value is one.
    pub(crate) fn list(&self) -> ListNature {
        let said = match self.within {
            Within::Shape(shape) if CATALOGUE.kind(shape) == Kind::Set => lists::UNORDERED,
            Within::Policy => return lists::in_policy(self.name),
            Within::Json => return lists::ORDERED,
            Within::Filter => return lists::in_filter(self.name),
            _ => lists::ORDERED,
        };
        if self.place.is_some_and(|at| self.rules.unordered(at)) {
            return lists::UNORDERED;
        }
        lists::known(self.name, said)
    }
}

/// In what a described value is; what has no description is plain.
fn described(shape: Option<Shape>, name: &str) -> Within {
    match shape {
        Some(shape) => Within::Shape(shape),
        None if lists::is_policy(name) => Within::Policy,
        None => Within::Plain,
    }
}
