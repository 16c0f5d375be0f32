//! A value before and after, as lines with `-` and `+`.
//!
//! JSON documents (policies, above all) are laid out and only their changed lines are shown with
//! a line around them: that is what somebody has to read before approving.

use crate::colour::paint;
use interlock_contract::Tone;
use std::fmt::Write as _;

/// Longer documents are shown whole on both sides; nobody lays them next to each other here.
const MOST_LINES: usize = 400;
/// What AWS says of a value that it gives only later.
const LATER: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// A value in words of ours.
pub fn plain(value: &str) -> String {
    value.replace(LATER, "(known after it is applied)")
}

/// Whether a value reads well inside a line.
pub fn short(value: &str) -> bool {
    value.chars().count() <= 44 && !value.contains('\n')
}

/// Writes what was and what comes, each line behind an indent and its mark.
pub fn lines(text: &mut String, indent: &str, before: Option<&str>, after: Option<&str>) {
    let split = |value: &str| -> Vec<String> {
        laid_out(&plain(value)).lines().map(str::to_owned).collect()
    };
    let (before, after) = (before.map(split), after.map(split));
    let mut put = |mark: &str, tone: Tone, line: &str| {
        let _ = writeln!(text, "{indent}{}", paint(&format!("{mark} {line}"), tone));
    };
    match (&before, &after) {
        (Some(before), Some(after))
            if before.len().max(after.len()) > 3 && before.len().max(after.len()) <= MOST_LINES =>
        {
            for (mark, line) in difference(before, after) {
                match mark {
                    Mark::Gone => put("-", Tone::Bad, line),
                    Mark::Come => put("+", Tone::Ok, line),
                    Mark::Kept => put(" ", Tone::Neutral, line),
                    Mark::Skipped => put(" ", Tone::Unknown, "..."),
                }
            }
        }
        _ => {
            for line in before.iter().flatten() {
                put("-", Tone::Bad, line);
            }
            for line in after.iter().flatten() {
                put("+", Tone::Ok, line);
            }
        }
    }
}

/// JSON objects and lists over several lines, anything else as it is.
fn laid_out(value: &str) -> String {
    if short(value) || !value.starts_with(['{', '[']) {
        return value.to_owned();
    }
    serde_json::from_str::<serde_json::Value>(value)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| value.to_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Gone,
    Come,
    Kept,
    Skipped,
}

/// Changed lines with one kept line around them.
fn difference<'t>(before: &'t [String], after: &'t [String]) -> Vec<(Mark, &'t str)> {
    let all = aligned(before, after);
    let near = |at: usize| {
        let from = at.saturating_sub(1);
        let to = (at + 2).min(all.len());
        all[from..to].iter().any(|(mark, _)| *mark != Mark::Kept)
    };
    let mut shown = Vec::new();
    for (at, line) in all.iter().enumerate() {
        if near(at) {
            shown.push(*line);
        } else if shown.last().is_none_or(|(mark, _)| *mark != Mark::Skipped) {
            shown.push((Mark::Skipped, ""));
        }
    }
    shown
}

/// Both texts along their longest common lines.
fn aligned<'t>(before: &'t [String], after: &'t [String]) -> Vec<(Mark, &'t str)> {
    let width = after.len() + 1;
    let mut common = vec![0_usize; (before.len() + 1) * width];
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            common[i * width + j] = if before[i] == after[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut all = Vec::new();
    while i < before.len() || j < after.len() {
        if i < before.len() && j < after.len() && before[i] == after[j] {
            all.push((Mark::Kept, before[i].as_str()));
            (i, j) = (i + 1, j + 1);
        } else if j == after.len()
            || (i < before.len() && common[(i + 1) * width + j] >= common[i * width + j + 1])
        {
            all.push((Mark::Gone, before[i].as_str()));
            i += 1;
        } else {
            all.push((Mark::Come, after[j].as_str()));
            j += 1;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: Option<&str>, after: Option<&str>) -> String {
        let mut text = String::new();
        lines(&mut text, "", before, after);
        text
    }

    #[test]
    fn short_values_stand_below_each_other_and_an_absent_side_has_no_line() {
        assert_eq!(told(Some("5"), Some("3")), "- 5\n+ 3\n");
        assert_eq!(told(None, Some("3")), "+ 3\n");
        assert_eq!(told(Some("a\nb"), None), "- a\n- b\n");
        assert_eq!(told(None, None), "");
        assert_eq!(told(None, Some(LATER)), "+ (known after it is applied)\n");
    }

    #[test]
    fn of_a_policy_only_the_changed_lines_and_their_neighbours_are_shown() {
        let policy = |action: &str| {
            format!(
                r#"[{{"Sid":"Data","Effect":"Allow","Action":["{action}"],"Resource":"arn:aws:s3:::b"}},{{"Sid":"Keys","Effect":"Allow","Action":"kms:Decrypt"}}]"#
            )
        };
        let text = told(Some(&policy("s3:Get")), Some(&policy("s3:*")));
        assert_eq!(
            text,
            concat!(
                "  ...\n",
                "      \"Action\": [\n",
                "-       \"s3:Get\"\n",
                "+       \"s3:*\"\n",
                "      ],\n",
                "  ...\n"
            )
        );
    }

    #[test]
    fn every_line_of_both_sides_is_accounted_for() {
        let side = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        for (before, after) in [
            ("abcdef", "abxdf"),
            ("", "abc"),
            ("abc", ""),
            ("aab", "baa"),
        ] {
            let (before, after) = (side(before), side(after));
            let all = aligned(&before, &after);
            let of = |out: Mark| -> String {
                let lines = all.iter().filter(|(mark, _)| *mark != out);
                lines.map(|(_, line)| *line).collect()
            };
            assert_eq!(of(Mark::Come), before.concat());
            assert_eq!(of(Mark::Gone), after.concat());
        }
    }
}
