//! The intrinsic functions, carried out where their arguments are known.

use super::term::present;
use super::{
    Basis, Call, Given, Influence, Influences, Judged, Meaning, Member, Piece, Resolved, Resolver,
    Surroundings, Term, Truth, cidr, fingerprint, finished, same,
};
use crate::node::{Map, Node};
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Bytes of new text that cost one step.
const BYTES_A_STEP: usize = 32;

impl<'a> Resolver<'a> {
    pub(super) fn function(
        &mut self,
        name: &'a str,
        argument: &'a Node,
        node: &'a Node,
        around: &Surroundings<'a>,
    ) -> Resolved<'a> {
        let done = match (name, argument.as_list()) {
            ("Ref", _) => argument
                .as_text()
                .map(|name| self.reference(name, node, around)),
            ("Fn::Sub", _) => self.substitute(argument, node, around),
            ("Fn::GetAtt", Some([resource, attribute])) => attribute_of(resource, attribute)
                .map(|piece| finished(node, around, Term::Pieces(vec![piece]))),
            ("Fn::If", Some([condition, yes, no])) => {
                self.choose(condition, [yes, no], node, around)
            }
            _ => None,
        };
        if let Some(done) = done {
            return done;
        }
        let argument = self.node(argument, around);
        let carried_out = match name {
            "Fn::Join" => self.join(&argument, node, around),
            "Fn::Split" => self.split(&argument, node, around),
            "Fn::Select" => select(&argument),
            "Fn::FindInMap" => self.find_in_map(&argument, node, around),
            "Fn::Length" => length(&argument, node, around),
            "Fn::Cidr" => cidr::blocks(&argument, node, around),
            "Fn::ImportValue" => self.import(&argument, node, around),
            "Fn::GetAZs" => {
                let region = self.zones(argument);
                return call(name, region, node, around);
            }
            _ => None,
        };
        carried_out.unwrap_or_else(|| call(name, argument, node, around))
    }

    fn reference(
        &mut self,
        name: &'a str,
        node: &'a Node,
        around: &Surroundings<'a>,
    ) -> Resolved<'a> {
        let scope = self.scope;
        if name == "AWS::NoValue" {
            return finished(node, around, Term::Absent);
        }
        let unknown = || Term::Pieces(vec![Piece::Reference(name)]);
        if let Some(given) = scope.parameters.get(name) {
            let around = around.under(&Influences::of(Influence::Parameter(name)));
            let term = match given {
                Given::Text(text) => Term::Scalar(Cow::Borrowed(text)),
                Given::List(items) if self.pay(items.len()) => Term::List(
                    items
                        .iter()
                        .map(|item| finished(node, &around, Term::Scalar(Cow::Borrowed(item))))
                        .collect(),
                ),
                Given::List(_) | Given::Hidden => unknown(),
            };
            return finished(node, &around, term);
        }
        if name.starts_with("AWS::") {
            let around = around.under(&Influences::of(Influence::Pseudo(name)));
            let term = match scope.pseudo.get(name) {
                Some(text) => Term::Scalar(Cow::Borrowed(text)),
                None => unknown(),
            };
            return finished(node, &around, term);
        }
        finished(node, around, unknown())
    }

    fn substitute(
        &mut self,
        argument: &'a Node,
        node: &'a Node,
        around: &Surroundings<'a>,
    ) -> Option<Resolved<'a>> {
        let (text, variables) = match argument.as_list() {
            Some([text, variables]) => (text.as_text()?, Some(variables.as_map()?)),
            Some([text]) => (text.as_text()?, None),
            Some(_) => return None,
            None => (argument.as_text()?, None),
        };
        let mut assembly = Assembly::new(around);
        for part in parts(text) {
            let (name, is_name) = match part {
                Part::Text(text) => (text, false),
                Part::Name(name) => (name, true),
            };
            if !is_name {
                self.add_text(&mut assembly, Cow::Borrowed(name))?;
                continue;
            }
            let value = match variables.and_then(|map| map.get(name)) {
                Some(variable) => self.node(variable, around),
                None if name.contains('.') => {
                    let attribute = Piece::Attribute(Cow::Borrowed(name));
                    finished(node, around, Term::Pieces(vec![attribute]))
                }
                None => self.reference(name, node, around),
            };
            self.add(&mut assembly, value)?;
        }
        Some(assembly.finish(node))
    }

    fn join(
        &mut self,
        argument: &Resolved<'a>,
        node: &'a Node,
        around: &Surroundings<'a>,
    ) -> Option<Resolved<'a>> {
        let [delimiter, items] = list_of(argument)? else {
            return None;
        };
        let (Term::Scalar(delimiter), Term::List(items)) = (&delimiter.value, &items.value) else {
            return None;
        };
        let mut assembly = Assembly::new(&around.under(&argument.influences));
        for (index, item) in present(items).enumerate() {
            let is_added = (index == 0
                || self.add_text(&mut assembly, delimiter.clone()).is_some())
                && self.add(&mut assembly, item.clone()).is_some();
            if !is_added {
                return None;
            }
        }
        Some(assembly.finish(node))
    }

    fn split(
        &mut self,
        argument: &Resolved<'a>,
        node: &'a Node,
        around: &Surroundings<'a>,
    ) -> Option<Resolved<'a>> {
        let Some([delimiter, source]) = list_of(argument) else {
            return None;
        };
        let (Some(delimiter), Some(text)) = (delimiter.known_text(), source.known_text()) else {
            return None;
        };
        if delimiter.is_empty() || !self.pay(1 + text.len()) {
            return None;
        }
        let around = around.under(&source.influences);
        let items = text
            .split(delimiter)
            .map(|part| finished(node, &around, Term::Scalar(Cow::Owned(part.to_owned()))))
            .collect();
        Some(finished(node, &around, Term::List(items)))
    }

    fn find_in_map(
        &mut self,
        argument: &Resolved<'a>,
        node: &'a Node,
        around: &Surroundings<'a>,
    ) -> Option<Resolved<'a>> {
        let Some([map, first, second, options @ ..]) = list_of(argument) else {
            return None;
        };
        let (mappings, map_name) = (self.scope.mappings?, map.known_text()?);
        let mut influences = map
            .influences
            .with(&first.influences)
            .with(&second.influences);
        let mapping = mappings.entry(map_name);
        if let Some(entry) = mapping {
            influences = influences.with(&Influences::of(Influence::Mapping(&entry.key)));
        }
        let rows = mapping.and_then(|entry| entry.value.as_map());
        let (Some(first_key), Some(second_key)) = (first.known_text(), second.known_text()) else {
            let around = around.under(&influences);
            let cells = cells(rows?, first.known_text(), second.known_text());
            return self.any_of(cells, argument, node, &around);
        };
        let found = rows.and_then(|rows| rows.get(first_key)?.as_map()?.get(second_key));
        if let Some(found) = found {
            return Some(self.node(found, &around.under(&influences)));
        }
        let default = options.first().and_then(|options| default_of(options))?;
        Some(Resolved {
            influences: default.influences.with(&influences),
            ..default.clone()
        })
    }

    /// A lookup whose keys are not known: one of the cells that it may find, and that one itself
    /// where all are equal.
    fn any_of(
        &mut self,
        cells: Vec<(&'a str, &'a str, &'a Node)>,
        argument: &Resolved<'a>,
        node: &'a Node,
        around: &Surroundings<'a>,
    ) -> Option<Resolved<'a>> {
        self.pay(cells.len()).then_some(())?;
        let (_, _, one) = *cells.first()?;
        let has_default = list_of(argument).is_some_and(|arguments| arguments.len() > 3);
        if !has_default && cells.iter().all(|(_, _, cell)| *cell == one) {
            return Some(self.node(one, around));
        }
        let hashes = cells.into_iter().map(|(first, second, cell)| {
            let mut hasher = DefaultHasher::new();
            let value = fingerprint(&self.node(cell, &Surroundings::default()));
            (first, second, value).hash(&mut hasher);
            hasher.finish()
        });
        let call = Call {
            name: "Fn::FindInMap",
            argument: argument.clone(),
            basis: Basis::Cells(hashes.collect()),
        };
        let around = around.under(&everything_in(argument));
        Some(finished(node, &around, Term::Call(Box::new(call))))
    }

    /// The value of an export of the environment, when it is known.
    fn import(
        &mut self,
        argument: &Resolved<'a>,
        node: &'a Node,
        around: &Surroundings<'a>,
    ) -> Option<Resolved<'a>> {
        let (name, value) = self.scope.exports.get_key_value(argument.known_text()?)?;
        let around = around
            .under(&argument.influences)
            .under(&Influences::of(Influence::Export(name)));
        let value = Term::Scalar(Cow::Borrowed(value.as_str()));
        Some(finished(node, &around, value))
    }

    fn choose(
        &mut self,
        condition: &'a Node,
        branches: [&'a Node; 2],
        node: &'a Node,
        around: &Surroundings<'a>,
    ) -> Option<Resolved<'a>> {
        let name = condition.as_text()?;
        let Judged {
            truth,
            meaning,
            influences,
        } = self.truth(name);
        let around = around.under(&influences);
        let [yes, no] = branches;
        let truth = match truth {
            Truth::Open => self.assumed_truth(meaning),
            decided => decided,
        };
        match truth {
            Truth::Holds => Some(self.node(yes, &around)),
            Truth::Fails => Some(self.node(no, &around)),
            Truth::Open => {
                let yes = self.branch(yes, meaning, &around);
                let no = self.branch(no, meaning.turned(), &around);
                if same(&yes, &no) {
                    return Some(yes);
                }
                let condition = finished(condition, &around, Term::Scalar(Cow::Borrowed(name)));
                let influences = everything_in(&yes).with(&everything_in(&no));
                let around = around.under(&influences);
                let arguments = Term::List(vec![condition, yes, no]);
                let call = Call {
                    name: "Fn::If",
                    argument: finished(node, &around, arguments),
                    basis: Basis::Condition(meaning),
                };
                Some(finished(node, &around, Term::Call(Box::new(call))))
            }
        }
    }

    /// A value that is only of use where something holds.
    fn branch(
        &mut self,
        node: &'a Node,
        holds: Meaning,
        around: &Surroundings<'a>,
    ) -> Resolved<'a> {
        self.assumed.push(holds);
        let resolved = self.node(node, around);
        self.assumed.pop();
        resolved
    }

    /// No region, an empty one and the stack's own mean the same to `Fn::GetAZs`.
    fn zones(&self, mut region: Resolved<'a>) -> Resolved<'a> {
        let own = self.scope.pseudo.get("AWS::Region").map(String::as_str);
        let is_own = match &region.value {
            Term::Null => true,
            Term::Scalar(text) => text.is_empty() || Some(text.as_ref()) == own,
            Term::Pieces(pieces) => matches!(pieces.as_slice(), [Piece::Reference("AWS::Region")]),
            _ => false,
        };
        if is_own {
            region.value = Term::Scalar(Cow::Borrowed(""));
        }
        region
    }

    fn add_text(&mut self, assembly: &mut Assembly<'a>, text: Cow<'a, str>) -> Option<()> {
        self.pay(1 + text.len() / BYTES_A_STEP).then_some(())?;
        assembly.text(text);
        Some(())
    }

    /// Adds a value to a text; none when the fuel is spent.
    fn add(&mut self, assembly: &mut Assembly<'a>, value: Resolved<'a>) -> Option<()> {
        assembly.influences = assembly.influences.with(&value.influences);
        match value.value {
            Term::Scalar(text) => self.add_text(assembly, text),
            Term::Pieces(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => self.add_text(assembly, text)?,
                        other => {
                            self.pay(1).then_some(())?;
                            assembly.pieces.push(other);
                        }
                    }
                }
                Some(())
            }
            _ => {
                self.pay(1).then_some(())?;
                assembly.pieces.push(Piece::Other(Box::new(value)));
                Some(())
            }
        }
    }
}

fn call<'a>(
    name: &'a str,
    argument: Resolved<'a>,
    node: &'a Node,
    around: &Surroundings<'a>,
) -> Resolved<'a> {
    let around = around.under(&everything_in(&argument));
    let call = Call {
        name,
        argument,
        basis: Basis::Argument,
    };
    finished(node, &around, Term::Call(Box::new(call)))
}

/// The cells of a mapping that a lookup may find, each with its keys, by what is known of the keys.
fn cells<'a>(
    rows: &'a Map,
    first: Option<&str>,
    second: Option<&str>,
) -> Vec<(&'a str, &'a str, &'a Node)> {
    let is_wanted = |key: &str, wanted: Option<&str>| wanted.is_none_or(|wanted| wanted == key);
    let mut cells = Vec::new();
    for row in rows.sorted().filter(|row| is_wanted(&row.key, first)) {
        let Some(columns) = row.value.as_map() else {
            continue;
        };
        for column in columns.sorted().filter(|it| is_wanted(&it.key, second)) {
            cells.push((row.key.as_str(), column.key.as_str(), &column.value));
        }
    }
    cells
}

pub(super) fn list_of<'r, 'a>(argument: &'r Resolved<'a>) -> Option<&'r [Resolved<'a>]> {
    match &argument.value {
        Term::List(items) | Term::Set(items) => Some(items),
        _ => None,
    }
}

fn select<'a>(argument: &Resolved<'a>) -> Option<Resolved<'a>> {
    let Some([index, items]) = list_of(argument) else {
        return None;
    };
    let position: Option<usize> = index.known_text().and_then(|text| text.parse().ok());
    let (Some(position), Some(list)) = (position, list_of(items)) else {
        return None;
    };
    let influences = index.influences.with(&items.influences);
    let item = present(list).nth(position)?;
    Some(Resolved {
        influences: item.influences.with(&influences),
        ..item.clone()
    })
}

fn length<'a>(
    argument: &Resolved<'a>,
    node: &'a Node,
    around: &Surroundings<'a>,
) -> Option<Resolved<'a>> {
    let items = list_of(argument)?;
    let count = present(items).count().to_string();
    let around = around.under(&argument.influences);
    Some(finished(node, &around, Term::Scalar(Cow::Owned(count))))
}

/// The `DefaultValue` of a lookup's options.
fn default_of<'r, 'a>(options: &'r Resolved<'a>) -> Option<&'r Resolved<'a>> {
    match &options.value {
        Term::Map(members) => members
            .iter()
            .find(|member| member.key == "DefaultValue")
            .map(|member| &member.value),
        _ => None,
    }
}

/// A text that is being put together.
struct Assembly<'a> {
    pieces: Vec<Piece<'a>>,
    around: Surroundings<'a>,
    influences: Influences<'a>,
}

impl<'a> Assembly<'a> {
    fn new(around: &Surroundings<'a>) -> Self {
        Self {
            pieces: Vec::new(),
            around: around.clone(),
            influences: Influences::default(),
        }
    }

    fn text(&mut self, text: Cow<'a, str>) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.to_mut().push_str(&text);
        } else {
            self.pieces.push(Piece::Text(text));
        }
    }

    fn finish(mut self, node: &'a Node) -> Resolved<'a> {
        let around = self.around.under(&self.influences);
        let term = match self.pieces.as_mut_slice() {
            [] => Term::Scalar(Cow::Borrowed("")),
            [Piece::Text(text)] => Term::Scalar(std::mem::take(text)),
            [Piece::Other(_)] => match self.pieces.pop() {
                Some(Piece::Other(other)) => other.value,
                _ => Term::Null,
            },
            _ => Term::Pieces(self.pieces),
        };
        finished(node, &around, term)
    }
}

fn attribute_of<'a>(resource: &'a Node, attribute: &'a Node) -> Option<Piece<'a>> {
    let (resource, attribute) = (resource.as_text()?, attribute.as_text()?);
    Some(Piece::Attribute(Cow::Owned(format!(
        "{resource}.{attribute}"
    ))))
}

/// What a value and everything inside it depends on.
pub(super) fn everything_in<'a>(resolved: &Resolved<'a>) -> Influences<'a> {
    let own = resolved.influences.clone();
    match &resolved.value {
        Term::List(items) | Term::Set(items) => items
            .iter()
            .fold(own, |all, item| all.with(&everything_in(item))),
        Term::Map(members) => members.iter().fold(own, |all, Member { value, .. }| {
            all.with(&everything_in(value))
        }),
        Term::Null
        | Term::Absent
        | Term::Scalar(_)
        | Term::Pieces(_)
        | Term::Call(_)
        | Term::Opaque(_) => own,
    }
}

/// A part of the text of `Fn::Sub`.
enum Part<'a> {
    Text(&'a str),
    Name(&'a str),
}

/// Takes the text of `Fn::Sub` apart: `${Name}`, and `${!Literal}`, which stays `${Literal}`.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        let end = start + length;
        let inner = &rest[start + 2..end];
        if let Some(literal) = inner.strip_prefix('!') {
            parts.push(Part::Text(&rest[..start + 2]));
            parts.push(Part::Text(literal));
            parts.push(Part::Text(&rest[end..=end]));
        } else {
            parts.push(Part::Text(&rest[..start]));
            parts.push(Part::Name(inner.trim()));
        }
        rest = &rest[end + 1..];
    }
    parts.push(Part::Text(rest));
    parts
}
