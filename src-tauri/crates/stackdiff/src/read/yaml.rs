//! YAML with a location for every node.
//!
//! The syntax comes from `saphyr-parser` as events; what they mean is decided here: scalars by
//! YAML 1.1, short forms lengthened, aliases copied within the budget, `<<` merged.

use super::budget::{Budget, Spending};
use super::json::duplicate;
use super::scalar;
use super::short_forms;
use super::{Fault, ReadProblem};
use crate::hashed::{HashMap, HashSet};
use crate::location::{Location, Walk};
use crate::node::{Entry, Map, Node, Value};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use std::borrow::Cow;

/// Reads one YAML document.
pub(crate) fn read(text: &str, budget: &Budget) -> Result<Node, Fault> {
    refuse_control_characters(text)?;
    let compose = |text: &str| {
        let mut composer = Composer {
            parser: Parser::new_from_str(text),
            spending: Spending::new(*budget),
            anchors: HashMap::default(),
        };
        composer.document()
    };
    match compose(text) {
        Err((_, ReadProblem::Syntax { message })) if message.contains(LONE_DASH) => {
            compose(&with_stand_ins(text))
        }
        read => read,
    }
}

/// What the event parser says of a `-` that is a whole scalar, as in `!Join [-, [a, b]]`: YAML 1.2
/// does not allow it. YAML 1.1 and CloudFormation do.
const LONE_DASH: &str = "cannot start with '-'";

/// Stands for a `-` that the event parser would refuse. No document holds it, and it is as long.
const STAND_IN: char = '\u{1}';

fn with_stand_ins(text: &str) -> String {
    let bytes = text.as_bytes();
    let is_alone = |at: usize| {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        let after = bytes.get(at + 1).copied().unwrap_or(b' ');
        matches!(before, b' ' | b'\t' | b'\n' | b'[' | b'{' | b',')
            && matches!(after, b',' | b']' | b'}')
    };
    text.char_indices()
        .map(|(at, c)| {
            if c == '-' && is_alone(at) {
                STAND_IN
            } else {
                c
            }
        })
        .collect()
}

/// The event parser takes a NUL for the end of the text, so what follows one would be lost.
fn refuse_control_characters(text: &str) -> Result<(), Fault> {
    let is_refused = |byte: u8| matches!(byte, 0..=0x8 | 0xB | 0xC | 0xE..=0x1F | 0x7F);
    let found = text.bytes().position(is_refused);
    match found {
        None => Ok(()),
        Some(offset) => {
            let message = "a control character may not stand in a YAML document";
            Err((Walk::new(text).at(offset), ReadProblem::syntax(message)))
        }
    }
}

/// A value that an alias may repeat, and what a copy of it costs.
struct Anchored {
    node: Node,
    nodes: usize,
    bytes: usize,
    depth: usize,
}

struct Composer<'t> {
    parser: Parser<'t, StrInput<'t>>,
    spending: Spending,
    anchors: HashMap<usize, Anchored>,
}

type Tagged<'t> = Option<Cow<'t, Tag>>;

impl<'t> Composer<'t> {
    fn document(&mut self) -> Result<Node, Fault> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
                Event::StreamEnd | Event::DocumentEnd => {
                    return Ok(Node {
                        at: location(span.start),
                        value: Value::Null,
                    });
                }
                other => {
                    let node = self.value(other, span, 1)?;
                    self.expect_end()?;
                    return Ok(node);
                }
            }
        }
    }

    fn expect_end(&mut self) -> Result<(), Fault> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::DocumentEnd | Event::Nothing => {}
                Event::StreamEnd => return Ok(()),
                _ => {
                    let message = "a second document begins here; a template is one document";
                    return Err((location(span.start), ReadProblem::syntax(message)));
                }
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Fault> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(scan_fault(&error)),
            None => Err((
                Location::START,
                ReadProblem::syntax("the document ends before it is complete"),
            )),
        }
    }

    fn value(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, Fault> {
        let at = location(span.start);
        let paid_before = self.spending.nodes_so_far();
        self.spending.nodes(1, at)?;
        let (anchor, node) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                (anchor, scalar_node(text, style, tag.as_deref(), at)?)
            }
            Event::SequenceStart(anchor, tag) => {
                self.spending.depth(depth, at)?;
                let items = self.list(depth)?;
                let value = Value::List(items);
                (anchor, collection(tag, Node { at, value }, "seq")?)
            }
            Event::MappingStart(anchor, tag) => {
                self.spending.depth(depth, at)?;
                let value = Value::Map(self.map(depth)?);
                (anchor, collection(tag, Node { at, value }, "map")?)
            }
            Event::Alias(anchor) => return self.repeat(anchor, at, depth),
            _ => {
                return Err((at, ReadProblem::syntax("a value is expected here")));
            }
        };
        if anchor != 0 {
            let nodes = self.spending.nodes_so_far() - paid_before;
            self.remember(anchor, &node, nodes)?;
        }
        Ok(node)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Fault> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(items);
            }
            items.push(self.value(event, span, depth + 1)?);
        }
    }

    fn map(&mut self, depth: usize) -> Result<Map, Fault> {
        let mut entries = Vec::new();
        let mut merged = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let is_merge = matches!(
                &event,
                Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<"
            );
            let key = self.value(event, span, depth + 1)?;
            let (event, span) = self.next()?;
            let value = self.value(event, span, depth + 1)?;
            if is_merge {
                merge_sources(value, &mut merged)?;
            } else {
                let key_at = key.at;
                entries.push(Entry {
                    key: key_text(key)?,
                    key_at,
                    value,
                });
            }
        }
        let map = Map::new(entries).map_err(|twice| duplicate(*twice))?;
        let mut map = merge(map, merged)?;
        short_forms::normalise(&mut map);
        Ok(map)
    }

    fn remember(&mut self, anchor: usize, node: &Node, nodes: usize) -> Result<(), Fault> {
        let (bytes, depth) = extent(node);
        self.spending.copy(nodes, bytes, node.at)?;
        self.anchors.insert(
            anchor,
            Anchored {
                node: node.clone(),
                nodes,
                bytes,
                depth,
            },
        );
        Ok(())
    }

    fn repeat(&mut self, anchor: usize, at: Location, depth: usize) -> Result<Node, Fault> {
        self.spending.alias(at)?;
        let anchored = self.anchors.get(&anchor).ok_or_else(|| {
            let message = "this alias stands inside the value that it repeats";
            (at, ReadProblem::syntax(message))
        })?;
        self.spending.depth(depth + anchored.depth, at)?;
        self.spending.copy(anchored.nodes, anchored.bytes, at)?;
        Ok(Node {
            at,
            value: anchored.node.value.clone(),
        })
    }
}

/// The text of a key; numbers and truths as CloudFormation writes them.
fn key_text(key: Node) -> Result<String, Fault> {
    match key.value {
        Value::Text(text) => Ok(text),
        _ => key.scalar_text().map(Cow::into_owned).ok_or_else(|| {
            let message = "a key must be a text or a number";
            (key.at, ReadProblem::syntax(message))
        }),
    }
}

/// The mappings that `<<` names, in order.
fn merge_sources(value: Node, merged: &mut Vec<Map>) -> Result<(), Fault> {
    let at = value.at;
    let sources = match value.value {
        Value::List(items) => items,
        other => vec![Node { at, value: other }],
    };
    for source in sources {
        let Value::Map(map) = source.value else {
            let message = "`<<` takes a mapping or a list of mappings";
            return Err((source.at, ReadProblem::syntax(message)));
        };
        merged.push(map);
    }
    Ok(())
}

/// Own keys win over merged ones, and earlier sources over later ones.
fn merge(own: Map, sources: Vec<Map>) -> Result<Map, Fault> {
    if sources.is_empty() {
        return Ok(own);
    }
    let mut entries = own.into_entries();
    let mut taken: HashSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
    for source in sources {
        for entry in source.into_entries() {
            if taken.insert(entry.key.clone()) {
                entries.push(entry);
            }
        }
    }
    Map::new(entries).map_err(|twice| duplicate(*twice))
}

fn scalar_node(
    text: Cow<'_, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
    at: Location,
) -> Result<Node, Fault> {
    let text = if text.contains(STAND_IN) {
        Cow::Owned(text.replace(STAND_IN, "-"))
    } else {
        text
    };
    let value = match tag {
        None if style == ScalarStyle::Plain => scalar::plain(text),
        None => Value::Text(text.into_owned()),
        Some(tag) if is_non_specific(tag) => Value::Text(text.into_owned()),
        Some(tag) if tag.is_yaml_core_schema() && scalar::is_tag(&tag.suffix) => {
            scalar::tagged(&tag.suffix, &text).ok_or_else(|| {
                let message = format!("`{text}` is not a value for the tag `!!{}`", tag.suffix);
                (at, ReadProblem::syntax(message))
            })?
        }
        Some(tag) => {
            let name = intrinsic(tag).ok_or_else(|| unknown_tag(tag, at))?;
            return Ok(short_forms::lengthen(name, at, Node::text(at, text)));
        }
    };
    Ok(Node { at, value })
}

/// A list or mapping under its tag.
fn collection(tag: Tagged<'_>, node: Node, own: &str) -> Result<Node, Fault> {
    let Some(tag) = tag else {
        return Ok(node);
    };
    if is_non_specific(&tag) || (tag.is_yaml_core_schema() && tag.suffix == own) {
        return Ok(node);
    }
    let name = intrinsic(&tag).ok_or_else(|| unknown_tag(&tag, node.at))?;
    Ok(short_forms::lengthen(name, node.at, node))
}

fn is_non_specific(tag: &Tag) -> bool {
    tag.handle.is_empty() && tag.suffix == "!"
}

fn intrinsic(tag: &Tag) -> Option<&'static str> {
    (tag.handle == "!")
        .then(|| short_forms::long_name(&tag.suffix))
        .flatten()
}

fn unknown_tag(tag: &Tag, at: Location) -> Fault {
    let tag = if tag.is_yaml_core_schema() {
        format!("!!{}", tag.suffix)
    } else if tag.handle == "!" {
        format!("!{}", tag.suffix)
    } else {
        format!("!<{}{}>", tag.handle, tag.suffix)
    };
    (at, ReadProblem::UnknownTag { tag })
}

/// Bytes of text and levels of nesting in a node.
fn extent(node: &Node) -> (usize, usize) {
    match &node.value {
        Value::Null | Value::Boolean(_) => (0, 0),
        Value::Number(number) => (number.source().len(), 0),
        Value::Text(text) => (text.len(), 0),
        Value::List(items) => {
            let (bytes, depth) = items.iter().map(extent).fold((0, 0), beside);
            (bytes, depth + 1)
        }
        Value::Map(map) => {
            let (bytes, depth) = map
                .entries()
                .iter()
                .map(|entry| {
                    let (bytes, depth) = extent(&entry.value);
                    (bytes + entry.key.len(), depth)
                })
                .fold((0, 0), beside);
            (bytes, depth + 1)
        }
    }
}

fn beside(one: (usize, usize), two: (usize, usize)) -> (usize, usize) {
    (one.0 + two.0, one.1.max(two.1))
}

fn location(marker: Marker) -> Location {
    Location::from_counts(marker.line(), marker.col() + 1)
}

fn scan_fault(error: &ScanError) -> Fault {
    (
        location(*error.marker()),
        ReadProblem::syntax(error.info().trim_end_matches('.')),
    )
}
