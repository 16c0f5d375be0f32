//! `Globals` of the serverless transform: what they give, put into the resources that get it.
//!
//! AWS SAM developer guide, "Globals section": a value of the resource wins, mappings are merged,
//! and a list of the resource follows the list that all have.

use crate::node::{Entry, Map, Node, Value};
use crate::template::{Section, Template};

/// The transform, in any of its versions.
const TRANSFORM: &str = "AWS::Serverless-";

/// The types that globals are for begin with this.
const TYPES: &str = "AWS::Serverless::";

/// The template with its globals given out; none when it has none.
pub(crate) fn given_out(template: &Template) -> Option<Template> {
    let is_serverless = |name: &String| name.starts_with(TRANSFORM);
    let section = Section::Other("Globals".to_owned());
    let globals = template.section(&section)?.as_map()?;
    if !template.transforms().iter().any(is_serverless) {
        return None;
    }
    let root = template.root();
    let entries = root.as_map()?.entries().iter();
    let entries = entries
        .filter(|entry| entry.key != section.key())
        .map(|entry| {
            if entry.key == Section::Resources.key() {
                with_value(
                    entry,
                    each(&entry.value, |resource| given(resource, globals)),
                )
            } else {
                entry.clone()
            }
        });
    let root = Node {
        at: root.at,
        value: Value::Map(Map::new(entries.collect()).ok()?),
    };
    Some(template.with_root(root))
}

/// A mapping with each of its entries made anew.
fn each(node: &Node, make: impl Fn(&Entry) -> Entry) -> Node {
    let made = node
        .as_map()
        .and_then(|map| Map::new(map.entries().iter().map(make).collect()).ok());
    made.map_or_else(
        || node.clone(),
        |map| Node {
            at: node.at,
            value: Value::Map(map),
        },
    )
}

fn with_value(entry: &Entry, value: Node) -> Entry {
    Entry {
        key: entry.key.clone(),
        key_at: entry.key_at,
        value,
    }
}

/// A resource with what its type is given.
fn given(resource: &Entry, globals: &Map) -> Entry {
    let found = resource.value.as_map().and_then(|body| {
        let of_type = body.get("Type")?.as_text()?.strip_prefix(TYPES)?;
        Some((
            body,
            globals.get(of_type).filter(|it| it.as_map().is_some())?,
        ))
    });
    let Some((body, global)) = found else {
        return resource.clone();
    };
    if body.get("Properties").is_none() {
        let mut entries = body.entries().to_vec();
        entries.push(Entry {
            key: "Properties".to_owned(),
            key_at: global.at,
            value: global.clone(),
        });
        let body = Map::new(entries).map(Value::Map);
        return body.map_or_else(
            |_| resource.clone(),
            |value| {
                let at = resource.value.at;
                with_value(resource, Node { at, value })
            },
        );
    }
    let body = each(&resource.value, |entry| {
        if entry.key == "Properties" {
            with_value(entry, merged(global, &entry.value))
        } else {
            entry.clone()
        }
    });
    with_value(resource, body)
}

/// What a resource has of its own, over what all have.
fn merged(global: &Node, own: &Node) -> Node {
    let is_function = |node: &Node| node.as_intrinsic().is_some();
    let value = match (&global.value, &own.value) {
        (Value::Map(of_all), Value::Map(of_one)) if !is_function(global) && !is_function(own) => {
            let from_all = of_all.entries().iter().map(|entry| {
                let own = of_one.get(&entry.key);
                own.map_or_else(
                    || entry.clone(),
                    |own| with_value(entry, merged(&entry.value, own)),
                )
            });
            let only_own = of_one.entries().iter();
            let only_own = only_own.filter(|entry| of_all.get(&entry.key).is_none());
            let entries = from_all.chain(only_own.cloned()).collect();
            match Map::new(entries) {
                Ok(map) => Value::Map(map),
                Err(_) => return own.clone(),
            }
        }
        (Value::List(of_all), Value::List(of_one)) => {
            Value::List(of_all.iter().chain(of_one).cloned().collect())
        }
        _ => return own.clone(),
    };
    Node { at: own.at, value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Budget;
    use crate::render;

    fn properties(text: &str) -> Option<String> {
        let template = Template::read(text.as_bytes(), "t.yaml", &Budget::default()).unwrap();
        let template = given_out(&template)?;
        assert_eq!(template.root().as_map()?.get("Globals"), None);
        let body = template.resource("F")?.body;
        body.get("Properties").map(render::node)
    }

    #[test]
    fn values_of_the_resource_win_mappings_merge_and_lists_follow_one_another() {
        let globals = "Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {Runtime: a, Timeout: 3, Environment: {Variables: {A: 1, B: 2}}, Layers: [x]}, Api: {Name: n}}\n";
        let function = |own: &str| {
            properties(&format!(
                "{globals}Resources: {{F: {{Type: AWS::Serverless::Function{own}}}}}"
            ))
        };
        assert_eq!(
            function(
                ", Properties: {Timeout: 5, Environment: {Variables: {B: 3}}, Layers: [y], Handler: h}"
            )
            .as_deref(),
            Some(
                "Environment: {Variables: {A: 1, B: 3}}\nHandler: h\nLayers: [x, y]\nRuntime: a\nTimeout: 5"
            )
        );
        assert_eq!(
            function(", Properties: {Environment: !Ref E}").as_deref(),
            Some("{Environment: !Ref E, Layers: [x], Runtime: a, Timeout: 3}")
        );
        assert!(function("").is_some());
        let other = properties(&format!(
            "{globals}Resources: {{F: {{Type: AWS::Lambda::Function, Properties: {{V: 1}}}}}}"
        ));
        assert_eq!(other.as_deref(), Some("{V: 1}"));
    }

    #[test]
    fn without_the_transform_the_section_means_nothing() {
        let text = "Globals: {Function: {Runtime: a}}\nResources: {F: {Type: AWS::Serverless::Function, Properties: {V: 1}}}";
        assert_eq!(properties(text), None);
    }
}
