//! Nodes with as much worked out as one side's values allow.
//!
//! `Ref`, `Fn::Sub`, `Fn::Join`, `Fn::Split`, `Fn::Select`, `Fn::FindInMap`, `Fn::If` and
//! `Fn::Length` are carried out where their arguments are known; the rest stays as a call. What a
//! text is put together from is brought to one form, so that `!Sub "${P}-x"` and the `Fn::Join`
//! that says the same are equal. Every result remembers which parameters, mappings, conditions and
//! pseudo parameters it depends on, and which node of the source it came from.
//!
//! Without values (`Scope::without_values`) the same code only brings nodes to that one form.

mod base64;
mod cidr;
mod conditions;
mod functions;
mod influence;
mod scope;
mod term;

pub(crate) use conditions::{Judged, Meaning, Truth};
pub(crate) use influence::{Influence, Influences};
pub(crate) use scope::{Given, Scope};
pub(crate) use term::{
    Basis, Call, Member, Piece, Resolved, Term, fingerprint, may_be_equal, present, same,
};

use crate::hashed::HashMap;
use crate::node::{Map, Node, Value};
use std::borrow::Cow;

/// Steps that one resolver may take in all.
const FUEL: usize = 8_000_000;

/// Steps that one resource or other entry may take: an expression that doubles at each level stops
/// here.
const FUEL_OF_ENTRY: usize = 500_000;

/// Resolves the nodes of one template for one side.
pub(crate) struct Resolver<'a> {
    scope: &'a Scope<'a>,
    truths: HashMap<&'a str, Option<Judged<'a>>>,
    /// What is taken to hold where the resolver is: the branch of an open condition that it is in.
    assumed: Vec<Meaning>,
    fuel: usize,
    fuel_of_entry: usize,
}

/// What surrounds a node: the outermost function that it came through, and what that depends on.
#[derive(Clone, Default)]
pub(crate) struct Surroundings<'a> {
    origin: Option<&'a Node>,
    influences: Influences<'a>,
}

impl<'a> Surroundings<'a> {
    /// The same, inside a function.
    fn inside(&self, node: &'a Node) -> Self {
        Self {
            origin: self.origin.or(Some(node)),
            influences: self.influences.clone(),
        }
    }

    /// The same, depending on more.
    fn under(&self, influences: &Influences<'a>) -> Self {
        Self {
            origin: self.origin,
            influences: self.influences.with(influences),
        }
    }
}

impl<'a> Resolver<'a> {
    /// Takes a side's scope.
    pub(crate) fn new(scope: &'a Scope<'a>) -> Self {
        Self {
            scope,
            truths: HashMap::default(),
            assumed: Vec::new(),
            fuel: FUEL,
            fuel_of_entry: FUEL_OF_ENTRY,
        }
    }

    /// Another one over the same values, with steps of its own.
    pub(crate) fn anew(&self) -> Self {
        Self::new(self.scope)
    }

    /// Works a node out.
    pub(crate) fn resolve(&mut self, node: &'a Node) -> Resolved<'a> {
        self.fuel_of_entry = FUEL_OF_ENTRY;
        self.node(node, &Surroundings::default())
    }

    /// Works a node out that is only of use where a condition holds.
    pub(crate) fn resolve_under(&mut self, condition: &Judged<'a>, node: &'a Node) -> Resolved<'a> {
        if condition.truth != Truth::Open {
            return self.resolve(node);
        }
        self.assumed.push(condition.meaning);
        let resolved = self.resolve(node);
        self.assumed.pop();
        resolved
    }

    /// Whether an open condition holds by what is taken to hold.
    fn assumed_truth(&self, meaning: Meaning) -> Truth {
        let found = self
            .assumed
            .iter()
            .find(|known| known.question == meaning.question);
        match found {
            Some(known) if known.negated == meaning.negated => Truth::Holds,
            Some(_) => Truth::Fails,
            None => Truth::Open,
        }
    }

    fn node(&mut self, node: &'a Node, around: &Surroundings<'a>) -> Resolved<'a> {
        if !self.pay(1) {
            return finished(node, around, Term::Opaque(node));
        }
        let term = match &node.value {
            Value::Null => Term::Null,
            Value::List(items) => {
                Term::List(items.iter().map(|item| self.node(item, around)).collect())
            }
            Value::Map(map) => match node.as_intrinsic() {
                Some((name, argument)) if is_function(name, argument) => {
                    return self.function(name, argument, node, &around.inside(node));
                }
                _ => Term::Map(self.members(map, around)),
            },
            Value::Boolean(_) | Value::Number(_) | Value::Text(_) => {
                node.scalar_text().map_or(Term::Null, Term::Scalar)
            }
        };
        finished(node, around, term)
    }

    fn members(&mut self, map: &'a Map, around: &Surroundings<'a>) -> Vec<Member<'a>> {
        map.sorted()
            .map(|entry| Member {
                key: Cow::Borrowed(&entry.key),
                value: self.node(&entry.value, around),
            })
            .collect()
    }

    /// Takes steps from the fuel; false when it is spent.
    fn pay(&mut self, steps: usize) -> bool {
        let enough = self.fuel >= steps && self.fuel_of_entry >= steps;
        self.fuel = self.fuel.saturating_sub(steps);
        self.fuel_of_entry = self.fuel_of_entry.saturating_sub(steps);
        enough
    }
}

/// `Condition` is a function only among conditions; elsewhere it is a key like any other.
fn is_function(name: &str, argument: &Node) -> bool {
    match name {
        "Condition" => false,
        "Ref" => argument.as_text().is_some(),
        _ => !name.starts_with("Fn::ForEach"),
    }
}

fn finished<'a>(node: &Node, around: &Surroundings<'a>, value: Term<'a>) -> Resolved<'a> {
    Resolved {
        at: node.at,
        value,
        origin: around.origin,
        influences: around.influences.clone(),
    }
}
