//! One spelling for the ARNs of what a template itself makes: `GetAtt` of a bucket's `Arn` and a
//! text around its name mean the same.
//!
//! Which service a resource belongs to is known by its type, or by a text that puts its name into
//! an ARN. A template that names the partition `aws` means the partition that it is deployed in.

use super::Subject;
use crate::hashed::HashMap;
use crate::plain::{CLOSES, OPENS, Plain};
use std::borrow::Cow;

/// What an ARN has before the name that `Ref` gives, and the property of that name, by type:
/// "Return values" in the user guide's page of the type, and "Resource types" in the service
/// authorization reference.
const SHAPES: [(&str, &str, &str, &str); 6] = [
    ("AWS::S3::Bucket", "s3", "", "BucketName"),
    ("AWS::DynamoDB::Table", "dynamodb", "table/", "TableName"),
    (
        "AWS::Lambda::Function",
        "lambda",
        "function:",
        "FunctionName",
    ),
    ("AWS::KMS::Key", "kms", "key/", ""),
    ("AWS::Kinesis::Stream", "kinesis", "stream/", "Name"),
    ("AWS::IAM::Role", "iam", "role/", "RoleName"),
];

/// The ARNs of resources, by logical id.
#[derive(Debug, Default)]
pub(super) struct Arns {
    /// The ARN up to the name; none where texts contradict one another.
    known: HashMap<String, Option<String>>,
    /// The name; none where it is not the same on both sides.
    names: HashMap<String, Option<String>>,
}

impl Arns {
    /// Knows those of a stack's resources.
    pub(super) fn of_types(&mut self, subjects: &[Subject<'_>]) {
        for one in subjects {
            let Some((_, service, kind, key)) = SHAPES
                .iter()
                .find(|(resource_type, ..)| *resource_type == one.resource_type)
            else {
                continue;
            };
            let name = one.properties.get(key).and_then(Plain::as_text);
            let name = name.filter(|name| !name.contains(OPENS));
            if let Some(name) = name {
                let known = self.names.entry(one.logical_id.to_owned());
                let known = known.or_insert_with(|| Some(name.to_owned()));
                if known.as_deref() != Some(name) {
                    *known = None;
                }
            }
            // The path of a role is a part of its ARN.
            if one.properties.get("Path").is_some() {
                continue;
            }
            let region = match *service {
                "s3" | "iam" => String::new(),
                _ => format!("{OPENS}AWS::Region{CLOSES}"),
            };
            let account = match *service {
                "s3" => String::new(),
                _ => format!("{OPENS}AWS::AccountId{CLOSES}"),
            };
            let begin = format!("arn:aws:{service}:{region}:{account}:{kind}");
            let place = self.known.entry(one.logical_id.to_owned());
            place.or_insert(Some(begin));
        }
    }

    /// Knows what the texts of a value put into ARNs. Asked first, they win over types: they have the
    /// account and region as they are known here.
    pub(super) fn of_texts(&mut self, value: &Plain) {
        match value {
            Plain::Text(text) if text.starts_with("arn:") && text.contains(OPENS) => {
                if let Some((id, begin)) = named(&in_partition(text)) {
                    match self.known.get(id) {
                        Some(Some(other)) if other != begin => {
                            self.known.insert(id.to_owned(), None);
                        }
                        Some(_) => {}
                        None => {
                            let begin = Some(begin.to_owned());
                            self.known.insert(id.to_owned(), begin);
                        }
                    }
                }
            }
            Plain::List(items) => items.iter().for_each(|item| self.of_texts(item)),
            Plain::Map(members) => members.iter().for_each(|(_, item)| self.of_texts(item)),
            _ => {}
        }
    }

    /// Properties with one spelling for each ARN in their policies. Elsewhere an ARN says what
    /// something is attached to, and is read as the name of that.
    pub(super) fn spelled<'p>(&self, properties: &'p Plain) -> Cow<'p, Plain> {
        let other = self.within(properties, false);
        other.map_or(Cow::Borrowed(properties), Cow::Owned)
    }

    /// A value with its ARNs in one spelling; none when it has that already.
    fn within(&self, value: &Plain, is_policy: bool) -> Option<Plain> {
        match value {
            Plain::Text(text) if is_policy && text.contains(OPENS) => {
                let spelled = self.text(text);
                (spelled != *text).then_some(Plain::Text(spelled))
            }
            Plain::List(items) => {
                let other = |item: &Plain| self.within(item, is_policy);
                let (first, changed) = found(items, other)?;
                let mut all = items.clone();
                all[first] = changed;
                for (place, item) in all.iter_mut().zip(items).skip(first + 1) {
                    if let Some(changed) = other(item) {
                        *place = changed;
                    }
                }
                Some(Plain::List(all))
            }
            Plain::Map(members) => {
                let other = |(key, item): &(String, Plain)| {
                    self.within(item, is_policy || holds_policies(key))
                };
                let (first, changed) = found(members, other)?;
                let mut all = members.clone();
                all[first].1 = changed;
                for (place, member) in all.iter_mut().zip(members).skip(first + 1) {
                    if let Some(changed) = other(member) {
                        place.1 = changed;
                    }
                }
                Some(Plain::Map(all))
            }
            _ => None,
        }
    }

    fn text(&self, text: &str) -> String {
        let text = in_partition(text);
        let mut spelled = String::with_capacity(text.len());
        let mut rest = text.as_ref();
        while let Some((before, (inner, after))) = rest
            .split_once(OPENS)
            .and_then(|(before, inner)| Some((before, inner.split_once(CLOSES)?)))
        {
            spelled.push_str(before);
            let id = inner.strip_suffix(".Arn").unwrap_or(inner);
            let begin = self.known.get(id).and_then(Option::as_deref);
            let name = self.names.get(id).and_then(Option::as_deref);
            let (begin, name) = match (id.len() == inner.len(), begin) {
                (true, _) => ("", name),
                (false, Some(begin)) => (begin, name),
                (false, None) => ("", None),
            };
            spelled.push_str(begin);
            let reference = if begin.is_empty() { inner } else { id };
            if let Some(name) = name {
                spelled.push_str(name);
            } else {
                spelled.push(OPENS);
                spelled.push_str(reference);
                spelled.push(CLOSES);
            }
            rest = after;
        }
        spelled.push_str(rest);
        spelled
    }
}

/// The first of several that changes, and what to.
fn found<T>(all: &[T], other: impl Fn(&T) -> Option<Plain>) -> Option<(usize, Plain)> {
    let mut places = all.iter().enumerate();
    places.find_map(|(place, one)| Some((place, other(one)?)))
}

/// Whether a key has policies below it, or an ARN as they have them.
fn holds_policies(key: &str) -> bool {
    matches!(key, "Statement" | "SourceArn" | "PermissionsBoundary") || key.contains("Polic")
}

/// A text with the partition and its domain as most templates write them.
fn in_partition(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for (unknown, written) in [
        ("arn:\u{E000}AWS::Partition\u{E001}:", "arn:aws:"),
        ("\u{E000}AWS::URLSuffix\u{E001}", "amazonaws.com"),
    ] {
        if text.contains(unknown) {
            text = Cow::Owned(text.replace(unknown, written));
        }
    }
    text
}

/// The logical id whose name stands in an ARN, and the ARN up to there.
fn named(text: &str) -> Option<(&str, &str)> {
    let mut rest = text.strip_prefix("arn:aws:")?;
    let mut parts = ["", "", ""];
    for part in &mut parts {
        let end = end_of_part(rest)?;
        (*part, rest) = (&rest[..end], &rest[end + 1..]);
    }
    let (_, _, kind, _) = SHAPES
        .iter()
        .find(|(_, service, ..)| *service == parts[0] && *service != "iam")?;
    let name = rest.strip_prefix(kind)?.strip_prefix(OPENS)?;
    let (id, tail) = name.split_once(CLOSES)?;
    let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_whole = tail.is_empty() || tail.starts_with(['/', ':']);
    let begin = text.len() - rest.len() + kind.len();
    (is_id && is_whole).then_some((id, &text[..begin]))
}

/// Where the next `:` is that no unknown stretch holds.
fn end_of_part(text: &str) -> Option<usize> {
    let mut is_inside = false;
    text.char_indices().find_map(|(at, letter)| {
        match letter {
            OPENS => is_inside = true,
            CLOSES => is_inside = false,
            _ => {}
        }
        (letter == ':' && !is_inside).then_some(at)
    })
}
