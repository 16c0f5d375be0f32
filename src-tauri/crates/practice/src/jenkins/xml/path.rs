//! The XPath that callers put into the query, as far as it is understood.
//!
//! Understood is what finds elements: steps with `/` and `//`, names and `*`, and the predicates `[2]`, `[last()]`, `[name]`
//! and `[name='value']`. What would give text alone is refused, as Jenkins refuses it.

use super::{Element, as_name};

/// Why an XPath gives no element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoElement {
    /// It asks for text, a number or a truth value.
    Primitive,
    /// It is malformed, or more than is understood here.
    NotUnderstood,
}

/// One step of a path.
#[derive(Debug)]
pub(super) struct Step {
    /// Looks at every level below, not only at the next one.
    pub is_deep: bool,
    name: String,
    predicates: Vec<Predicate>,
}

#[derive(Debug)]
enum Predicate {
    At(usize),
    Last,
    Has(String),
    Is(String, String),
}

impl Step {
    /// Keeps the candidates that the step names.
    pub fn keep<'e>(&self, candidates: Vec<&'e Element>) -> Vec<&'e Element> {
        let mut kept: Vec<&Element> = candidates
            .into_iter()
            .filter(|element| self.name == "*" || element.name == self.name)
            .collect();
        for predicate in &self.predicates {
            kept = match predicate {
                Predicate::At(place) => kept.into_iter().skip(place - 1).take(1).collect(),
                Predicate::Last => kept.pop().into_iter().collect(),
                Predicate::Has(name) => {
                    kept.retain(|element| element.children.iter().any(|c| c.name == *name));
                    kept
                }
                Predicate::Is(name, text) => {
                    kept.retain(|element| {
                        let mut children = element.children.iter();
                        children.any(|child| child.name == *name && child.text == *text)
                    });
                    kept
                }
            };
        }
        kept
    }
}

/// Takes a path apart: its first step, and the others.
pub(super) fn parse(path: &str) -> Result<(Step, Vec<Step>), NoElement> {
    let path = path.trim();
    if path.contains('(') && !path.contains("last()") {
        return Err(NoElement::Primitive);
    }
    let mut steps = Vec::new();
    let mut rest = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    while !rest.is_empty() {
        let Some(after) = rest.strip_prefix('/') else {
            return Err(NoElement::NotUnderstood);
        };
        let is_deep = after.starts_with('/');
        let after = after.strip_prefix('/').unwrap_or(after);
        let end = end_of_step(after);
        steps.push(step(is_deep, &after[..end])?);
        rest = after[end..].to_owned();
    }
    let mut steps = steps.into_iter();
    let first = steps.next().ok_or(NoElement::NotUnderstood)?;
    Ok((first, steps.collect()))
}

/// Where a step ends: at the next slash outside brackets.
fn end_of_step(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn step(is_deep: bool, text: &str) -> Result<Step, NoElement> {
    let (name, mut rest) = text.find('[').map_or((text, ""), |at| text.split_at(at));
    if name.starts_with('@') {
        return Err(NoElement::Primitive);
    }
    if name != "*" && !is_name(name) {
        return Err(NoElement::NotUnderstood);
    }
    let mut predicates = Vec::new();
    while let Some(inner) = rest.strip_prefix('[') {
        let (inside, after) = inner.split_once(']').ok_or(NoElement::NotUnderstood)?;
        predicates.push(predicate(inside.trim())?);
        rest = after;
    }
    if !rest.is_empty() {
        return Err(NoElement::NotUnderstood);
    }
    Ok(Step {
        is_deep,
        name: name.to_owned(),
        predicates,
    })
}

fn predicate(text: &str) -> Result<Predicate, NoElement> {
    if text == "last()" {
        return Ok(Predicate::Last);
    }
    if let Ok(place) = text.parse::<usize>() {
        return if place == 0 {
            Err(NoElement::NotUnderstood)
        } else {
            Ok(Predicate::At(place))
        };
    }
    match text.split_once('=') {
        None if is_name(text) => Ok(Predicate::Has(text.to_owned())),
        Some((name, value)) if is_name(name.trim()) => {
            let value = value.trim();
            let quoted = ['\'', '"'].iter().find_map(|quote| {
                value
                    .strip_prefix(*quote)
                    .and_then(|text| text.strip_suffix(*quote))
            });
            let value = quoted.ok_or(NoElement::NotUnderstood)?;
            Ok(Predicate::Is(name.trim().to_owned(), value.to_owned()))
        }
        _ => Err(NoElement::NotUnderstood),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && as_name(text) == text
}
