//! Checks of a service, and of the systems that are reached over HTTP.

use super::Check;
use crate::{
    estate::{
        HttpSystem, Pipeline, Promote, Repository, Service, StackPattern, order,
        raw::{RawHttp, RawPaths, RawService},
    },
    nearest,
};
use interlock_domain::{JobName, ServiceName};
use std::collections::BTreeMap;
use toml::Spanned;

impl Check<'_> {
    pub(super) fn service(
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
        if let Some(repository) = &raw.repository {
            self.repository(repository, repositories, &at("repository"));
        }
        if let Some(pipeline) = &raw.pipeline {
            self.repository(
                &pipeline.repository,
                repositories,
                &at("pipeline.repository"),
            );
        }
        let after = self.after(raw, &at("after"));
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
                let pipeline = raw.pipeline.as_ref().map(|pipeline| Pipeline {
                    repository: pipeline.repository.get_ref().clone(),
                    path: pipeline.path.clone(),
                    revision: pipeline.revision.clone().unwrap_or_else(|| "main".into()),
                });
                deploy_job.map(|job| Promote::Jenkins { job, pipeline })
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
        if let (Some(revert), Some("jenkins")) = (
            raw.revert_drift.as_ref().filter(|revert| *revert.get_ref()),
            raw.promote.as_ref().map(|p| p.get_ref().as_str()),
        ) {
            self.report(
                revert.span(),
                at("revert_drift"),
                "`revert_drift` is for change sets, and this service is promoted through Jenkins",
                Some("Leave it out; whether drift is put back is the job's decision."),
            );
        }
        for (field, paths) in [("template", &raw.template), ("variables", &raw.variables)] {
            self.paths(raw, paths.as_ref(), &at(field));
        }
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
            revert_drift: raw.revert_drift.as_ref().is_some_and(|r| *r.get_ref()),
            sonarqube_project: raw.sonarqube_project.clone(),
            gitlab_project: raw.gitlab_project.clone(),
            after,
            build_job,
            links: raw.links.clone(),
        })
    }

    fn repository(
        &mut self,
        name: &Spanned<String>,
        repositories: &BTreeMap<String, Repository>,
        at: &str,
    ) {
        if repositories.contains_key(name.get_ref()) {
            return;
        }
        let known = repositories.keys().map(String::as_str);
        let hint = nearest::hint(name.get_ref(), known)
            .unwrap_or_else(|| "Declare it in a [[repositories]] table.".into());
        self.report(
            name.span(),
            at,
            format!("no [[repositories]] entry is named `{}`", name.get_ref()),
            Some(&hint),
        );
    }

    /// The services that come before one, in file order; whether they exist is checked once all
    /// are known.
    fn after(&mut self, raw: &RawService, at: &str) -> Vec<ServiceName> {
        let mut after = Vec::new();
        for name in raw.after.iter().flatten() {
            let read = ServiceName::new(name.get_ref().clone());
            after.extend(self.take(name, at, read));
        }
        after
    }

    /// Every service that another one comes after exists, and none waits for itself.
    pub(super) fn order(&mut self, raw: &[RawService], services: &[Service]) {
        let known = || raw.iter().map(|it| it.name.get_ref().as_str());
        for (index, service) in raw.iter().enumerate() {
            for name in service.after.iter().flatten() {
                if !known().any(|it| it == name.get_ref()) {
                    self.report(
                        name.span(),
                        format!("services[{index}].after"),
                        format!("no service is named `{}`", name.get_ref()),
                        nearest::hint(name.get_ref(), known()).as_deref(),
                    );
                }
            }
        }
        let Some(circle) = order::circle(services) else {
            return;
        };
        let index = raw
            .iter()
            .position(|it| circle[0].as_str() == it.name.get_ref());
        let index = index.unwrap_or_default();
        let names: Vec<&str> = circle.iter().map(ServiceName::as_str).collect();
        self.report(
            raw[index].name.span(),
            format!("services[{index}].after"),
            format!("services wait for each other: {}", names.join(" after ")),
            Some("Take one `after` away: what is delivered first has to come after nothing of these."),
        );
    }

    /// A path for a stack that the service does not have would never be looked at.
    fn paths(&mut self, raw: &RawService, paths: Option<&RawPaths>, at: &str) {
        let Some(RawPaths::ByStack(paths)) = paths else {
            return;
        };
        let known = || raw.stacks.iter().map(|stack| stack.get_ref().as_str());
        for stack in paths.keys() {
            if !known().any(|name| name == stack) {
                self.report(
                    raw.name.span(),
                    at,
                    format!(
                        "`{stack}` is none of the stacks of `{}`",
                        raw.name.get_ref()
                    ),
                    nearest::hint(stack, known()).as_deref(),
                );
            }
        }
    }

    pub(super) fn http(&mut self, raw: RawHttp, table: &str) -> Option<HttpSystem> {
        self.address(&raw.url, &format!("{table}.url"))
            .then(|| HttpSystem {
                url: raw.url.get_ref().trim_end_matches('/').to_owned(),
                user: raw.user,
                ca: raw.ca,
            })
    }

    pub(super) fn address(&mut self, raw: &Spanned<String>, at: &str) -> bool {
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
