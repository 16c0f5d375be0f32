//! Policy documents: what IAM reads as the same is written the same.
//!
//! One value or a list of one, the order of statements, actions, resources and principals, an
//! account id or the ARN of its root, and the case of actions are spelling. What a document grants
//! is not judged here.

use crate::hashed::HashMap;
use crate::resolve::{Member, Piece, Resolved, Term};
use std::borrow::Cow;

/// Keys of a statement whose value is a set.
const SETS: [&str; 4] = ["Action", "NotAction", "Resource", "NotResource"];

/// Whether a mapping is a policy document.
pub(super) fn is_document(members: &[Member<'_>]) -> bool {
    let Some(statement) = members.iter().find(|member| member.key == "Statement") else {
        return false;
    };
    let has_effect = |value: &Resolved<'_>| matches!(&value.value, Term::Map(members) if members.iter().any(|m| m.key == "Effect"));
    match &statement.value.value {
        Term::List(items) | Term::Set(items) => items.iter().any(has_effect),
        _ => has_effect(&statement.value),
    }
}

/// The version of the language that a document has which names none.
const FIRST_VERSION: &str = "2008-10-17";

/// Brings a policy document to one spelling.
pub(super) fn document(members: &mut Vec<Member<'_>>) {
    members.retain(|member| {
        !(member.key == "Version" && member.value.known_text() == Some(FIRST_VERSION))
    });
    for member in members.iter_mut().filter(|m| m.key == "Statement") {
        as_set(&mut member.value);
        if let Term::Set(statements) = &mut member.value.value {
            statements.iter_mut().for_each(statement);
        }
    }
}

fn statement(value: &mut Resolved<'_>) {
    match &mut value.value {
        Term::Map(parts) => parts.iter_mut().for_each(statement_part),
        // A statement that a condition chooses is one in each branch.
        Term::Call(call) if call.name == "Fn::If" => {
            if let Term::List(arguments) = &mut call.argument.value {
                arguments.iter_mut().skip(1).for_each(statement);
            }
        }
        _ => {}
    }
}

fn statement_part(part: &mut Member<'_>) {
    match part.key.as_ref() {
        key if SETS.contains(&key) => as_set(&mut part.value),
        "Principal" | "NotPrincipal" => principal(&mut part.value),
        "Condition" => condition(&mut part.value),
        _ => {}
    }
}

/// `"*"` is everybody, as `{"AWS": "*"}` is.
fn principal(value: &mut Resolved<'_>) {
    if value.known_text() == Some("*") {
        let everybody = Resolved {
            at: value.at,
            value: Term::Scalar(Cow::Borrowed("*")),
            origin: value.origin,
            influences: value.influences.clone(),
        };
        value.value = Term::Map(vec![Member {
            key: Cow::Borrowed("AWS"),
            value: everybody,
        }]);
    }
    let Term::Map(kinds) = &mut value.value else {
        return;
    };
    for kind in kinds {
        as_set(&mut kind.value);
        if kind.key == "AWS"
            && let Term::Set(principals) = &mut kind.value.value
        {
            for principal in principals {
                account(&mut principal.value);
            }
        }
    }
}

/// An account is the ARN of its root, also where the account or its partition is not known.
fn account(principal: &mut Term<'_>) {
    match principal {
        Term::Scalar(text)
            if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            *text = Cow::Owned(format!("arn:aws:iam::{text}:root"));
        }
        Term::Pieces(pieces) => {
            let is_root = match pieces.as_slice() {
                [Piece::Reference("AWS::AccountId")] => true,
                [
                    Piece::Text(arn),
                    Piece::Reference("AWS::Partition"),
                    Piece::Text(service),
                    Piece::Reference("AWS::AccountId"),
                    Piece::Text(root),
                ] => arn == "arn:" && service == ":iam::" && root == ":root",
                _ => false,
            };
            if is_root {
                *pieces = vec![
                    Piece::Text(Cow::Borrowed("arn:aws:iam::")),
                    Piece::Reference("AWS::AccountId"),
                    Piece::Text(Cow::Borrowed(":root")),
                ];
            }
        }
        _ => {}
    }
}

/// The values of a condition key are a set.
fn condition(value: &mut Resolved<'_>) {
    let Term::Map(operators) = &mut value.value else {
        return;
    };
    for operator in operators {
        if let Term::Map(keys) = &mut operator.value.value {
            for key in keys {
                as_set(&mut key.value);
            }
        }
    }
}

fn as_set(value: &mut Resolved<'_>) {
    match &mut value.value {
        Term::List(items) => value.value = Term::Set(std::mem::take(items)),
        Term::Set(_) | Term::Call(_) | Term::Opaque(_) | Term::Absent => {}
        _ => {
            let inner = Resolved {
                at: value.at,
                value: std::mem::replace(&mut value.value, Term::Null),
                origin: value.origin,
                influences: value.influences.clone(),
            };
            value.value = Term::Set(vec![inner]);
        }
    }
}

/// Gives the actions of both sides one case: that of the right, or of whoever writes them first.
pub(crate) fn align(left: &mut Resolved<'_>, right: &mut Resolved<'_>) {
    let mut spellings = HashMap::default();
    respell(right, &mut spellings);
    respell(left, &mut spellings);
}

fn respell(value: &mut Resolved<'_>, spellings: &mut HashMap<String, String>) {
    match &mut value.value {
        Term::Map(members) => {
            for member in members {
                let is_action = member.key == "Action" || member.key == "NotAction";
                match &mut member.value.value {
                    Term::Map(operators) if member.key == "Condition" => {
                        condition_keys(operators, spellings);
                    }
                    Term::Set(actions) if is_action => {
                        for action in actions {
                            if let Term::Scalar(text) = &mut action.value {
                                first_spelling(text, spellings);
                            }
                        }
                    }
                    _ => respell(&mut member.value, spellings),
                }
            }
        }
        Term::List(items) | Term::Set(items) => {
            for item in items {
                respell(item, spellings);
            }
        }
        _ => {}
    }
}

/// Names of condition keys may be written in any case. User guide of IAM, "Condition".
fn condition_keys(operators: &mut [Member<'_>], spellings: &mut HashMap<String, String>) {
    for operator in operators {
        let Term::Map(keys) = &mut operator.value.value else {
            continue;
        };
        // Only in policies are the values of such keys sets.
        let are_conditions = keys
            .iter()
            .all(|key| matches!(key.value.value, Term::Set(_)));
        if are_conditions {
            for key in keys.iter_mut() {
                first_spelling(&mut key.key, spellings);
            }
            keys.sort_by(|one, other| one.key.cmp(&other.key));
        }
    }
}

fn first_spelling(text: &mut Cow<'_, str>, spellings: &mut HashMap<String, String>) {
    let known = spellings
        .entry(text.to_ascii_lowercase())
        .or_insert_with(|| text.clone().into_owned());
    if known.as_str() != text.as_ref() {
        *text = Cow::Owned(known.clone());
    }
}
