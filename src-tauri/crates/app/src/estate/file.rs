//! Reading `interlock.toml`: every problem with its line and field.

use super::{
    Estate, EstateEnvironment, Freeze, FreezeSpan, HttpSystem, Promote, Repository, Service,
    StackPattern, VersionRule, Weekly,
    raw::{RawEnvironment, RawEstate, RawFreeze, RawHttp, RawService, interlock_role::RawRole},
};
use interlock_domain::{
    AccountId, Environment, EnvironmentName, JobName, PersonId, Region, ServiceName, Tier,
    person::{Person, Role},
};
use jiff::{civil, civil::Weekday, tz::TimeZone};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Range,
};
use toml::Spanned;

/// One problem of an estate file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// Field path, when known.
    pub field: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

/// An estate file that cannot be used; never without a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstateError {
    /// File as the user gave it.
    pub file: String,
    /// Every problem found, in file order.
    pub problems: Vec<Problem>,
}

impl fmt::Display for EstateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(
                f,
                "{}:{}:{}: {}",
                self.file, problem.line, problem.column, problem.message
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for EstateError {}

/// Reads and checks an estate file.
pub fn parse(text: &str, file: &str) -> Result<Estate, EstateError> {
    let raw: RawEstate = toml::from_str(text).map_err(|error| {
        let (line, column) = position(text, error.span().unwrap_or(0..0).start);
        EstateError {
            file: file.to_owned(),
            problems: vec![Problem {
                message: error.message().to_owned(),
                line,
                column,
                field: None,
                hint: None,
            }],
        }
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

fn position(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |rest| rest.chars().count())
        + 1;
    (
        u32::try_from(line).unwrap_or(u32::MAX),
        u32::try_from(column).unwrap_or(u32::MAX),
    )
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
        let people = raw
            .people
            .iter()
            .enumerate()
            .filter_map(|(index, p)| {
                let id = self.take(
                    &p.id,
                    &format!("people[{index}].id"),
                    PersonId::new(p.id.get_ref().clone()),
                )?;
                let role = match p.role {
                    RawRole::Developer => Role::Developer,
                    RawRole::Lead => Role::Lead,
                    RawRole::ReleaseManager => Role::ReleaseManager,
                };
                Some(Person {
                    id,
                    name: p.name.clone(),
                    role,
                    known_as: p.known_as.clone(),
                })
            })
            .collect();
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
            practice: raw.practice.map(|p| p.control),
        }
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

    fn environment(&mut self, raw: &RawEnvironment, index: usize) -> Option<EstateEnvironment> {
        let at = |field: &str| format!("environments[{index}].{field}");
        let name = self.take(
            &raw.name,
            &at("name"),
            EnvironmentName::new(raw.name.get_ref().clone()),
        );
        let account = self.take(
            &raw.account,
            &at("account"),
            AccountId::new(raw.account.get_ref().clone()),
        );
        let tier = match raw.tier.get_ref().as_str() {
            "development" => Some(Tier::Development),
            "test" => Some(Tier::Test),
            "production" => Some(Tier::Production),
            other => {
                self.report(
                    raw.tier.span(),
                    at("tier"),
                    format!("`{other}` is not a tier"),
                    Some("Use `development`, `test` or `production`."),
                );
                None
            }
        };
        if raw.regions.is_empty() {
            self.report(
                raw.name.span(),
                at("regions"),
                "no region is declared",
                Some("Add at least one, such as \"us-east-1\"."),
            );
        }
        let regions: Vec<_> = raw
            .regions
            .iter()
            .enumerate()
            .filter_map(|(i, r)| {
                self.take(
                    r,
                    &at(&format!("regions[{i}]")),
                    Region::new(r.get_ref().clone()),
                )
            })
            .collect();
        let mut once = BTreeSet::new();
        for (i, region) in raw.regions.iter().enumerate() {
            if !once.insert(region.get_ref()) {
                self.report(
                    region.span(),
                    at(&format!("regions[{i}]")),
                    format!("region `{}` is listed twice", region.get_ref()),
                    None,
                );
            }
        }
        if let Some(endpoint) = &raw.endpoint {
            self.address(endpoint, &at("endpoint"));
        }
        let freezes = raw
            .freezes
            .iter()
            .enumerate()
            .filter_map(|(i, f)| self.freeze(f, &at(&format!("freezes[{i}]"))))
            .collect();
        let (name, account, tier) = (name?, account?, tier?);
        Some(EstateEnvironment {
            approvals: raw.approvals.unwrap_or(u32::from(tier == Tier::Production)),
            environment: Environment {
                name,
                tier,
                account,
                regions,
            },
            profile: raw.profile.clone(),
            role: raw.role.clone(),
            release_role: raw.release_role.clone(),
            endpoint: raw.endpoint.as_ref().map(|e| e.get_ref().clone()),
            freezes,
        })
    }

    fn freeze(&mut self, raw: &RawFreeze, at: &str) -> Option<Freeze> {
        let name = raw.name.get_ref().clone();
        if let Some(weekly) = &raw.weekly {
            let zone_text = raw.zone.as_ref();
            let zone = match zone_text {
                Some(zone) => TimeZone::get(zone.get_ref()).map_err(|_| zone),
                None => Ok(TimeZone::UTC),
            };
            let zone = match zone {
                Ok(zone) => Some(zone),
                Err(zone) => {
                    self.report(
                        zone.span(),
                        format!("{at}.zone"),
                        format!("`{}` is not a time zone", zone.get_ref()),
                        Some("Use an IANA name such as \"America/Bogota\"."),
                    );
                    None
                }
            };
            let from = self.weekday_time(&weekly.from, &format!("{at}.weekly.from"));
            let to = self.weekday_time(&weekly.to, &format!("{at}.weekly.to"));
            return Some(Freeze {
                name,
                span: FreezeSpan::Weekly(Weekly {
                    from: from?,
                    to: to?,
                    zone: zone?,
                }),
            });
        }
        let (Some(from), Some(to)) = (&raw.from, &raw.to) else {
            self.report(
                raw.name.span(),
                at.to_owned(),
                format!("freeze `{name}` says neither `weekly` nor both `from` and `to`"),
                Some("Write weekly = { from = \"Fri 18:00\", to = \"Mon 06:00\" }, or from and to as RFC 3339 times."),
            );
            return None;
        };
        let start = self.take(from, &format!("{at}.from"), from.get_ref().parse());
        let end = self.take(to, &format!("{at}.to"), to.get_ref().parse());
        Some(Freeze {
            name,
            span: FreezeSpan::Once {
                from: start?,
                to: end?,
            },
        })
    }

    fn weekday_time(&mut self, raw: &Spanned<String>, at: &str) -> Option<(Weekday, civil::Time)> {
        let parsed = raw.get_ref().split_once(' ').and_then(|(day, time)| {
            let day = match day {
                "Mon" => Weekday::Monday,
                "Tue" => Weekday::Tuesday,
                "Wed" => Weekday::Wednesday,
                "Thu" => Weekday::Thursday,
                "Fri" => Weekday::Friday,
                "Sat" => Weekday::Saturday,
                "Sun" => Weekday::Sunday,
                _ => return None,
            };
            Some((day, time.trim().parse().ok()?))
        });
        if parsed.is_none() {
            self.report(
                raw.span(),
                at,
                format!("`{}` is not a day and a time", raw.get_ref()),
                Some("Write it like \"Fri 18:00\"."),
            );
        }
        parsed
    }

    fn service(
        &mut self,
        raw: &RawService,
        index: usize,
        repositories: &BTreeMap<String, Repository>,
        has_jenkins: bool,
    ) -> Option<Service> {
        let at = |field: &str| format!("services[{index}].{field}");
        let name = self.take(
            &raw.name,
            &at("name"),
            ServiceName::new(raw.name.get_ref().clone()),
        );
        if raw.stacks.is_empty() {
            self.report(
                raw.name.span(),
                at("stacks"),
                format!("service `{}` names no stack", raw.name.get_ref()),
                None,
            );
        }
        if let Some(repository) = &raw.repository
            && !repositories.contains_key(repository.get_ref())
        {
            self.report(
                repository.span(),
                at("repository"),
                format!(
                    "no [[repositories]] entry is named `{}`",
                    repository.get_ref()
                ),
                Some("Declare it, or correct the name."),
            );
        }
        let job = |this: &mut Self, text: &Option<String>, field: &str| {
            text.as_ref()
                .and_then(|text| match JobName::new(text.clone()) {
                    Ok(job) => Some(job),
                    Err(error) => {
                        this.report(raw.name.span(), at(field), error.to_string(), None);
                        None
                    }
                })
        };
        let deploy_job = job(self, &raw.jenkins_job, "jenkins_job");
        let build_job = job(self, &raw.build_job, "build_job");
        let promote = match raw.promote.as_ref().map(|p| p.get_ref().as_str()) {
            None | Some("cloudformation") => Some(Promote::CloudFormation),
            Some("jenkins") => {
                let span = raw.promote.as_ref().map_or(0..0, Spanned::span);
                if !has_jenkins {
                    self.report(
                        span.clone(),
                        at("promote"),
                        "promoted through Jenkins, but no [jenkins] is declared",
                        None,
                    );
                }
                if deploy_job.is_none() {
                    self.report(
                        span,
                        at("jenkins_job"),
                        "promoted through Jenkins, but `jenkins_job` is missing",
                        None,
                    );
                }
                deploy_job.map(|job| Promote::Jenkins { job })
            }
            Some(other) => {
                let span = raw.promote.as_ref().map_or(0..0, Spanned::span);
                self.report(
                    span,
                    at("promote"),
                    format!("`{other}` is not a way to promote"),
                    Some("Use `cloudformation` or `jenkins`."),
                );
                None
            }
        };
        let stacks = raw
            .stacks
            .iter()
            .map(|pattern| StackPattern {
                pattern: pattern.get_ref().clone(),
                template: raw
                    .template
                    .as_ref()
                    .and_then(|paths| paths.for_stack(pattern.get_ref())),
                variables: raw
                    .variables
                    .as_ref()
                    .and_then(|paths| paths.for_stack(pattern.get_ref())),
            })
            .collect();
        Some(Service {
            name: name?,
            group: raw.group.clone(),
            team: raw.team.clone(),
            kind: raw.kind.clone(),
            stacks,
            repository: raw.repository.as_ref().map(|r| r.get_ref().clone()),
            promote: promote?,
            sonarqube_project: raw.sonarqube_project.clone(),
            gitlab_project: raw.gitlab_project.clone(),
            build_job,
            links: raw.links.clone(),
        })
    }

    fn http(&mut self, raw: RawHttp, table: &str) -> Option<HttpSystem> {
        self.address(&raw.url, &format!("{table}.url"))
            .then(|| HttpSystem {
                url: raw.url.get_ref().trim_end_matches('/').to_owned(),
                user: raw.user,
                ca: raw.ca,
            })
    }

    fn address(&mut self, raw: &Spanned<String>, at: &str) -> bool {
        let good = raw.get_ref().starts_with("http://") || raw.get_ref().starts_with("https://");
        if raw.get_ref().contains('@') {
            self.report(
                raw.span(),
                at,
                "an address must not carry a user name or password",
                Some("Tokens come from the keychain or the environment."),
            );
        } else if !good {
            self.report(
                raw.span(),
                at,
                format!("`{}` is not a web address", raw.get_ref()),
                Some("It begins with https:// or http://."),
            );
        }
        good
    }
}
