//! Reading `interlock.toml`: every problem with its line and field.

mod environment;
mod ledger;
mod people;
mod service;

use super::{Estate, Repository, VersionRule, problem::EstateError, raw::RawEstate};
use interlock_policy::{Policy, Problem, problem::position};
use std::{collections::BTreeMap, fmt, ops::Range};
use toml::Spanned;

/// Reads and checks an estate file.
pub fn parse(text: &str, file: &str) -> Result<Estate, EstateError> {
    let raw: RawEstate = toml::from_str(text).map_err(|error| EstateError {
        file: file.to_owned(),
        problems: vec![Problem::unread(text, &error)],
    })?;
    let mut check = Check {
        text,
        problems: Vec::new(),
    };
    let estate = check.estate(raw, file);
    check
        .problems
        .sort_by_key(|problem| (problem.line, problem.column));
    if check.problems.is_empty() {
        Ok(estate)
    } else {
        Err(EstateError {
            file: file.to_owned(),
            problems: check.problems,
        })
    }
}

struct Check<'t> {
    text: &'t str,
    problems: Vec<Problem>,
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

    fn take<T>(
        &mut self,
        value: &Spanned<String>,
        field: &str,
        made: Result<T, impl fmt::Display>,
    ) -> Option<T> {
        match made {
            Ok(made) => Some(made),
            Err(error) => {
                self.report(value.span(), field, error.to_string(), None);
                None
            }
        }
    }

    fn estate(&mut self, raw: RawEstate, file: &str) -> Estate {
        if raw.environments.is_empty() {
            self.report(
                0..0,
                "environments",
                "no environment is declared",
                Some("Add at least one [[environments]] table."),
            );
        }
        let environments: Vec<_> = raw
            .environments
            .iter()
            .enumerate()
            .filter_map(|(index, e)| self.environment(e, index))
            .collect();
        self.unique(
            raw.environments.iter().map(|e| &e.name),
            "environments",
            "environment",
        );
        self.unique(
            raw.environments.iter().map(|e| &e.account),
            "environments",
            "account",
        );
        self.unique(raw.services.iter().map(|s| &s.name), "services", "service");
        self.unique(
            raw.repositories.iter().map(|r| &r.name),
            "repositories",
            "repository",
        );
        self.unique(raw.people.iter().map(|p| &p.id), "people", "person");
        let repositories: BTreeMap<_, _> = raw
            .repositories
            .iter()
            .map(|r| (r.name.get_ref().clone(), Repository { url: r.url.clone() }))
            .collect();
        let services: Vec<_> = raw
            .services
            .iter()
            .enumerate()
            .filter_map(|(index, s)| self.service(s, index, &repositories, raw.jenkins.is_some()))
            .collect();
        self.order(&raw.services, &services);
        let people = self.people(&raw.people);
        let enrolments = self.enrolments(&raw.people);
        let ledger = self.ledger(raw.ledger.as_ref(), &raw.name);
        let first_roster = self.first_roster(raw.ledger.as_ref());
        let administration = self.administration(raw.ledger.as_ref(), &raw.people);
        let version = raw.version.map_or(
            VersionRule {
                tag: Some("version".into()),
                commit_tag: Some("commit".into()),
                parameter: Some("Version".into()),
            },
            |v| VersionRule {
                tag: v.tag,
                commit_tag: v.commit_tag,
                parameter: v.parameter,
            },
        );
        Estate {
            name: raw.name,
            file: file.to_owned(),
            environments,
            services,
            repositories,
            version,
            jenkins: raw.jenkins.and_then(|h| self.http(h, "jenkins")),
            sonarqube: raw.sonarqube.and_then(|h| self.http(h, "sonarqube")),
            gitlab: raw.gitlab.and_then(|h| self.http(h, "gitlab")),
            people,
            enrolments,
            ledger,
            first_roster,
            administration,
            practice: raw.practice.map(|p| p.control),
            policy_file: raw.policy,
            policy: Policy::built_in(),
        }
        .with_policy(Policy::built_in())
    }

    fn unique<'a>(
        &mut self,
        names: impl Iterator<Item = &'a Spanned<String>>,
        table: &str,
        what: &str,
    ) {
        let mut seen: BTreeMap<&str, Range<usize>> = BTreeMap::new();
        for (index, name) in names.enumerate() {
            if let Some(first) = seen.get(name.get_ref().as_str()) {
                let (line, _) = position(self.text, first.start);
                let field = if what == "account" {
                    "account"
                } else if what == "person" {
                    "id"
                } else {
                    "name"
                };
                self.report(
                    name.span(),
                    format!("{table}[{index}].{field}"),
                    format!(
                        "{what} `{}` is declared twice, first on line {line}",
                        name.get_ref()
                    ),
                    Some("Give each its own, or remove one."),
                );
            } else {
                seen.insert(name.get_ref(), name.span());
            }
        }
    }
}
