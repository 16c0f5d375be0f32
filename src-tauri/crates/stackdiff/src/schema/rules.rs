//! What a change of each path of one type does, as a tree of the paths of which something is said.
//!
//! Made from the schema's lists of paths and from the table kept by hand, which has the last word.

use super::cursor::Update;
use super::data::CATALOGUE;
use super::known::{self, Refusal};
use std::sync::LazyLock;

/// A place in the tree; the first one is that above all properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u16);

/// The tree of one type.
#[derive(Debug)]
pub(super) struct Rules {
    places: Vec<Rule>,
}

/// What is said of a path.
#[derive(Debug, Default)]
struct Rule {
    /// Steps to the paths below, in order of their names.
    below: Vec<(&'static str, Place)>,
    update: Option<Update>,
    /// The worst that is said of any path below.
    worst_below: Option<Update>,
    write_only: bool,
    unordered: bool,
    refusal: Option<&'static Refusal>,
}

impl Rules {
    /// Where every tree begins.
    pub(super) const ROOT: Place = Place(0);

    pub(super) fn of_type(number: usize) -> Self {
        let mut rules = Self::empty();
        if CATALOGUE.facts(number).no_update() {
            rules.places[0].update = Some(Update::Replaces);
        }
        let top = CATALOGUE
            .properties(number)
            .map(|(name, flags)| (vec![name], flags));
        for (steps, flags) in top.chain(CATALOGUE.nested(number)) {
            let update = if flags.create_only() {
                Some(Update::Replaces)
            } else if flags.conditional() {
                Some(Update::MayReplace)
            } else {
                None
            };
            if update.is_some() || flags.write_only() {
                let rule = rules.make(steps.iter().copied());
                rule.update = update;
                rule.write_only = flags.write_only();
            }
        }
        rules.add_known(CATALOGUE.type_name(number));
        rules
    }

    /// The tree of a type without a schema.
    pub(super) fn of_unknown(resource_type: &str) -> &'static Self {
        static UNKNOWN: LazyLock<Rules> = LazyLock::new(Rules::empty);
        static CUSTOM: LazyLock<Rules> = LazyLock::new(|| {
            let mut rules = Rules::empty();
            rules.add_known(known::CUSTOM);
            rules
        });
        if known::is_custom(resource_type) {
            &CUSTOM
        } else {
            &UNKNOWN
        }
    }

    fn empty() -> Self {
        Self {
            places: vec![Rule::default()],
        }
    }

    fn add_known(&mut self, resource_type: &str) {
        for (path, update) in known::updates(resource_type) {
            self.make(path.split('/')).update = Some(update);
        }
        for refusal in known::refusals(resource_type) {
            self.make(refusal.path.split('/')).refusal = Some(refusal);
        }
        for path in known::unordered_lists(resource_type) {
            self.make(path.split('/')).unordered = true;
        }
        self.spread(Self::ROOT);
    }

    fn make(&mut self, steps: impl Iterator<Item = &'static str>) -> &mut Rule {
        let mut at = Self::ROOT;
        for step in steps {
            let next = Place(u16::try_from(self.places.len()).expect("a few paths of a type"));
            let below = &mut self.places[usize::from(at.0)].below;
            at = match below.binary_search_by_key(&step, |(name, _)| name) {
                Ok(found) => below[found].1,
                Err(missing) => {
                    below.insert(missing, (step, next));
                    self.places.push(Rule::default());
                    next
                }
            };
        }
        &mut self.places[usize::from(at.0)]
    }

    /// Takes the worst of what is below up to every place.
    fn spread(&mut self, at: Place) -> Option<Update> {
        let below: Vec<Place> = self
            .rule(at)
            .below
            .iter()
            .map(|(_, place)| *place)
            .collect();
        let worst = below
            .into_iter()
            .filter_map(|place| self.spread(place))
            .max();
        let rule = &mut self.places[usize::from(at.0)];
        rule.worst_below = worst;
        worst.max(rule.update)
    }

    fn rule(&self, place: Place) -> &Rule {
        &self.places[usize::from(place.0)]
    }

    /// The place of a member; a path that names any member serves as well.
    pub(super) fn step(&self, at: Place, name: &str) -> Option<Place> {
        let below = &self.rule(at).below;
        // Few, of which most differ in length.
        let named = below.iter().find(|(other, _)| *other == name);
        let any = || below.iter().find(|(other, _)| *other == "*");
        named.or_else(any).map(|(_, place)| *place)
    }

    pub(super) fn update(&self, at: Place) -> Option<Update> {
        self.rule(at).update
    }

    pub(super) fn worst_below(&self, at: Place) -> Option<Update> {
        self.rule(at).worst_below
    }

    pub(super) fn write_only(&self, at: Place) -> bool {
        self.rule(at).write_only
    }

    pub(super) fn unordered(&self, at: Place) -> bool {
        self.rule(at).unordered
    }

    pub(super) fn refusal(&self, at: Place) -> Option<&'static Refusal> {
        self.rule(at).refusal
    }
}
