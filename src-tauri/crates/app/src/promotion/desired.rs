//! What a promotion wants in the target: template, parameters and tags of each stack.

use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::{Service, StackPattern},
    overview::Snapshot,
    ports::TemplateStage,
};
use interlock_domain::{
    CommitId, Digest, EnvironmentName, FaultKind, Scope, StackName,
    change_set::ParameterOrder,
    manifest::Artifact,
    stack::{Stack, StackPhase},
};
use interlock_stackdiff::{
    Budget, EnvironmentFacts, NamedArtifact, ParameterValue, ParameterValues, ReadError,
    ReadProblem, Section, Side, Template, artifacts,
    variables::{VariableDocument, VariablesError},
};
use std::collections::{BTreeMap, BTreeSet};

/// One stack as it is to be.
#[derive(Debug, Clone)]
pub(crate) struct DesiredStack {
    pub scope: Scope,
    pub stack: StackName,
    /// The stack as it is now; none when it is to be created.
    pub now: Option<Stack>,
    pub template: String,
    pub parameters: Vec<ParameterOrder>,
    pub tags: BTreeMap<String, String>,
    pub capabilities: BTreeSet<String>,
    pub variables: Option<Digest>,
    pub floating_references: Vec<String>,
    /// What its template takes from elsewhere.
    pub artifacts: Vec<NamedArtifact>,
    /// Whether it has stacks inside, which are told in change sets of their own.
    pub include_nested: bool,
    /// Whether what was changed by hand is put back.
    pub revert_drift: bool,
}

/// Everything that a promotion wants.
#[derive(Debug, Clone)]
pub(crate) struct Desired {
    pub version: Option<String>,
    pub commit: Option<CommitId>,
    pub stacks: Vec<DesiredStack>,
}

impl Console {
    /// Works out what a promotion would bring, from what the source environment runs now.
    pub(crate) async fn desired(
        &self,
        service: &Service,
        from: &EnvironmentName,
        to: &EnvironmentName,
    ) -> UseCase<Desired> {
        let snapshot = self.read_scopes(from, to).await?;
        let (version, commit) = self.version_in(&snapshot, service, from);
        let commit = commit.and_then(|text| CommitId::new(text).ok());
        let index = self.index(&snapshot);
        let sources = index
            .get(&(service.name.as_str(), from.as_str()))
            .map_or(&[][..], Vec::as_slice);
        let targets = index
            .get(&(service.name.as_str(), to.as_str()))
            .map_or(&[][..], Vec::as_slice);
        if sources.is_empty() {
            return Err(UseCaseError::Precondition {
                reason: format!("{} has no stack in {from}", service.name),
            });
        }
        let mut stacks = Vec::new();
        for pattern in &service.stacks {
            let mut done = BTreeSet::new();
            for source in sources
                .iter()
                .filter(|placed| placed.pattern == pattern && placed.stack.parent.is_none())
            {
                if !done.insert(source.name.clone()) {
                    continue;
                }
                for scope in self.target_scopes(to, source.scope, targets, &source.name) {
                    let now = targets
                        .iter()
                        .find(|t| t.name == source.name && t.scope == &scope)
                        .map(|t| t.stack.clone())
                        .filter(|stack| stack.status.phase() != StackPhase::InReview);
                    let name = target_name(pattern, source.stack, from, to)?;
                    stacks.push(
                        self.desired_stack(
                            service,
                            pattern,
                            source.scope,
                            source.stack,
                            scope,
                            name,
                            now,
                            commit.as_ref(),
                        )
                        .await?,
                    );
                }
            }
        }
        Ok(Desired {
            version,
            commit,
            stacks,
        })
    }

    /// Reads the scopes of both environments anew: a promotion is never prepared on old facts.
    async fn read_scopes(&self, from: &EnvironmentName, to: &EnvironmentName) -> UseCase<Snapshot> {
        let ports = self.ports();
        let mut snapshot = Snapshot::default();
        for environment in [from, to] {
            let environment = self.environment(environment)?;
            for scope in environment.environment.scopes() {
                let stacks = ports.stacks.stacks(&scope).await?;
                let at = self.now();
                snapshot.put_stacks(&scope, at, stacks.clone());
                self.take_stacks(&scope, at, stacks);
            }
        }
        Ok(snapshot)
    }

    fn target_scopes(
        &self,
        to: &EnvironmentName,
        source: &Scope,
        targets: &[crate::overview::Placed<'_>],
        name: &str,
    ) -> Vec<Scope> {
        let mut scopes: Vec<Scope> = targets
            .iter()
            .filter(|t| t.name == name && t.stack.parent.is_none())
            .map(|t| t.scope.clone())
            .collect();
        let all = self
            .estate
            .environment(to)
            .map(|e| e.environment.scopes())
            .unwrap_or_default();
        if scopes.is_empty() {
            scopes.extend(
                all.iter()
                    .find(|scope| scope.region == source.region)
                    .or(all.first())
                    .cloned(),
            );
        }
        scopes.sort_by_key(|scope| all.iter().position(|s| s == scope));
        scopes
    }

    #[allow(clippy::too_many_arguments)]
    async fn desired_stack(
        &self,
        service: &Service,
        pattern: &StackPattern,
        source_scope: &Scope,
        source: &Stack,
        scope: Scope,
        name: StackName,
        now: Option<Stack>,
        commit: Option<&CommitId>,
    ) -> UseCase<DesiredStack> {
        let from_git = self
            .source_file(service, commit, pattern.template.as_ref(), &scope)
            .await?;
        let template = if let Some((_, text)) = from_git {
            text
        } else {
            let text = self
                .template_of(source_scope, source, TemplateStage::Original)
                .await?
                .to_string();
            refuse_mangled(&text, source)?;
            text
        };
        let file = pattern
            .template
            .clone()
            .unwrap_or_else(|| format!("template of {}", source.name));
        let parsed = Template::read(template.as_bytes(), &file, &Budget::default())
            .map_err(|error| template_error(&file, &error))?;
        let variables = self
            .source_file(service, commit, pattern.variables.as_ref(), &scope)
            .await?;
        let (document, digest) = match &variables {
            Some((path, text)) => {
                let document = VariableDocument::read(text.as_bytes(), path)
                    .map_err(|error| variables_error(path, &error))?;
                (Some(document), Some(Digest::of(text.as_bytes())))
            }
            None => (None, None),
        };
        let parameters =
            self.parameters(&parsed, document.as_ref(), source, now.as_ref(), &name)?;
        let mut tags: BTreeMap<String, String> = now
            .as_ref()
            .map_or_else(|| source.tags.clone(), |stack| stack.tags.clone())
            .into_iter()
            .filter(|(key, _)| !key.starts_with("aws:"))
            .collect();
        if let Some(document) = &document {
            tags.extend(
                document
                    .tags()
                    .iter()
                    .map(|tag| (tag.key.clone(), tag.value.clone())),
            );
        }
        let rule = &self.estate.version;
        for key in [&rule.tag, &rule.commit_tag].into_iter().flatten() {
            if let Some(value) = source.tags.get(key) {
                tags.insert(key.clone(), value.clone());
            }
        }
        let capabilities = source
            .capabilities
            .iter()
            .chain(now.iter().flat_map(|s| &s.capabilities))
            .cloned()
            .collect();
        let artifacts = artifacts(&Side {
            template: Some(&parsed),
            parameters: values(&parameters, source, now.as_ref()),
            environment: EnvironmentFacts {
                name: Some(scope.environment.to_string()),
                account: Some(scope.account.to_string()),
                region: Some(scope.region.to_string()),
                stack: Some(name.to_string()),
                ..EnvironmentFacts::default()
            },
        });
        let revert_drift = service.revert_drift
            && now
                .as_ref()
                .is_some_and(|stack| stack.status.phase() != StackPhase::InReview);
        Ok(DesiredStack {
            scope,
            stack: name,
            now,
            floating_references: parsed
                .dynamic_references()
                .into_iter()
                .filter(|reference| !reference.is_versioned)
                .map(|reference| reference.text)
                .collect(),
            artifacts,
            template,
            parameters,
            tags,
            capabilities,
            variables: digest,
            include_nested: may_hold_stacks(&parsed),
            // What is to be created has nothing that a hand could have changed.
            revert_drift,
        })
    }

    /// A file of the service's repository at the commit, with `{env}` and `{region}` filled in;
    /// none when the estate does not say where it is, or no commit is known.
    pub(crate) async fn source_file(
        &self,
        service: &Service,
        commit: Option<&CommitId>,
        path: Option<&String>,
        scope: &Scope,
    ) -> UseCase<Option<(String, String)>> {
        let (Some(repository), Some(commit), Some(path), Some(sources)) = (
            &service.repository,
            commit,
            path,
            self.ports().sources.clone(),
        ) else {
            return Ok(None);
        };
        let path = path
            .replace("{env}", scope.environment.as_str())
            .replace("{region}", scope.region.as_str());
        let file = sources
            .file(repository, commit.as_str(), &path)
            .await
            .map_err(|error| {
                if error.kind == FaultKind::NotFound {
                    UseCaseError::Document {
                        message: format!("{path} is not in {repository} at {}", commit.short()),
                        file: path.clone(),
                        line: None,
                        column: None,
                        too_large: false,
                    }
                } else {
                    error.into()
                }
            })?;
        let text = String::from_utf8(file.bytes).map_err(|error| UseCaseError::Document {
            message: format!(
                "{path} is not UTF-8 text (byte {})",
                error.utf8_error().valid_up_to()
            ),
            file: path.clone(),
            line: None,
            column: None,
            too_large: false,
        })?;
        Ok(Some((path, text)))
    }

    fn parameters(
        &self,
        template: &Template,
        document: Option<&VariableDocument>,
        source: &Stack,
        now: Option<&Stack>,
        name: &StackName,
    ) -> UseCase<Vec<ParameterOrder>> {
        let mut orders = Vec::new();
        for declared in template.parameters() {
            let key = declared.key.clone();
            let is_version = self.estate.version.parameter.as_deref() == Some(key.as_str());
            let from_source = source
                .parameters
                .iter()
                .find(|p| p.key == key && !p.is_masked());
            if let Some(value) = document
                .and_then(|d| d.get(&key))
                .filter(|_| !declared.no_echo || now.is_none())
            {
                orders.push(ParameterOrder::Value {
                    key,
                    value: value.value.clone(),
                });
            } else if let Some(version) = from_source.filter(|_| is_version) {
                orders.push(ParameterOrder::Value {
                    key,
                    value: version.value.clone(),
                });
            } else if now.is_some_and(|stack| stack.parameters.iter().any(|p| p.key == key)) {
                orders.push(ParameterOrder::Previous { key });
            } else if declared.default.is_none() {
                return Err(UseCaseError::Precondition {
                    reason: format!(
                        "parameter {key} of {name} has no value: no variable document, previous value or default gives one"
                    ),
                });
            }
        }
        Ok(orders)
    }
}

impl Desired {
    /// Everything that its templates take from elsewhere.
    pub(crate) fn artifacts(&self) -> Vec<Artifact> {
        let all = self.stacks.iter().flat_map(|stack| {
            let each = stack.artifacts.iter();
            each.map(|found| Artifact {
                stack: stack.stack.clone(),
                resource: found.logical_id.clone(),
                location: found.location.clone(),
            })
        });
        let all: BTreeSet<Artifact> = all.collect();
        all.into_iter().collect()
    }
}

/// The values that a stack will have: those ordered, and those that it keeps.
fn values(orders: &[ParameterOrder], source: &Stack, now: Option<&Stack>) -> ParameterValues {
    let mut values = ParameterValues::default();
    for order in orders {
        match order {
            ParameterOrder::Value { key, value } => values.declare_value(key, value),
            ParameterOrder::Previous { key } => {
                let kept = now.unwrap_or(source).parameters.iter();
                for kept in kept.filter(|it| &it.key == key) {
                    let value = ParameterValue {
                        text: kept.value.clone(),
                        resolved: kept.resolved.clone(),
                    };
                    values.observe(key, value);
                }
            }
        }
    }
    values
}

/// Whether a template declares stacks, or may come to do so in a loop or a transform.
fn may_hold_stacks(template: &Template) -> bool {
    template.section(&Section::Transform).is_some()
        || template
            .resources()
            .any(|resource| resource.resource_type == Some("AWS::CloudFormation::Stack"))
}

fn target_name(
    pattern: &StackPattern,
    source: &Stack,
    from: &EnvironmentName,
    to: &EnvironmentName,
) -> UseCase<StackName> {
    let name = pattern.name_in(to).unwrap_or_else(|| {
        // With a `*` only the environment's own place in the name changes.
        let marker = pattern
            .pattern
            .split('*')
            .find(|part| part.contains("{env}"))
            .unwrap_or("{env}");
        let old = marker.replace("{env}", from.as_str());
        let new = marker.replace("{env}", to.as_str());
        source.name.as_str().replacen(&old, &new, 1)
    });
    StackName::new(name).map_err(|error| UseCaseError::Precondition {
        reason: error.to_string(),
    })
}

/// AWS gives templates back with `?` in place of every character outside ASCII: sent again, such a
/// text would damage what runs.
fn refuse_mangled(text: &str, source: &Stack) -> UseCase<()> {
    let mangled = text.char_indices().any(|(at, c)| {
        let before = text[..at].chars().next_back();
        let after = text[at + c.len_utf8()..].chars().next();
        c == '?'
            && before.is_some_and(char::is_alphabetic)
            && after.is_some_and(char::is_alphabetic)
    });
    if mangled {
        return Err(UseCaseError::Precondition {
            reason: format!(
                "AWS gives the template of {} back with `?` in place of letters; name its repository and \
                 path in the estate file, so that it is promoted from Git",
                source.name
            ),
        });
    }
    Ok(())
}

/// A template that cannot be read, with its place.
pub(crate) fn template_error(file: &str, error: &ReadError) -> UseCaseError {
    UseCaseError::Document {
        file: file.to_owned(),
        message: error.to_string(),
        line: Some(error.location().line),
        column: Some(error.location().column),
        too_large: matches!(error.problem, ReadProblem::TooLarge { .. }),
    }
}

/// A variable document that cannot be read, with its place.
pub(crate) fn variables_error(file: &str, error: &VariablesError) -> UseCaseError {
    UseCaseError::Document {
        file: file.to_owned(),
        message: error.to_string(),
        line: Some(error.location().line),
        column: Some(error.location().column),
        too_large: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promotion::tests_support::stack;

    #[test]
    fn a_text_in_which_aws_replaced_letters_is_not_promoted() {
        let source = stack("payments-api-qa");
        assert!(refuse_mangled("Description: Notificaci?n", &source).is_err());
        for fine in [
            "Description: Notificación",
            "Pattern: ^[a-z]?$",
            "Description: ready?",
            "a ? b",
        ] {
            assert!(refuse_mangled(fine, &source).is_ok(), "{fine}");
        }
    }

    #[test]
    fn a_starred_pattern_keeps_the_rest_of_the_name() {
        let pattern = StackPattern {
            pattern: "cards-{env}-*".into(),
            template: None,
            variables: None,
        };
        let (qa, prod) = (
            EnvironmentName::new("qa").unwrap(),
            EnvironmentName::new("prod").unwrap(),
        );
        let name = target_name(&pattern, &stack("cards-qa-qa-limits"), &qa, &prod).unwrap();
        assert_eq!(name.as_str(), "cards-prod-qa-limits");
    }
}
