//! Reading `policy.toml`: every problem with its line and field.

mod approvals;
mod freezes;
mod gates;
mod raw;
mod raw_gates;
mod schema;
mod words;

pub use freezes::{WEEKLY, weekday_time};
pub use schema::json_schema;

use crate::{
    authorize::{Authorizer, CedarError},
    length::Length,
    policy::{BreakGlassRule, Bundle, KINDS, Policy},
    problem::{PolicyError, Problem, position},
    scope::{Applies, TIERS},
};
use interlock_domain::nearest;
use raw::{RawBreakGlass, RawPolicy};
use std::{collections::BTreeMap, ops::Range, sync::LazyLock};
use toml::Spanned;

/// The text of the policy that counts where a team has none of its own.
pub const DEFAULT: &str = include_str!("../default.toml");

/// Environments of the estate, by name, so that a misspelt one is told.
pub type KnownEnvironments<'k> = &'k [&'k str];

/// Reads only which file of Cedar policies a policy names.
pub fn cedar_file(text: &str) -> Option<String> {
    let raw: RawPolicy = toml::from_str(text).ok()?;
    raw.cedar.map(Spanned::into_inner)
}

/// Reads and checks a policy file. `cedar` is the text of the file that it names under `cedar`;
/// `environments` are those of the estate, none when they are not known.
pub fn parse(
    text: &str,
    file: &str,
    cedar: Option<&str>,
    environments: Option<KnownEnvironments<'_>>,
) -> Result<Policy, PolicyError> {
    let raw: RawPolicy = toml::from_str(text).map_err(|error| PolicyError {
        file: file.to_owned(),
        problems: vec![Problem {
            field: field_at(text, error.span().unwrap_or(0..0).start),
            ..Problem::unread(text, &error)
        }],
    })?;
    let mut check = Check {
        text,
        file,
        environments,
        problems: Vec::new(),
        ids: BTreeMap::new(),
    };
    let policy = check.policy(raw, cedar);
    check
        .problems
        .sort_by_key(|problem| (problem.line, problem.column));
    match policy {
        Some(policy) if check.problems.is_empty() => Ok(policy),
        _ => Err(PolicyError {
            file: file.to_owned(),
            problems: check.problems,
        }),
    }
}

impl Policy {
    /// The policy that counts where a team has none of its own.
    pub fn built_in() -> Self {
        static BUILT_IN: LazyLock<Policy> = LazyLock::new(|| {
            parse(DEFAULT, "built-in policy", None, None)
                .expect("the built-in policy is a good one")
        });
        BUILT_IN.clone()
    }
}

struct Check<'t> {
    text: &'t str,
    file: &'t str,
    environments: Option<KnownEnvironments<'t>>,
    problems: Vec<Problem>,
    ids: BTreeMap<String, u32>,
}

impl Check<'_> {
    fn report(
        &mut self,
        span: Range<usize>,
        field: impl Into<String>,
        message: impl Into<String>,
        hint: Option<&str>,
    ) {
        let (line, column) = position(self.text, span.start);
        self.problems.push(Problem {
            message: message.into(),
            line,
            column,
            field: Some(field.into()),
            hint: hint.map(str::to_owned),
        });
    }

    fn line(&self, span: Range<usize>) -> u32 {
        position(self.text, span.start).0
    }

    fn policy(&mut self, raw: RawPolicy, cedar: Option<&str>) -> Option<Policy> {
        let authorizer = self.authorizer(raw.cedar.as_ref(), cedar);
        let gates = self.gates(&raw.gates);
        let approvals = self.approvals(&raw.approvals);
        let freezes = self.freezes(&raw.freezes);
        let break_glass = self.break_glass(raw.break_glass.as_ref());
        let approvals_expire_hours = self.expiry(raw.approvals_expire_after.as_ref());
        Some(Policy {
            file: self.file.to_owned(),
            gates,
            approvals,
            approvals_expire_hours,
            exclusions: approvals::exclusions(&raw.exclusions),
            freezes,
            break_glass,
            authorizer: authorizer?,
            bundle: Bundle {
                policy: self.text.to_owned(),
                cedar: cedar.map(str::to_owned),
            },
        })
    }

    fn authorizer(
        &mut self,
        named: Option<&Spanned<String>>,
        text: Option<&str>,
    ) -> Option<Authorizer> {
        let (Some(named), Some(text)) = (named, text) else {
            if let Some(named) = named {
                self.report(
                    named.span(),
                    "cedar",
                    format!("`{}` was not read", named.get_ref()),
                    Some("Put the file beside the policy file."),
                );
                return None;
            }
            return Some(Authorizer::built_in());
        };
        match Authorizer::new(text) {
            Ok(authorizer) => Some(authorizer),
            Err(CedarError { problems }) => {
                for problem in problems {
                    let place = match problem.line {
                        Some(line) => format!("{}:{line}: ", named.get_ref()),
                        None => format!("{}: ", named.get_ref()),
                    };
                    self.report(
                        named.span(),
                        "cedar",
                        format!("{place}{}", problem.message),
                        None,
                    );
                }
                None
            }
        }
    }

    /// An id that names two rules would let a waiver lift the wrong one.
    fn id(&mut self, id: &Spanned<String>, field: &str) -> String {
        let text = id.get_ref().clone();
        let is_good = !text.is_empty()
            && text.len() <= 64
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if !is_good {
            self.report(
                id.span(),
                field,
                format!("`{text}` is not an id"),
                Some("Use letters, digits, `-`, `_` and `.`, at most 64."),
            );
        }
        let line = self.line(id.span());
        if let Some(first) = self.ids.insert(text.clone(), line) {
            self.report(
                id.span(),
                field,
                format!("rule `{text}` is declared twice, first on line {first}"),
                Some("Give each its own id."),
            );
        }
        text
    }

    fn applies(
        &mut self,
        environments: &[Spanned<String>],
        services: &[String],
        teams: &[String],
        field: &str,
    ) -> Applies {
        if let Some(known) = self.environments {
            for (index, name) in environments.iter().enumerate() {
                let text = name.get_ref().as_str();
                let is_known = TIERS.contains(&text)
                    || known.iter().any(|known| crate::scope::is_like(text, known));
                if !is_known {
                    let hint = nearest::hint(text, known.iter().copied().chain(TIERS));
                    self.report(
                        name.span(),
                        format!("{field}.environments[{index}]"),
                        format!("`{text}` is no environment of the estate and no tier"),
                        hint.as_deref(),
                    );
                }
            }
        }
        Applies {
            environments: environments.iter().map(|e| e.get_ref().clone()).collect(),
            services: services.to_vec(),
            teams: teams.to_vec(),
        }
    }

    fn length(&mut self, raw: &Spanned<String>, field: &str) -> Option<Length> {
        let length = Length::read(raw.get_ref());
        if length.is_none() {
            self.report(
                raw.span(),
                field,
                format!("`{}` is not a length of time", raw.get_ref()),
                Some("Write it like \"90m\", \"24h\" or \"1d12h\"."),
            );
        }
        length
    }

    fn break_glass(&mut self, raw: Option<&RawBreakGlass>) -> BreakGlassRule {
        let mut rule = BreakGlassRule {
            bypasses: vec!["freeze".into()],
            review_within: Length(86_400),
        };
        let Some(raw) = raw else { return rule };
        for (index, kind) in raw.bypasses.iter().enumerate() {
            if !KINDS.contains(&kind.get_ref().as_str()) {
                let hint = nearest::hint(kind.get_ref(), KINDS);
                self.report(
                    kind.span(),
                    format!("break_glass.bypasses[{index}]"),
                    format!("`{}` is not a kind of gate", kind.get_ref()),
                    hint.as_deref(),
                );
            } else if kind.get_ref() == "target_ready" {
                self.report(
                    kind.span(),
                    format!("break_glass.bypasses[{index}]"),
                    "a target that cannot be changed is never passed over",
                    Some("Leave it out."),
                );
            }
        }
        rule.bypasses = raw.bypasses.iter().map(|k| k.get_ref().clone()).collect();
        if let Some(within) = &raw.review_within
            && let Some(length) = self.length(within, "break_glass.review_within")
        {
            rule.review_within = length;
        }
        rule
    }
}

/// The table and key that an offset is in, for what the TOML reader itself refuses.
fn field_at(text: &str, offset: usize) -> Option<String> {
    let before = text.get(..offset)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.lines().next()?;
    let table = before
        .lines()
        .rev()
        .find(|line| line.trim_start().starts_with('['))
        .map(|line| line.trim().trim_matches(['[', ']']).to_owned());
    let key = line
        .split_once('=')
        .map(|(key, _)| key.trim().to_owned())
        .filter(|key| !key.is_empty() && !key.contains([' ', '[']));
    match (table, key) {
        (Some(table), Some(key)) => Some(format!("{table}.{key}")),
        (table, key) => key.or(table),
    }
}

#[cfg(test)]
mod tests;
