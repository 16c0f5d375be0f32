//! Loops of `AWS::LanguageExtensions`: `Fn::ForEach` written out as the transform writes it out.
//!
//! Where the collection of a loop is not known, the loop stays as it is. What comes out of a loop
//! keeps the place of the loop's body.

use crate::node::{Entry, Map, Node, Value};
use crate::resolve::{Resolver, Scope, Term, present};
use crate::template::Template;

/// Nodes that loops may make in all; a nest of loops multiplies.
const MOST_NODES: usize = 500_000;

const LOOP: &str = "Fn::ForEach::";

/// The template with its loops written out; none when there are none, or they make too much.
pub(crate) fn expand(template: &Template, scope: &Scope<'_>) -> Option<Template> {
    let uses_extensions = template
        .transforms()
        .iter()
        .any(|name| name == "AWS::LanguageExtensions");
    if !uses_extensions || !has_loop(template.root()) {
        return None;
    }
    let mut expansion = Expansion {
        scope,
        left: MOST_NODES,
    };
    let root = expansion.node(template.root(), &Names::default())?;
    Some(template.with_root(root))
}

fn has_loop(node: &Node) -> bool {
    match &node.value {
        Value::Map(map) => map
            .entries()
            .iter()
            .any(|entry| entry.key.starts_with(LOOP) || has_loop(&entry.value)),
        Value::List(items) => items.iter().any(has_loop),
        _ => false,
    }
}

/// Identifiers of the loops around a node, and what they stand for in this turn.
#[derive(Clone, Default)]
struct Names(Vec<(String, String)>);

impl Names {
    fn with(&self, name: &str, value: &str) -> Self {
        let mut names = self.0.clone();
        names.push((name.to_owned(), value.to_owned()));
        Self(names)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(known, _)| known == name)?;
        Some(&found.1)
    }

    /// `${Name}` gives the value, `&{Name}` its letters and digits.
    fn replaced(&self, text: &str) -> String {
        if self.0.is_empty() || !text.contains('{') {
            return text.to_owned();
        }
        let mut replaced = text.to_owned();
        for (name, value) in &self.0 {
            replaced = replaced.replace(&format!("${{{name}}}"), value);
            let marked = format!("&{{{name}}}");
            if replaced.contains(&marked) {
                let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
                replaced = replaced.replace(&marked, &plain);
            }
        }
        replaced
    }
}

struct Expansion<'s, 'a> {
    scope: &'s Scope<'a>,
    left: usize,
}

impl Expansion<'_, '_> {
    fn node(&mut self, node: &Node, names: &Names) -> Option<Node> {
        self.left = self.left.checked_sub(1)?;
        let value = match &node.value {
            Value::Text(text) => Value::Text(names.replaced(text)),
            Value::List(items) => Value::List(
                items
                    .iter()
                    .map(|item| self.node(item, names))
                    .collect::<Option<_>>()?,
            ),
            Value::Map(map) => {
                if let Some(("Ref", argument)) = node.as_intrinsic()
                    && let Some(value) = argument.as_text().and_then(|name| names.get(name))
                {
                    return Some(Node::text(node.at, value));
                }
                Value::Map(self.map(map, names)?)
            }
            other => other.clone(),
        };
        Some(Node { at: node.at, value })
    }

    fn map(&mut self, map: &Map, names: &Names) -> Option<Map> {
        let mut entries = Vec::with_capacity(map.len());
        for entry in map.entries() {
            match self.turns(entry, names) {
                Some(turns) => {
                    let (identifier, items, body) = turns;
                    for item in items {
                        let made = self.map(body, &names.with(&identifier, &item))?;
                        entries.extend(made.into_entries());
                    }
                }
                None => entries.push(Entry {
                    key: names.replaced(&entry.key),
                    key_at: entry.key_at,
                    value: self.node(&entry.value, names)?,
                }),
            }
        }
        Map::new(entries).ok()
    }

    /// The identifier, the items and the body of a loop whose collection is known.
    fn turns<'e>(
        &mut self,
        entry: &'e Entry,
        names: &Names,
    ) -> Option<(String, Vec<String>, &'e Map)> {
        if !entry.key.starts_with(LOOP) {
            return None;
        }
        let [identifier, collection, body] = entry.value.as_list()? else {
            return None;
        };
        let collection = self.node(collection, names)?;
        let mut resolver = Resolver::new(self.scope);
        let resolved = resolver.resolve(&collection);
        let items = match &resolved.value {
            Term::List(items) | Term::Set(items) => present(items)
                .map(|item| item.known_text().map(ToOwned::to_owned))
                .collect::<Option<Vec<String>>>()?,
            _ => return None,
        };
        Some((identifier.as_text()?.to_owned(), items, body.as_map()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Budget;
    use crate::render;

    fn expanded(text: &str) -> Option<Template> {
        let template = Template::read(text.as_bytes(), "t.yaml", &Budget::default()).unwrap();
        let scope = Scope::over(&template);
        expand(&template, &scope)
    }

    #[test]
    fn a_loop_makes_what_its_collection_names() {
        let template = expanded(
            "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Topics:\n    - Name\n    - [a, b-1]\n    - 'Topic&{Name}':\n        Type: AWS::SNS::Topic\n        Properties:\n          TopicName: !Ref Name\n          DisplayName: !Sub 'x-${Name}'\n",
        )
        .unwrap();
        let names: Vec<&str> = template.resources().map(|found| found.logical_id).collect();
        assert_eq!(names, ["Topica", "Topicb1"]);
        let body = template.resource("Topicb1").unwrap().body;
        assert_eq!(
            body.get("Properties").map(render::node).as_deref(),
            Some("{DisplayName: x-b-1, TopicName: b-1}")
        );
    }

    #[test]
    fn loops_nest_and_stand_in_properties() {
        let template = expanded(
            "Transform: [AWS::LanguageExtensions]\nResources:\n  Fn::ForEach::Outer:\n    - A\n    - [x, y]\n    - Fn::ForEach::Inner:\n        - B\n        - ['1', '2']\n        - 'Q${A}${B}':\n            Type: T\n            Properties:\n              Fn::ForEach::P: [C, [m, n], {'${C}${B}': !Ref C}]\n",
        )
        .unwrap();
        let names: Vec<&str> = template.resources().map(|found| found.logical_id).collect();
        assert_eq!(names, ["Qx1", "Qx2", "Qy1", "Qy2"]);
        let body = template.resource("Qy2").unwrap().body;
        assert_eq!(
            body.get("Properties").map(render::node).as_deref(),
            Some("{m2: m, n2: n}")
        );
    }

    #[test]
    fn without_the_transform_or_a_known_collection_nothing_is_written_out() {
        let loops = "Resources:\n  Fn::ForEach::T: [N, [a], {'T${N}': {Type: X}}]\n";
        assert!(expanded(loops).is_none());
        let open = expanded(&format!(
            "Transform: AWS::LanguageExtensions\nParameters:\n  L: {{Type: CommaDelimitedList}}\n{}",
            loops.replace("[a]", "!Ref L")
        ))
        .unwrap();
        assert_eq!(open.resources().count(), 0);
    }

    #[test]
    fn a_nest_of_loops_that_makes_too_much_is_left_alone() {
        let items: Vec<String> = (0..100).map(|index| index.to_string()).collect();
        let list = format!("['{}']", items.join("', '"));
        let mut body = "{'Q${A}${B}${C}${D}': {Type: T}}".to_owned();
        for name in ["D", "C", "B", "A"] {
            body = format!("{{'Fn::ForEach::L{name}': [{name}, {list}, {body}]}}");
        }
        let text = format!("Transform: AWS::LanguageExtensions\nResources: {body}\n");
        assert!(expanded(&text).is_none());
    }
}
