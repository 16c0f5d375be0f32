//! Which values of a resource come from other resources.

use crate::compare::{Body, Path, Segment};
use crate::location::Location;
use crate::resolve::{Piece, Resolved, Term};

/// A value that is, or contains, the id or an attribute of another resource.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    /// Logical id of the other resource.
    pub(super) target: String,
    /// Its attribute; none for its id.
    pub(super) attribute: Option<String>,
    /// Where the value stands, from `Properties` down.
    pub(super) path: Path,
    /// The value in short words.
    pub(super) words: String,
    /// Where it stands in the template.
    pub(super) at: Location,
}

/// A value that comes from another stack.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// Which one.
    pub(super) source: Source,
    /// Where the value stands, from `Properties` down.
    pub(super) path: Path,
    /// The value in short words.
    pub(super) words: String,
    /// Where it stands in the template.
    pub(super) at: Location,
}

/// What is read of another stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// What an export of the account and region holds (`Fn::ImportValue`).
    Export(String),
    /// An output of a stack (`Fn::GetStackOutput`).
    Output {
        /// Name of the stack.
        stack: String,
        /// Name of the output.
        output: String,
        /// Region, when it is another one than the reader's.
        region: Option<String>,
        /// Whether the stack may be in another account.
        is_elsewhere: bool,
    },
}

/// The references in the properties of a resource.
pub(super) fn of(body: &Body<'_>) -> Vec<Reference> {
    searched(body).found
}

/// The references in a value by itself.
pub(super) fn within(value: &Resolved<'_>) -> Vec<Reference> {
    let mut search = Search::default();
    search.enter(value);
    search.found
}

/// What the properties of a resource read of other stacks.
pub(super) fn readings(body: &Body<'_>) -> Vec<Reading> {
    searched(body).readings
}

/// What a value that stands at `path` refers to and reads.
pub(super) fn searched_in(
    value: &Resolved<'_>,
    path: Vec<Segment>,
) -> (Vec<Reference>, Vec<Reading>) {
    let mut search = Search {
        path,
        ..Search::default()
    };
    search.enter(value);
    (search.found, search.readings)
}

fn searched(body: &Body<'_>) -> Search {
    let mut search = Search::default();
    if let Term::Map(members) = &body.value.value
        && let Some(properties) = members.iter().find(|member| member.key == "Properties")
    {
        search.path.push(Segment::Key("Properties".to_owned()));
        search.enter(&properties.value);
    }
    search
}

#[derive(Default)]
struct Search {
    path: Vec<Segment>,
    found: Vec<Reference>,
    readings: Vec<Reading>,
}

impl Search {
    fn enter(&mut self, value: &Resolved<'_>) {
        match &value.value {
            Term::Map(members) => {
                for member in members {
                    self.path
                        .push(Segment::Key(member.key.clone().into_owned()));
                    self.enter(&member.value);
                    self.path.pop();
                }
            }
            Term::List(items) | Term::Set(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.path.push(Segment::Item {
                        identity: None,
                        left: None,
                        right: Some(index),
                    });
                    self.enter(item);
                    self.path.pop();
                }
            }
            Term::Pieces(pieces) => self.pieces(pieces, value),
            Term::Call(call) => self.function(call.name, &call.argument, value),
            Term::Null | Term::Absent | Term::Scalar(_) | Term::Opaque(_) => {}
        }
    }

    fn pieces(&mut self, pieces: &[Piece<'_>], whole: &Resolved<'_>) {
        for piece in pieces {
            match piece {
                Piece::Reference(name) => self.push(name, None, whole),
                Piece::Attribute(path) => {
                    if let Some((name, attribute)) = path.split_once('.') {
                        self.push(name, Some(attribute), whole);
                    }
                }
                Piece::Other(other) => self.call(other, whole),
                Piece::Text(_) => {}
            }
        }
    }

    /// References inside a call belong to the place of the call.
    fn call(&mut self, value: &Resolved<'_>, whole: &Resolved<'_>) {
        match &value.value {
            Term::Pieces(pieces) => self.pieces(pieces, whole),
            Term::List(items) | Term::Set(items) => {
                for item in items {
                    self.call(item, whole);
                }
            }
            Term::Map(members) => {
                for member in members {
                    self.call(&member.value, whole);
                }
            }
            Term::Call(call) => self.function(call.name, &call.argument, whole),
            Term::Null | Term::Absent | Term::Scalar(_) | Term::Opaque(_) => {}
        }
    }

    fn function(&mut self, name: &str, argument: &Resolved<'_>, whole: &Resolved<'_>) {
        if let Some(source) = source(name, argument) {
            self.readings.push(Reading {
                source,
                path: Path(self.path.clone()),
                words: crate::render::resolved(whole),
                at: whole.at,
            });
        }
        self.call(argument, whole);
    }

    fn push(&mut self, target: &str, attribute: Option<&str>, whole: &Resolved<'_>) {
        if target.starts_with("AWS::") {
            return;
        }
        self.found.push(Reference {
            target: target.to_owned(),
            attribute: attribute.map(ToOwned::to_owned),
            path: Path(self.path.clone()),
            words: crate::render::resolved(whole),
            at: whole.at,
        });
    }
}

/// What a function reads of another stack; none when it is another function or cannot be told.
fn source(name: &str, argument: &Resolved<'_>) -> Option<Source> {
    match (name, &argument.value) {
        ("Fn::ImportValue", _) => Some(Source::Export(argument.known_text()?.to_owned())),
        ("Fn::GetStackOutput", Term::Map(members)) => {
            let given = |key: &str| members.iter().find(|member| member.key == key);
            let text = |key: &str| given(key)?.value.known_text().map(ToOwned::to_owned);
            Some(Source::Output {
                stack: text("StackName")?,
                output: text("OutputName")?,
                region: text("Region"),
                is_elsewhere: given("RoleArn").is_some(),
            })
        }
        _ => None,
    }
}

/// The macros that the properties of a resource ask for: where, which, in what words.
pub(super) fn macros(body: &Body<'_>) -> Vec<(Path, String, String, Location)> {
    let mut found = Vec::new();
    if let Term::Map(members) = &body.value.value
        && let Some(properties) = members.iter().find(|member| member.key == "Properties")
        && asks(&properties.value)
    {
        let mut path = vec![Segment::Key("Properties".to_owned())];
        asked(&properties.value, &mut path, &mut found);
    }
    found
}

/// Whether a value asks for any macro, which few do.
fn asks(value: &Resolved<'_>) -> bool {
    match &value.value {
        Term::Map(members) => members
            .iter()
            .any(|member| member.key == "Fn::Transform" || asks(&member.value)),
        Term::List(items) | Term::Set(items) => items.iter().any(asks),
        Term::Call(call) => call.name == "Fn::Transform",
        Term::Pieces(pieces) => pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Other(other) if asks(other))),
        _ => false,
    }
}

fn asked(
    value: &Resolved<'_>,
    path: &mut Vec<Segment>,
    found: &mut Vec<(Path, String, String, Location)>,
) {
    match &value.value {
        Term::Map(members) => {
            for member in members {
                path.push(Segment::Key(member.key.clone().into_owned()));
                if member.key == "Fn::Transform" {
                    let words = crate::render::resolved(&member.value);
                    found.push((Path(path.clone()), name_of(&member.value), words, value.at));
                } else {
                    asked(&member.value, path, found);
                }
                path.pop();
            }
        }
        Term::List(items) | Term::Set(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Segment::Item {
                    identity: None,
                    left: None,
                    right: Some(index),
                });
                asked(item, path, found);
                path.pop();
            }
        }
        Term::Call(call) if call.name == "Fn::Transform" => {
            let words = crate::render::resolved(value);
            let name = name_of(&call.argument);
            found.push((Path(path.clone()), name, words, value.at));
        }
        Term::Pieces(pieces) => {
            for piece in pieces {
                if let Piece::Other(other) = piece {
                    asked(other, path, found);
                }
            }
        }
        _ => {}
    }
}

fn name_of(argument: &Resolved<'_>) -> String {
    let Term::Map(members) = &argument.value else {
        return argument.known_text().unwrap_or("Fn::Transform").to_owned();
    };
    members
        .iter()
        .find(|member| member.key == "Name")
        .and_then(|member| member.value.known_text())
        .unwrap_or("Fn::Transform")
        .to_owned()
}
