//! The gate that wants a ticket named.

use super::Told;
use crate::{
    facts::{CommitFact, Evidence, Facts, short},
    policy::TicketRule,
};

pub(super) fn ticket(rule: &TicketRule, facts: &Facts) -> Told {
    let patterns = rule.patterns.join(" or ");
    if rule.in_comment
        && let Ok(comment) = &facts.comment.value
        && let Some(found) = find(&rule.patterns, comment)
        && !rule.every_commit
    {
        return Told::pass(format!("{found} in the comment"), &facts.comment);
    }
    if rule.in_commits || rule.every_commit {
        let Some(evidence) = &facts.commits else {
            let none: Evidence<()> = Evidence::unknown("", "estate file");
            return Told::unknown(
                "the estate file names no repository for this service",
                &none,
            );
        };
        let commits = match &evidence.value {
            Err(reason) => {
                let summary = format!("the commits are not known: {reason}");
                return Told::unknown(summary, evidence);
            }
            Ok(commits) => commits,
        };
        if rule.every_commit {
            return every(rule, commits, evidence);
        }
        let mut found: Vec<String> = commits
            .iter()
            .filter_map(|commit| find(&rule.patterns, &commit.message))
            .collect();
        found.sort();
        found.dedup();
        if !found.is_empty() {
            return Told::pass(format!("{} in the commits", found.join(", ")), evidence);
        }
    }
    // The comment is not known before somebody asks; then it cannot be told that there is none.
    match (&facts.comment.value, rule.in_comment) {
        (Err(reason), true) => Told::unknown(
            format!("no ticket ({patterns}) so far: {reason}"),
            &facts.comment,
        ),
        _ => Told::fail(format!("no ticket ({patterns}) is named"), &facts.comment),
    }
}

fn every(rule: &TicketRule, commits: &[CommitFact], evidence: &Evidence<Vec<CommitFact>>) -> Told {
    let mut without: Vec<&str> = commits
        .iter()
        .filter(|commit| find(&rule.patterns, &commit.message).is_none())
        .map(|commit| short(&commit.id))
        .collect();
    without.sort_unstable();
    let patterns = rule.patterns.join(" or ");
    if commits.is_empty() {
        Told::unknown("it brings no commit that could name a ticket", evidence)
    } else if without.is_empty() {
        Told::pass(
            format!("every commit names a ticket ({patterns})"),
            evidence,
        )
    } else {
        Told::fail(
            format!("no ticket ({patterns}) in {}", without.join(", ")),
            evidence,
        )
    }
}

/// The first word that is like a pattern.
fn find(patterns: &[String], text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .map(|word| word.trim_matches(['-', '_']))
        .filter(|word| !word.is_empty())
        .find(|word| {
            patterns
                .iter()
                .any(|pattern| is_ticket(pattern.as_bytes(), word.as_bytes()))
        })
        .map(str::to_owned)
}

/// `#` is a digit, `*` any run of letters and digits with at least one.
fn is_ticket(pattern: &[u8], word: &[u8]) -> bool {
    match pattern.split_first() {
        None => word.is_empty(),
        Some((b'*', rest)) => (1..=word.len())
            .take_while(|cut| word[cut - 1].is_ascii_alphanumeric())
            .any(|cut| is_ticket(rest, &word[cut..])),
        Some((b'#', rest)) => word
            .split_first()
            .is_some_and(|(first, word)| first.is_ascii_digit() && is_ticket(rest, word)),
        Some((letter, rest)) => word
            .split_first()
            .is_some_and(|(first, word)| first == letter && is_ticket(rest, word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_a_whole_word_that_is_like_a_pattern() {
        for (pattern, text, wanted) in [
            (
                "RITM#######",
                "for RITM0012345, please",
                Some("RITM0012345"),
            ),
            ("RITM#######", "for RITM001234", None),
            ("RITM#######", "for RITM00123456", None),
            ("RITM-#####", "(RITM-12345)", Some("RITM-12345")),
            ("PAY-*", "see PAY-1418: limits", Some("PAY-1418")),
            ("PAY-*", "see PAY-: limits", None),
            ("PAY-*", "REPAY-12", None),
            ("PAY-*", "", None),
        ] {
            let found = find(&[pattern.to_owned()], text);
            assert_eq!(found.as_deref(), wanted, "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_ends_soon() {
        let pattern = vec!["*a".repeat(12)];
        assert_eq!(find(&pattern, &"a".repeat(30)), Some("a".repeat(30)));
    }
}
