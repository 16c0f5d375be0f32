//! Whom a statement names, in all spellings.

use super::extent::Extent;
use super::glob::Pattern;
use crate::plain::{CLOSES, OPENS, Plain};

/// The principals of a `Principal` or `NotPrincipal`; none when it cannot be read.
pub(super) fn extent(value: &Plain, variables: bool) -> Option<Extent> {
    match value {
        Plain::Text(text) => Some(Extent::texts([named("AWS", text, variables)])),
        Plain::Map(kinds) => {
            let mut patterns = Vec::new();
            for (kind, value) in kinds {
                for item in value.items() {
                    patterns.push(match item {
                        Plain::Text(text) => named(kind, text, variables),
                        Plain::Unknown(words) => {
                            named(kind, &format!("{OPENS}{words}{CLOSES}"), false)
                        }
                        _ => return None,
                    });
                }
            }
            Some(Extent::texts(patterns))
        }
        _ => None,
    }
}

/// A principal of a kind. An account stands for everybody in it.
pub(super) fn named(kind: &str, text: &str, variables: bool) -> Pattern {
    if text == "*" && kind == "AWS" {
        return Pattern::glob("*", false).shown("anyone");
    }
    if kind != "AWS" {
        let text_of_kind = match kind {
            "Service" => text.to_ascii_lowercase(),
            _ => text.to_owned(),
        };
        return Pattern::glob(&format!("{kind}:{text_of_kind}"), variables).shown(text);
    }
    let parts = split(text);
    let (spelled, shown) = match parts.as_slice() {
        [account] if is_account(account) => {
            (format!("AWS:{account}:*"), format!("account {account}"))
        }
        ["arn", _, "iam", _, account, "root"] => {
            (format!("AWS:{account}:*"), format!("account {account}"))
        }
        ["arn", _, "iam" | "sts", _, account, rest @ ..] => {
            (format!("AWS:{account}:{}", rest.join(":")), text.to_owned())
        }
        // Roles and users of the stack are in its own account.
        [own] if is_own(own) => {
            let account = format!("{OPENS}AWS::AccountId{CLOSES}");
            (format!("AWS:{account}:{own}"), text.to_owned())
        }
        _ => (format!("AWS:{text}"), text.to_owned()),
    };
    Pattern::glob(&spelled, variables).shown(&shown)
}

fn is_account(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
        || text == format!("{OPENS}AWS::AccountId{CLOSES}")
}

/// Whether a text is nothing but the ARN of a resource of the stack.
fn is_own(text: &str) -> bool {
    let inner = text
        .strip_prefix(OPENS)
        .and_then(|rest| rest.strip_suffix(CLOSES));
    inner
        .and_then(|inner| inner.strip_suffix(".Arn"))
        .is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// The parts between colons, of which those inside an unknown stretch do not count.
fn split(text: &str) -> Vec<&str> {
    let mut is_inside = false;
    text.split(move |letter| {
        match letter {
            OPENS => is_inside = true,
            CLOSES => is_inside = false,
            _ => {}
        }
        letter == ':' && !is_inside
    })
    .collect()
}
