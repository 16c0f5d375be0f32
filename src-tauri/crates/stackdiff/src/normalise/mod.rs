//! One spelling for values that AWS reads as the same.
//!
//! The schema of a resource type says what a property holds: a number may be written as text, a
//! policy as JSON text, and some lists have no order. After this, structure alone decides whether
//! two values are the same. Properties that no schema describes stay as they are.

mod json_text;
mod policy;
mod spelling;

pub(crate) use policy::align;

use crate::resolve::{Member, Resolved, Term, same};
use crate::schema::known::{self, Deletion};
use crate::schema::{self, Nature, Order, SchemaCursor};
use std::borrow::Cow;

/// Brings the properties of a resource, as its whole declaration holds them, to one spelling.
pub(crate) fn resource(declaration: &mut Resolved<'_>) {
    let Term::Map(members) = &mut declaration.value else {
        return;
    };
    let text_of = |key: &str| {
        members
            .iter()
            .find(|member| member.key == key)
            .and_then(|member| member.value.known_text())
            .map(ToOwned::to_owned)
    };
    let Some(resource_type) = text_of("Type") else {
        return;
    };
    let cursor = schema::cursor(&resource_type);
    leave_out_defaults(&resource_type, members);
    for member in members.iter_mut() {
        if member.key == "Properties"
            && let Term::Map(properties) = &mut member.value.value
        {
            for Member { key, value } in properties {
                walk(value, cursor.key(key));
                spelling::apply(&resource_type, key, value);
            }
        }
    }
}

/// A policy that says what holds without it says nothing.
fn leave_out_defaults(resource_type: &str, members: &mut Vec<Member<'_>>) {
    let word = |deletion: Deletion| match deletion {
        Deletion::Delete => "Delete",
        Deletion::Snapshot => "Snapshot",
    };
    let has = |key: &str| {
        let properties = members.iter().find(|member| member.key == "Properties");
        properties.is_some_and(|found| match &found.value.value {
            Term::Map(inner) => inner
                .iter()
                .any(|member| member.key == key && !member.value.is_absent()),
            _ => false,
        })
    };
    let deletion = word(known::default_deletion(resource_type, has));
    let replacement = word(known::default_replacement());
    members.retain(|member| match member.key.as_ref() {
        "DeletionPolicy" => member.value.known_text() != Some(deletion),
        "UpdateReplacePolicy" => member.value.known_text() != Some(replacement),
        _ => true,
    });
}

fn walk(value: &mut Resolved<'_>, at: SchemaCursor<'_>) {
    let nature = at.nature();
    let is_document = matches!(nature, Nature::Json | Nature::Policy);
    if is_document {
        // The text of a document is the document.
        while let Term::Call(call) = &mut value.value
            && call.name == "Fn::ToJsonString"
        {
            value.value = std::mem::replace(&mut call.argument.value, Term::Null);
        }
        if let Some(term) = json_text::read(value) {
            value.value = term;
        }
    }
    match &mut value.value {
        Term::Scalar(text) => {
            if let Some(spelled) = scalar(text, nature) {
                *text = Cow::Owned(spelled);
            }
        }
        Term::List(items) => {
            for item in items.iter_mut() {
                walk(item, at.item());
            }
            if at.list().order == Order::Free {
                value.value = Term::Set(std::mem::take(items));
            }
        }
        Term::Map(members) => {
            for Member { key, value } in members.iter_mut() {
                walk(value, at.key(key));
            }
            if is_document && policy::is_document(members) {
                policy::document(members);
            }
        }
        Term::Call(call) if call.name == "Fn::If" => {
            if let Term::List(arguments) = &mut call.argument.value {
                for branch in arguments.iter_mut().skip(1) {
                    walk(branch, at);
                }
                // Two spellings of one value are no choice.
                if let [_, yes, no] = arguments.as_mut_slice()
                    && same(yes, no)
                {
                    value.value = std::mem::replace(&mut yes.value, Term::Null);
                }
            }
        }
        _ => {}
    }
}

/// The one spelling of a scalar of a kind; none when it has it already, or is not of that kind.
fn scalar(text: &str, nature: Nature) -> Option<String> {
    let spelled = match nature {
        Nature::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" => "true".to_owned(),
            "false" => "false".to_owned(),
            _ => return None,
        },
        Nature::Integer | Nature::Number => number(text)?,
        _ => return None,
    };
    (spelled != text).then_some(spelled)
}

/// Largest exponent that is written out.
const LARGEST_EXPONENT: usize = 400;

/// A decimal number without sign of plus, exponent, leading zeros and trailing zeros of its
/// fraction.
fn number(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_decimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_decimal(whole) || !is_decimal(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let shifted = shifted(whole, fraction, exponent)?;
    let (whole, fraction) = (shifted.0.as_ref(), shifted.1.as_ref());
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let sign = if whole == "0" && fraction.is_empty() {
        ""
    } else {
        sign
    };
    Some(if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

/// Whole part and fraction of a number with an exponent.
fn shifted<'t>(
    whole: &'t str,
    fraction: &'t str,
    exponent: &str,
) -> Option<(Cow<'t, str>, Cow<'t, str>)> {
    let (is_small, places) = match exponent.strip_prefix('-') {
        Some(places) => (true, places),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    if !places.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let places: usize = places.parse().ok().filter(|it| *it <= LARGEST_EXPONENT)?;
    let zeros = |count: usize| "0".repeat(count);
    Some(match (places, is_small) {
        (0, _) => (Cow::Borrowed(whole), Cow::Borrowed(fraction)),
        (_, false) => {
            let digits = format!("{fraction}{}", zeros(places.saturating_sub(fraction.len())));
            let (more, rest) = digits.split_at(places);
            (
                Cow::Owned(format!("{whole}{more}")),
                Cow::Owned(rest.to_owned()),
            )
        }
        (_, true) => {
            let digits = format!("{}{whole}", zeros(places.saturating_sub(whole.len())));
            let (rest, less) = digits.split_at(digits.len() - places);
            (
                Cow::Owned(rest.to_owned()),
                Cow::Owned(format!("{less}{fraction}")),
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Budget, Side, Template, compare};

    #[test]
    fn numbers_have_one_spelling_and_other_texts_none() {
        for (text, spelled) in [
            ("128", Some("128")),
            ("+128", Some("128")),
            ("0128", Some("128")),
            ("1.50", Some("1.5")),
            ("-0.0", Some("0")),
            (".5", Some("0.5")),
            ("1e3", Some("1000")),
            ("1.25e+1", Some("12.5")),
            ("1.5E-3", Some("0.0015")),
            ("120e-1", Some("12")),
            ("1e", None),
            ("e3", None),
            ("1e+", None),
            ("1e99999", None),
            ("", None),
            ("-", None),
            ("9007199254740993", Some("9007199254740993")),
        ] {
            assert_eq!(number(text).as_deref(), spelled, "{text}");
        }
    }

    #[test]
    fn a_text_is_never_read_as_a_number_or_boolean() {
        for text in ["012345678901", "13.10", "1e3", "True"] {
            assert_eq!(scalar(text, Nature::Text), None);
            assert_eq!(scalar(text, Nature::Unknown), None);
        }
        assert_eq!(scalar("True", Nature::Boolean).as_deref(), Some("true"));
        assert_eq!(scalar("0128", Nature::Integer).as_deref(), Some("128"));
        assert_eq!(scalar("yes", Nature::Boolean), None);
    }

    #[test]
    fn a_document_written_as_text_by_a_function_is_the_document() {
        fn side(template: &Template) -> Side<'_> {
            Side {
                template: Some(template),
                ..Side::default()
            }
        }
        let policy = |document: &str| {
            let text = format!(
                "Transform: AWS::LanguageExtensions\nResources: {{P: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: [q], PolicyDocument: {document}}}}}}}"
            );
            Template::read(text.as_bytes(), "t.yaml", &Budget::default()).unwrap()
        };
        let statement = |action: &str| {
            format!("{{Statement: {{Effect: Allow, Action: '{action}', Resource: '*'}}}}")
        };
        let (whole, edited) = (statement("sqs:SendMessage"), statement("sqs:*"));
        let written = policy(&format!("!ToJsonString {whole}"));
        let differs = |document: &str| {
            let other = policy(document);
            compare(&side(&other), &side(&written)).differs()
        };
        assert!(!differs(&whole));
        assert!(differs(&edited));
    }
}
