//! Reads recorded exchanges, sends them again, and compares the answers.

use super::{Fixture, basic, text};
use crate::jenkins::http::Reply;
use http::Method;
use serde_json::Value;
use std::path::Path;

/// A recorded exchange.
pub struct Recording {
    pub method: Method,
    pub target: String,
    headers: Vec<(String, String)>,
    user: Option<String>,
    form: String,
    pub status: u16,
    answer_headers: Vec<(String, String)>,
    pub body: String,
}

pub fn recording(name: &str) -> Recording {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/jenkins/testdata")
        .join(format!("{name}.http"));
    let content = std::fs::read_to_string(path).unwrap();
    let (asked, answered) = content.split_at(content.find("HTTP/1.1 ").unwrap());
    let mut lines = asked
        .lines()
        .filter(|line| line.starts_with('>'))
        .map(|line| line.trim_start_matches('>').trim_start_matches(' '));
    let mut first = lines.next().unwrap().splitn(2, ' ');
    let method = first.next().unwrap().parse().unwrap();
    let target = first.next().unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .by_ref()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let user = headers
        .iter()
        .find(|(name, _)| name == "authorization")
        .map(|(_, value)| value.replace("Basic <", "").replace('>', ""));
    let form: Vec<&str> = lines.collect();
    let (head, body) = answered.split_once("\n\n").unwrap();
    let mut head = head.lines();
    let status = head.next().unwrap().split(' ').nth(1).unwrap();
    Recording {
        method,
        target,
        headers,
        user,
        form: form.join("\n"),
        status: status.parse().unwrap(),
        answer_headers: head
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        body: body.to_owned(),
    }
}

impl Recording {
    pub fn json(&self) -> Value {
        serde_json::from_str(self.body.trim()).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer_headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Sends a recorded request again, with the test's credentials, and compares status and telling headers.
pub fn again(fixture: &Fixture, name: &str, secret: &str) -> Reply {
    let recorded = recording(name);
    again_at(fixture, name, &recorded.target, secret)
}

pub fn again_at(fixture: &Fixture, name: &str, target: &str, secret: &str) -> Reply {
    let recorded = recording(name);
    let mut headers: Vec<(&str, String)> = recorded
        .headers
        .iter()
        .filter(|(name, _)| name != "authorization")
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    if let Some(user) = &recorded.user {
        headers.push(("authorization", basic(user, &format!("{user}-{secret}"))));
    }
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let form = recorded.form.replace('\n', "\r\n");
    let reply = fixture.ask(recorded.method.clone(), target, &headers, &form);
    assert_eq!(reply.status, recorded.status, "{name}: {}", text(&reply));
    for header in TELLING {
        assert_eq!(
            reply.get(header).is_some(),
            recorded.header(header).is_some(),
            "{name}: {header} of {:?}",
            reply.headers
        );
    }
    for header in EXACT {
        assert_eq!(
            reply.get(header),
            recorded.header(header),
            "{name}: {header}"
        );
    }
    let kind = |text: Option<&str>| text.map(str::to_lowercase);
    assert_eq!(
        kind(reply.get("content-type")),
        kind(recorded.header("content-type")),
        "{name}"
    );
    reply
}

/// Headers that a client reads something from when they are there.
const TELLING: [&str; 9] = [
    "x-jenkins",
    "x-jenkins-session",
    "x-frame-options",
    "location",
    "x-text-size",
    "x-more-data",
    "x-you-are-authenticated-as",
    "x-error",
    "www-authenticate",
];

/// Headers whose value must be the same.
const EXACT: [&str; 5] = [
    "x-jenkins",
    "allow",
    "x-error",
    "x-required-permission",
    "www-authenticate",
];

/// Compares fields and classes, deeply; lists by their first elements, except lists of actions and properties.
pub fn same_shape(ours: &Value, theirs: &Value, at: &str) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let names = |fields: &serde_json::Map<String, Value>| -> Vec<String> {
                fields.keys().cloned().collect()
            };
            assert_eq!(names(ours), names(theirs), "fields at {at}");
            assert_eq!(ours.get("_class"), theirs.get("_class"), "class at {at}");
            for (name, value) in ours {
                same_shape(value, &theirs[name], &format!("{at}.{name}"));
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if at.ends_with(".actions") => {
            same_actions(ours, theirs, at);
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            if let (Some(ours), Some(theirs)) = (ours.first(), theirs.first()) {
                same_shape(ours, theirs, &format!("{at}[0]"));
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        _ => assert_eq!(
            std::mem::discriminant(ours),
            std::mem::discriminant(theirs),
            "kind at {at}: {ours} {theirs}"
        ),
    }
}

/// Compares lists of actions: every class of ours must be known, with the same fields.
fn same_actions(ours: &[Value], theirs: &[Value], at: &str) {
    for action in ours.iter().filter(|action| action.get("_class").is_some()) {
        let twin = theirs
            .iter()
            .find(|other| other["_class"] == action["_class"]);
        match twin {
            Some(twin) => same_shape(action, twin, &format!("{at}({})", action["_class"])),
            None => panic!("{at}: a real Jenkins has no {}", action["_class"]),
        }
    }
}
