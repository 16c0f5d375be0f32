//! Where a rule applies: by environment, service and team.

use crate::facts::Subject;
use interlock_domain::Tier;

/// Environments, services and teams; an empty list means every one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applies {
    /// Names, patterns with `*`, or tiers.
    pub environments: Vec<String>,
    /// Names or patterns with `*`.
    pub services: Vec<String>,
    /// Names or patterns with `*`.
    pub teams: Vec<String>,
}

/// The words for tiers, which stand for all environments of the tier.
pub const TIERS: [&str; 3] = ["development", "test", "production"];

impl Applies {
    /// Whether the rule applies to this promotion.
    pub fn to(&self, subject: &Subject) -> bool {
        self.to_environment(&subject.to, subject.tier)
            && self.to_service(&subject.service, &subject.team)
    }

    /// Whether the rule applies to a service of a team, in whatever environment.
    pub fn to_service(&self, service: &str, team: &str) -> bool {
        any(&self.services, |pattern| is_like(pattern, service))
            && any(&self.teams, |pattern| is_like(pattern, team))
    }

    /// Whether the rule applies whatever the service is.
    pub fn is_for_every_service(&self) -> bool {
        self.services.is_empty() && self.teams.is_empty()
    }

    /// Whether the rule applies to an environment, of whatever service.
    pub fn to_environment(&self, name: &str, tier: Tier) -> bool {
        any(&self.environments, |pattern| {
            pattern == tier.word() || is_like(pattern, name)
        })
    }

    /// In words, such as `production, services payments-*`.
    pub fn in_words(&self) -> String {
        let mut words = Vec::new();
        if !self.environments.is_empty() {
            words.push(self.environments.join(" and "));
        }
        if !self.services.is_empty() {
            words.push(format!("services {}", self.services.join(" and ")));
        }
        if !self.teams.is_empty() {
            words.push(format!("teams {}", self.teams.join(" and ")));
        }
        if words.is_empty() {
            "everywhere".into()
        } else {
            words.join(", ")
        }
    }
}

fn any(patterns: &[String], holds: impl Fn(&str) -> bool) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| holds(pattern))
}

/// Whether a text is like a pattern in which `*` stands for any run.
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_run() {
        for (pattern, text, wanted) in [
            ("payments-api", "payments-api", true),
            ("payments-api", "payments-api-2", false),
            ("payments-*", "payments-api", true),
            ("*-api", "payments-api", true),
            ("*pay*api*", "payments-api", true),
            ("p*-*-x", "payments-api", false),
            ("*", "", true),
            ("**", "x", true),
            ("a*a", "a", false),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(is_like(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
