//! Checks of approval rules and exclusions.

use super::{
    Check,
    raw::{RawApprovals, RawCount, RawExclusions},
    words::{Allowed, Excluded},
};
use crate::policy::{Approvals, Exclusions, When};
use toml::Spanned;

impl Check<'_> {
    pub(super) fn approvals(&mut self, raw: &[RawApprovals]) -> Vec<Approvals> {
        raw.iter()
            .enumerate()
            .filter_map(|(index, rule)| self.approval(rule, index))
            .collect()
    }

    /// A manifest says it in hours.
    pub(super) fn expiry(&mut self, raw: Option<&Spanned<String>>) -> Option<u32> {
        const FIELD: &str = "approvals_expire_after";
        let raw = raw?;
        let length = self.length(raw, FIELD)?;
        let hours = length.0 / 3_600;
        if hours == 0 || length.0 % 3_600 != 0 {
            self.report(
                raw.span(),
                FIELD,
                format!("`{}` is not a number of whole hours", raw.get_ref()),
                Some("Write it like \"24h\", \"72h\" or \"3d\"."),
            );
            return None;
        }
        u32::try_from(hours).ok()
    }

    fn approval(&mut self, raw: &RawApprovals, index: usize) -> Option<Approvals> {
        let field = format!("approvals[{index}]");
        let id = self.id(&raw.id, &format!("{field}.id"));
        let applies = self.applies(&raw.environments, &raw.services, &raw.teams, &field);
        let count = match raw.count.get_ref() {
            RawCount::Number(count) if *count > 0 => Some(*count),
            RawCount::Number(_) => {
                self.report(
                    raw.count.span(),
                    format!("{field}.count"),
                    "no approval is asked for",
                    Some("Write 1 or more, or leave the rule out."),
                );
                return None;
            }
            RawCount::Word(word) if word == "estate" => None,
            RawCount::Word(word) => {
                self.report(
                    raw.count.span(),
                    format!("{field}.count"),
                    format!("`{word}` is not a number of approvals"),
                    Some("Write a number, or \"estate\" for that of the estate file."),
                );
                return None;
            }
        };
        let mut when: Vec<When> = raw.when.iter().map(|word| (*word).into()).collect();
        if when.is_empty() {
            when.push(When::Always);
        }
        Some(Approvals {
            line: self.line(raw.id.span()),
            name: raw.name.clone().unwrap_or_else(|| id.clone()),
            id,
            applies,
            when,
            from: raw.from.clone(),
            count,
            assurance: raw.assurance,
        })
    }
}

pub(super) fn exclusions(raw: &RawExclusions) -> Exclusions {
    let is = |word: Excluded| word == Excluded::Excluded;
    Exclusions {
        author: is(raw.author),
        committer: is(raw.committer),
        merger: is(raw.merger),
        requester: is(raw.requester),
        executor: is(raw.executor),
        requester_from_executing: raw.executor_may_be_requester == Allowed::Forbidden,
    }
}
