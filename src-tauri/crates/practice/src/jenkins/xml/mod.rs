//! The XML flavour of the remote API: the same beans as elements, and what an XPath finds among them.

mod path;

pub use path::NoElement;

use path::{Step, parse};
use serde_json::Value;

/// An element with its class, its text or its children.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    name: String,
    class: Option<String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// Makes the document of a bean.
    pub fn of(bean: &Value) -> Self {
        let class = bean["_class"].as_str().unwrap_or("object");
        let short = class.rsplit(['.', '$']).next().unwrap_or(class);
        let mut letters = short.chars();
        let name: String = letters
            .next()
            .map(|first| first.to_lowercase().chain(letters).collect())
            .unwrap_or_default();
        Self::from_value(&name, bean)
    }

    /// Puts elements into a new one.
    pub fn wrapping(name: &str, children: Vec<Self>) -> Self {
        Self {
            name: as_name(name),
            children,
            ..Self::default()
        }
    }

    fn from_value(name: &str, value: &Value) -> Self {
        let mut element = Self {
            name: as_name(name),
            ..Self::default()
        };
        match value {
            Value::Object(fields) => {
                for (field, value) in fields {
                    match value {
                        Value::String(class) if field == "_class" => {
                            element.class = Some(class.clone());
                        }
                        // Absence says null.
                        Value::Null => {}
                        // A list is its elements, each under the singular of the list's name.
                        Value::Array(items) => {
                            let one = singular(field);
                            let items = items.iter().filter(|item| !item.is_null());
                            element
                                .children
                                .extend(items.map(|item| Self::from_value(&one, item)));
                        }
                        other => element.children.push(Self::from_value(field, other)),
                    }
                }
            }
            Value::String(text) => element.text.clone_from(text),
            other => element.text = other.to_string(),
        }
        element
    }

    /// Writes the element.
    pub fn render(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        if let Some(class) = &self.class {
            out.push_str(" _class='");
            out.push_str(&escaped(class));
            out.push('\'');
        }
        out.push('>');
        out.push_str(&escaped(&self.text));
        for child in &self.children {
            child.write(out);
        }
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }

    /// Returns the elements that an XPath finds in the document with this root.
    pub fn select(&self, path: &str) -> Result<Vec<&Self>, NoElement> {
        let (first, mut steps) = parse(path)?;
        let mut found = self.first(&first);
        for step in steps.drain(..) {
            found = found
                .into_iter()
                .flat_map(|element| {
                    let candidates = if step.is_deep {
                        element.descendants()
                    } else {
                        element.children.iter().collect()
                    };
                    step.keep(candidates)
                })
                .collect();
        }
        Ok(found)
    }

    /// The first step starts above the root.
    fn first(&self, step: &Step) -> Vec<&Self> {
        let mut candidates = vec![self];
        if step.is_deep {
            candidates.extend(self.descendants());
        }
        step.keep(candidates)
    }

    fn descendants(&self) -> Vec<&Self> {
        self.children
            .iter()
            .flat_map(|child| std::iter::once(child).chain(child.descendants()))
            .collect()
    }

    /// Returns the document without the elements that an XPath finds.
    pub fn without(&self, path: &str) -> Result<Self, NoElement> {
        let unwanted: Vec<*const Self> = self
            .select(path)?
            .into_iter()
            .map(std::ptr::from_ref)
            .collect();
        Ok(self.keeping(&unwanted))
    }

    fn keeping(&self, unwanted: &[*const Self]) -> Self {
        let kept = self
            .children
            .iter()
            .filter(|child| !unwanted.contains(&std::ptr::from_ref(*child)));
        Self {
            name: self.name.clone(),
            class: self.class.clone(),
            text: self.text.clone(),
            children: kept.map(|child| child.keeping(unwanted)).collect(),
        }
    }
}

/// Makes a name that XML allows.
fn as_name(text: &str) -> String {
    let mut name: String = text
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() || "_-.".contains(letter) {
                letter
            } else {
                '-'
            }
        })
        .collect();
    if !name.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        name.insert(0, '_');
    }
    name
}

fn singular(name: &str) -> String {
    match (name.strip_suffix("ies"), name.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) => stem.to_owned(),
        (None, None) => name.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.chars()
        // XML has no place for other control characters.
        .filter(|letter| !letter.is_control() || "\n\r\t".contains(*letter))
        .map(|letter| match letter {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '\'' => "&apos;".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn sample() -> Element {
        Element::of(&json!({
            "_class": "hudson.model.Queue$WaitingItem",
            "why": null,
            "builds": [{"number": 2, "result": "SUCCESS"}, {"number": 1, "result": "FAILURE"}],
            "note": "a < b & 'c'",
            "properties": [],
        }))
    }

    #[test]
    fn lists_repeat_their_singular_and_null_is_absent() {
        assert_eq!(
            sample().render(),
            "<waitingItem _class='hudson.model.Queue$WaitingItem'>\
             <build><number>2</number><result>SUCCESS</result></build>\
             <build><number>1</number><result>FAILURE</result></build>\
             <note>a &lt; b &amp; &apos;c&apos;</note></waitingItem>"
        );
        assert_eq!(singular("properties"), "property");
    }

    #[test]
    fn steps_and_predicates_find_elements() {
        let document = sample();
        let found = |path: &str| -> String {
            let found = document.select(path).unwrap();
            found.into_iter().map(Element::render).collect()
        };
        assert_eq!(found("//number"), "<number>2</number><number>1</number>");
        assert_eq!(found("/waitingItem/build[2]/number"), "<number>1</number>");
        assert_eq!(
            found("//build[result='SUCCESS']/number"),
            "<number>2</number>"
        );
        assert_eq!(found("//build[last()]/result"), "<result>FAILURE</result>");
        assert_eq!(
            found("/*/*[number]/number"),
            "<number>2</number><number>1</number>"
        );
        assert_eq!(found("/build"), "");
        let rest = document.without("//build").unwrap().render();
        assert!(!rest.contains("number") && rest.contains("note"));
    }

    #[test]
    fn text_alone_and_what_is_not_understood_are_told_apart() {
        for path in ["//number/text()", "count(//build)", "//build/@_class"] {
            assert_eq!(sample().select(path), Err(NoElement::Primitive), "{path}");
        }
        for path in [
            "",
            "///",
            "//build[",
            "//build[0]",
            "//a b",
            "//a[b=c]",
            "a]",
        ] {
            assert_eq!(
                sample().select(path),
                Err(NoElement::NotUnderstood),
                "{path}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_path_is_answered(path in "[a-z/\\[\\]()*@='0-9é ]{0,24}") {
            let _ = sample().select(&path);
        }
    }
}
