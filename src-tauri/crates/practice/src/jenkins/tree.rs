//! The `tree` and `depth` parameters of the remote API: which fields of an exported bean are written, and how deep.
//!
//! With `tree` only named fields are written (names that a bean does not have are ignored, a malformed expression is an
//! error, ranges such as `{0,2}` cut lists). Without it each field has a visibility and each level of nesting raises the
//! visibility that is needed, so that a reference shows little more than its name and address.

use serde_json::{Map, Value};
use std::rc::Rc;

/// Visibility of a field that is written only on the asked-for bean itself.
pub const OWN: i32 = 1;
/// Visibility of a field that is also written one level down, in references.
pub const REF: i32 = 2;
/// Visibility of a name or address, written wherever the bean is referred to.
pub const ALWAYS: i32 = 9;
/// Visibility of a field that only a `tree` expression brings out.
pub const ASKED: i32 = -1;

/// A `tree` expression that does not parse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("tree expression is malformed at character {0}")]
pub struct MalformedTree(pub usize);

/// What to write of a bean: a named selection, or everything visible at a depth.
#[derive(Debug, Clone)]
pub enum Selector {
    /// Fields at or above this visibility.
    Visible(i32),
    /// The fields that a `tree` expression names.
    Named(Rc<Selection>),
}

/// One level of a parsed `tree` expression.
#[derive(Debug, Default, PartialEq)]
pub struct Selection {
    fields: Vec<(String, Rc<Selection>)>,
    range: Option<(usize, usize)>,
}

impl Selector {
    /// Reads the query's `tree` and `depth`.
    pub fn from_query(tree: Option<&str>, depth: Option<&str>) -> Result<Self, MalformedTree> {
        if let Some(text) = tree.filter(|text| !text.is_empty()) {
            return Ok(Self::Named(Rc::new(Selection::parse(text)?)));
        }
        let depth: i32 = depth.and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok(Self::Visible(1 - depth.clamp(0, 5)))
    }

    /// Selects everything that a bean shows when it is asked for itself.
    #[cfg(test)]
    pub fn whole() -> Self {
        Self::Visible(1)
    }

    /// Reports whether a field of a visibility is to be written.
    pub fn wants(&self, name: &str, visibility: i32) -> bool {
        self.field(name, visibility).is_some()
    }

    fn field(&self, name: &str, visibility: i32) -> Option<Self> {
        match self {
            Self::Visible(needed) => (visibility >= *needed).then_some(Self::Visible(needed + 1)),
            Self::Named(selection) => selection.field(name).map(Self::Named),
        }
    }

    fn range(&self) -> (usize, usize) {
        match self {
            Self::Named(selection) => selection.range.unwrap_or((0, usize::MAX)),
            Self::Visible(_) => (0, usize::MAX),
        }
    }
}

impl Selection {
    /// Parses a whole `tree` expression.
    pub fn parse(text: &str) -> Result<Self, MalformedTree> {
        let characters: Vec<char> = text.chars().collect();
        let mut at = 0;
        let fields = Self::list(&characters, &mut at, 0)?;
        if at < characters.len() {
            return Err(MalformedTree(at));
        }
        Ok(Self {
            fields,
            range: None,
        })
    }

    fn list(
        text: &[char],
        at: &mut usize,
        depth: usize,
    ) -> Result<Vec<(String, Rc<Self>)>, MalformedTree> {
        if depth > 64 {
            return Err(MalformedTree(*at));
        }
        let mut fields = Vec::new();
        loop {
            let start = *at;
            while *at < text.len() && !matches!(text[*at], ',' | '[' | ']' | '{' | '}') {
                *at += 1;
            }
            let name: String = text[start..*at].iter().collect();
            if name.trim().is_empty() {
                return Err(MalformedTree(*at));
            }
            let mut selection = Self::default();
            if text.get(*at) == Some(&'[') {
                *at += 1;
                selection.fields = Self::list(text, at, depth + 1)?;
                if text.get(*at) != Some(&']') {
                    return Err(MalformedTree(*at));
                }
                *at += 1;
            }
            if text.get(*at) == Some(&'{') {
                selection.range = Some(Self::bounds(text, at)?);
            }
            fields.push((name.trim().to_owned(), Rc::new(selection)));
            if text.get(*at) != Some(&',') {
                return Ok(fields);
            }
            *at += 1;
        }
    }

    fn bounds(text: &[char], at: &mut usize) -> Result<(usize, usize), MalformedTree> {
        let start = *at + 1;
        let length = text[start..]
            .iter()
            .position(|character| *character == '}')
            .ok_or(MalformedTree(*at))?;
        let inner: String = text[start..start + length].iter().collect();
        let number = |part: &str, absent: usize| match part.trim() {
            "" => Ok(absent),
            digits => digits.parse().map_err(|_| MalformedTree(start)),
        };
        let bounds = if let Some((from, to)) = inner.split_once(',') {
            (number(from, 0)?, number(to, usize::MAX)?)
        } else {
            let only: usize = inner.trim().parse().map_err(|_| MalformedTree(start))?;
            (only, only.saturating_add(1))
        };
        *at = start + length + 1;
        Ok(bounds)
    }

    fn field(&self, name: &str) -> Option<Rc<Self>> {
        let named = |wanted: &str| self.fields.iter().find(|(field, _)| field == wanted);
        named(name)
            .or_else(|| named("*"))
            .map(|(_, selection)| Rc::clone(selection))
    }
}

/// An exported bean being written under a selector.
pub struct Bean<'s> {
    fields: Map<String, Value>,
    selector: &'s Selector,
}

impl<'s> Bean<'s> {
    /// Starts a bean whose class Jenkins names in `_class`.
    pub fn of(class: &str, selector: &'s Selector) -> Self {
        let mut bean = Self::plain(selector);
        bean.fields.insert("_class".to_owned(), class.into());
        bean
    }

    /// Starts a bean whose class is known from its place, so that Jenkins writes none.
    pub fn plain(selector: &'s Selector) -> Self {
        Self {
            fields: Map::new(),
            selector,
        }
    }

    /// Writes a plain value when the selector wants it.
    pub fn put<V: Into<Value>>(
        &mut self,
        visibility: i32,
        name: &str,
        value: impl FnOnce() -> V,
    ) -> &mut Self {
        if self.selector.field(name, visibility).is_some() {
            self.fields.insert(name.to_owned(), value().into());
        }
        self
    }

    /// Writes a nested bean when the selector wants it.
    pub fn bean(
        &mut self,
        visibility: i32,
        name: &str,
        value: impl FnOnce(&Selector) -> Value,
    ) -> &mut Self {
        if let Some(inner) = self.selector.field(name, visibility) {
            self.fields.insert(name.to_owned(), value(&inner));
        }
        self
    }

    /// Writes a list of nested beans when the selector wants it, cut to the selector's range.
    pub fn list<T>(
        &mut self,
        visibility: i32,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut value: impl FnMut(T, &Selector) -> Value,
    ) -> &mut Self {
        if let Some(inner) = self.selector.field(name, visibility) {
            let (from, to) = inner.range();
            let items = items
                .into_iter()
                .skip(from)
                .take(to.saturating_sub(from))
                .map(|item| value(item, &inner))
                .collect();
            self.fields.insert(name.to_owned(), Value::Array(items));
        }
        self
    }

    /// Writes a list of beans that belong to this one so closely that they show as much as it does.
    pub fn inline<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut value: impl FnMut(T, &Selector) -> Value,
    ) -> &mut Self {
        let here = self.selector.clone();
        self.list(OWN, name, items, |item, inner| match &here {
            Selector::Visible(_) => value(item, &here),
            Selector::Named(_) => value(item, inner),
        })
    }

    /// Ends the bean.
    pub fn done(&mut self) -> Value {
        Value::Object(std::mem::take(&mut self.fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn sample(selector: &Selector) -> Value {
        Bean::of("Job", selector)
            .put(ALWAYS, "name", || "pay")
            .put(REF, "color", || "blue")
            .put(OWN, "description", || "d")
            .put(ASKED, "hidden", || 1)
            .list(OWN, "builds", [3, 2, 1], |number, inner| {
                Bean::of("Build", inner)
                    .put(REF, "number", || number)
                    .put(OWN, "result", || "SUCCESS")
                    .done()
            })
            .done()
    }

    #[test]
    fn depth_zero_shows_own_fields_and_short_references() {
        let value = sample(&Selector::whole());
        assert_eq!(value["builds"][0], json!({"_class": "Build", "number": 3}));
        assert_eq!(value["description"], "d");
        assert!(value.get("hidden").is_none());
    }

    #[test]
    fn depth_one_shows_the_nested_beans_whole() {
        let selector = Selector::from_query(None, Some("1")).unwrap();
        assert_eq!(sample(&selector)["builds"][0]["result"], "SUCCESS");
    }

    #[test]
    fn a_tree_names_fields_ignores_unknown_ones_and_cuts_ranges() {
        let selector =
            Selector::from_query(Some("hidden,nope[x],builds[number]{1,3}"), Some("9")).unwrap();
        assert_eq!(
            sample(&selector),
            json!({"_class": "Job", "hidden": 1, "builds": [
                {"_class": "Build", "number": 2}, {"_class": "Build", "number": 1}]})
        );
    }

    #[test]
    fn a_single_number_range_selects_one_index_and_a_star_selects_every_field() {
        let selector = Selector::from_query(Some("builds[*]{2}"), None).unwrap();
        assert_eq!(
            sample(&selector)["builds"],
            json!([{"_class": "Build", "number": 1, "result": "SUCCESS"}])
        );
        let selector = Selector::from_query(Some("*"), None).unwrap();
        assert_eq!(sample(&selector)["builds"][0], json!({"_class": "Build"}));
    }

    #[test]
    fn a_malformed_tree_is_refused() {
        for text in ["builds[number", "a]", ",", "a[]", "a{x}", "a{1", "a[b]c"] {
            assert!(Selection::parse(text).is_err(), "{text}");
        }
    }

    fn selection() -> impl Strategy<Value = Selection> {
        let bounds = proptest::option::of((0usize..9, 0usize..9));
        let leaf = bounds.clone().prop_map(|range| Selection {
            fields: Vec::new(),
            range,
        });
        leaf.prop_recursive(4, 24, 4, move |inner| {
            let field = ("[a-zA-Z_*]{1,6}", inner.prop_map(Rc::new));
            (proptest::collection::vec(field, 1..4), bounds.clone())
                .prop_map(|(fields, range)| Selection { fields, range })
        })
    }

    fn written(selection: &Selection) -> String {
        let fields: Vec<String> = selection
            .fields
            .iter()
            .map(|(name, inner)| {
                let list = if inner.fields.is_empty() {
                    String::new()
                } else {
                    format!("[{}]", written(inner))
                };
                let range = inner
                    .range
                    .map_or(String::new(), |(from, to)| format!("{{{from},{to}}}"));
                format!("{name}{list}{range}")
            })
            .collect();
        fields.join(",")
    }

    proptest! {
        #[test]
        fn a_written_selection_parses_back(selection in selection()) {
            prop_assume!(!selection.fields.is_empty());
            let parsed = Selection::parse(&written(&selection)).unwrap();
            prop_assert_eq!(parsed.fields, selection.fields);
        }

        #[test]
        fn any_text_parses_or_is_refused(text in "[a-z\\[\\]{},0-9*é]{0,40}") {
            let _ = Selection::parse(&text);
        }
    }

    #[test]
    fn deep_nesting_is_refused_instead_of_exhausting_the_stack() {
        assert!(Selection::parse(&"a[".repeat(100_000)).is_err());
    }
}
