//! Texts that differ only because two environments do.
//!
//! A difference is explained when putting the one side's account, region, environment name, stack
//! name and declared substitutions in place of the other's makes the texts equal. Words are taken
//! whole: the `dev` of `orders-dev` is a name, the `dev` of `device` is not.

use super::causes::Cause;
use super::side::EnvironmentFacts;
use crate::plain::Plain;

/// Texts of parameters that are shorter say nothing about where they stand.
const SHORTEST_TEXT: usize = 4;

/// What stands for what between two environments.
#[derive(Debug, Default)]
pub(crate) struct Translation {
    facts: Vec<Fact>,
}

#[derive(Debug, Clone)]
struct Fact {
    left: String,
    right: String,
    cause: Cause,
}

impl Translation {
    /// The facts in which two environments differ.
    pub(crate) fn between(left: &EnvironmentFacts, right: &EnvironmentFacts) -> Self {
        let mut facts = Vec::new();
        let mut add = |left: &str, right: &str, cause: Cause| {
            if !left.is_empty() && !right.is_empty() && left != right {
                facts.push(Fact {
                    left: left.to_owned(),
                    right: right.to_owned(),
                    cause,
                });
            }
        };
        for (key, text) in &left.substitutions {
            if let Some(other) = right.substitutions.get(key) {
                add(text, other, Cause::Substitution(key.clone()));
            }
        }
        if let (Some(a), Some(b)) = (&left.account, &right.account) {
            add(a, b, Cause::Account);
        }
        if let (Some(a), Some(b)) = (&left.region, &right.region) {
            add(a, b, Cause::Region);
        }
        if let (Some(a), Some(b)) = (&left.stack, &right.stack) {
            add(a, b, Cause::StackName);
        }
        if let (Some(a), Some(b)) = (&left.name, &right.name) {
            add(a, b, Cause::EnvironmentName);
            add(&a.to_uppercase(), &b.to_uppercase(), Cause::EnvironmentName);
            add(&capitalised(a), &capitalised(b), Cause::EnvironmentName);
        }
        Self { facts }
    }

    /// What explains the difference of two texts; none when nothing does.
    pub(crate) fn explains(&self, left: &str, right: &str) -> Option<Vec<Cause>> {
        if self.facts.is_empty() || left == right {
            return None;
        }
        let (forward, causes) = self.translate(left, Direction::ToRight);
        if forward == right {
            return Some(causes);
        }
        let (backward, causes) = self.translate(right, Direction::ToLeft);
        (backward == left).then_some(causes)
    }

    /// The same, and with it the texts that explained parameters and exports have on both sides.
    ///
    /// For those who ask whether two values mean the same in their own environments, whatever
    /// wrote them; short texts are left out, they stand in others by chance.
    pub(crate) fn and(&self, explained: impl IntoIterator<Item = (String, String)>) -> Self {
        let texts = explained.into_iter().filter(|(left, right)| {
            left.len() >= SHORTEST_TEXT && right.len() >= SHORTEST_TEXT && left != right
        });
        let texts = texts.map(|(left, right)| Fact {
            left,
            right,
            cause: Cause::Substitution(String::new()),
        });
        Self {
            facts: self.facts.iter().cloned().chain(texts).collect(),
        }
    }

    /// A text of the left as the right would have it.
    pub(crate) fn text_as_right(&self, text: &str) -> String {
        self.translate(text, Direction::ToRight).0
    }

    /// Whether both sides have the same names for everything.
    pub(crate) fn is_none(&self) -> bool {
        self.facts.is_empty()
    }

    /// A value of the left as the right would have it.
    pub(crate) fn as_right(&self, value: Plain) -> Plain {
        if self.facts.is_empty() {
            return value;
        }
        match value {
            Plain::Text(text) => Plain::Text(self.translate(&text, Direction::ToRight).0),
            Plain::List(items) => {
                Plain::List(items.into_iter().map(|item| self.as_right(item)).collect())
            }
            Plain::Map(members) => Plain::Map(
                members
                    .into_iter()
                    .map(|(key, value)| (key, self.as_right(value)))
                    .collect(),
            ),
            other @ (Plain::Null | Plain::Unknown(_)) => other,
        }
    }

    fn translate(&self, text: &str, direction: Direction) -> (String, Vec<Cause>) {
        let mut translated = String::with_capacity(text.len());
        let mut causes = Vec::new();
        let mut offset = 0;
        while let Some(rest) = text.get(offset..).filter(|rest| !rest.is_empty()) {
            let longest = self
                .facts
                .iter()
                .map(|fact| match direction {
                    Direction::ToRight => (&fact.left, &fact.right, &fact.cause),
                    Direction::ToLeft => (&fact.right, &fact.left, &fact.cause),
                })
                .filter(|(from, _, cause)| {
                    rest.starts_with(from.as_str())
                        && stands_alone(&text[..offset], from, &rest[from.len()..], cause)
                })
                .max_by_key(|(from, _, _)| from.len());
            if let Some((from, to, cause)) = longest {
                translated.push_str(to);
                offset += from.len();
                if !causes.contains(cause) {
                    causes.push(cause.clone());
                }
            } else if let Some(next) = rest.chars().next() {
                translated.push(next);
                offset += next.len_utf8();
            }
        }
        (translated, causes)
    }
}

#[derive(Clone, Copy)]
enum Direction {
    ToRight,
    ToLeft,
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// Whether a match is a word of its own, by the rules of what it is.
fn stands_alone(before: &str, word: &str, after: &str, cause: &Cause) -> bool {
    let previous = before.chars().next_back();
    let next = after.chars().next();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match cause {
        Cause::Substitution(_) => true,
        Cause::Region => {
            let zone_ends =
                next.is_some_and(|c| c.is_ascii_lowercase()) && !is_word(after.chars().nth(1));
            !is_word(previous) && (!is_word(next) || zone_ends)
        }
        Cause::EnvironmentName => {
            let begins_hump =
                word.starts_with(char::is_uppercase) && previous.is_some_and(char::is_lowercase);
            let hump_follows =
                word.ends_with(char::is_lowercase) && next.is_some_and(char::is_uppercase);
            (!is_word(previous) || begins_hump) && (!is_word(next) || hump_follows)
        }
        _ => !is_word(previous) && !is_word(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(name: &str, account: &str, region: &str) -> EnvironmentFacts {
        EnvironmentFacts {
            name: Some(name.to_owned()),
            account: Some(account.to_owned()),
            region: Some(region.to_owned()),
            ..EnvironmentFacts::default()
        }
    }

    fn explained(left: &str, right: &str) -> bool {
        let mut dev = facts("dev", "111111111111", "us-east-1");
        let mut prod = facts("prod", "333333333333", "sa-east-1");
        dev.substitutions
            .insert("domain".into(), "dev.bank.test".into());
        prod.substitutions
            .insert("domain".into(), "bank.test".into());
        let translation = Translation::between(&dev, &prod);
        let forward = translation.explains(left, right).is_some();
        let mirrored = Translation::between(&prod, &dev);
        assert_eq!(
            forward,
            mirrored.explains(right, left).is_some(),
            "{left} {right}"
        );
        forward
    }

    #[test]
    fn account_region_name_and_substitutions_explain_a_text() {
        for (left, right) in [
            ("orders-dev", "orders-prod"),
            (
                "arn:aws:sqs:us-east-1:111111111111:dev-q",
                "arn:aws:sqs:sa-east-1:333333333333:prod-q",
            ),
            ("us-east-1a", "sa-east-1a"),
            ("DEV", "PROD"),
            ("ordersDevTable", "ordersProdTable"),
            ("https://api.dev.bank.test/x", "https://api.bank.test/x"),
            ("shared-prod-bucket/dev", "shared-prod-bucket/prod"),
        ] {
            assert!(explained(left, right), "{left} {right}");
        }
    }

    #[test]
    fn parts_of_words_and_other_edits_explain_nothing() {
        for (left, right) in [
            ("device", "prodice"),
            ("orders-dev-1", "orders-prod-2"),
            ("2", "4"),
            ("9111111111111", "9333333333333"),
            ("us-east-10", "sa-east-10"),
        ] {
            assert!(!explained(left, right), "{left} {right}");
        }
    }
}
