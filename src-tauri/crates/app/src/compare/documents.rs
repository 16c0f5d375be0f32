//! Single stacks as sides of a comparison: a file, what is deployed, an open change set.

use crate::{
    console::{Console, UseCase, UseCaseError},
    nearest::nearest,
    ports::TemplateStage,
    promotion::{template_error, variables_error},
};
use interlock_domain::{
    EnvironmentName, Scope, Timestamp,
    stack::{Stack, StackParameter},
};
use interlock_stackdiff::{
    Analysis, Budget, EnvironmentFacts, NestedTemplates, ParameterValue, ParameterValues, Side,
    Template, analyse_nested, changed_outputs, variables::VariableDocument,
};
use std::collections::BTreeMap;

/// One stack as a side of a comparison.
#[derive(Debug, Clone)]
pub struct Document {
    /// Name of the template, for messages and places.
    pub file: String,
    /// The template.
    pub bytes: Vec<u8>,
    /// What AWS made of it, where macros make its resources and AWS has told.
    pub expanded: Option<Vec<u8>>,
    /// Values that are known beside any document: those of a deployed stack or a change set.
    pub values: ParameterValues,
    /// Name and content of its variable document.
    pub variables: Option<(String, Vec<u8>)>,
    /// The templates of the stacks nested in it, as far as anything is known of them.
    pub nested: NestedTemplates,
    /// Where it is, or would be, deployed.
    pub facts: EnvironmentFacts,
    /// The place and name of the stack, when it is one of the estate.
    pub place: Option<(Scope, String)>,
}

impl Document {
    fn text(&self) -> (&[u8], &str) {
        (&self.bytes, &self.file)
    }

    fn expanded_text(&self) -> (&[u8], &str) {
        (self.expanded.as_ref().unwrap_or(&self.bytes), &self.file)
    }

    /// Whether its template is expanded, or nothing in it is for macros to expand.
    fn is_whole(&self, template: &Template) -> bool {
        self.expanded.is_some() || !template.is_expanded_by_aws()
    }

    fn values(&self) -> UseCase<ParameterValues> {
        let mut values = self.values.clone();
        if let Some((file, bytes)) = &self.variables {
            let document = VariableDocument::read(bytes, file)
                .map_err(|error| variables_error(file, &error))?;
            values.declare(&document);
        }
        Ok(values)
    }
}

/// Judges the change from one document to another.
pub fn judge_documents(before: &Document, after: &Document) -> UseCase<Analysis> {
    judge(before, after, |_, _, analysis| analysis)
}

/// Judges, and hands on the sides with what came out.
fn judge<R>(
    before: &Document,
    after: &Document,
    then: impl FnOnce(&Side<'_>, &Side<'_>, Analysis) -> R,
) -> UseCase<R> {
    let read = |one, other| -> UseCase<(Template, Template)> {
        let (left, right) = Template::read_both(one, other, &Budget::for_large_files());
        Ok((
            left.map_err(|error| template_error(&before.file, &error))?,
            right.map_err(|error| template_error(&after.file, &error))?,
        ))
    };
    let (mut left, mut right) = read(before.text(), after.text())?;
    let has_expanded = before.expanded.is_some() || after.expanded.is_some();
    if has_expanded && before.is_whole(&left) && after.is_whole(&right) {
        (left, right) = read(before.expanded_text(), after.expanded_text())?;
    }
    let side = |document: &Document, template| -> UseCase<Side<'_>> {
        Ok(Side {
            template: Some(template),
            parameters: document.values()?,
            environment: document.facts.clone(),
        })
    };
    let (left, right) = (side(before, &left)?, side(after, &right)?);
    let analysis = analyse_nested((&left, &before.nested), (&right, &after.nested));
    Ok(then(&left, &right, analysis))
}

impl Console {
    /// Judges the change from one document to another; where a deployed stack would change, with
    /// the other stacks that read what goes or changes.
    pub async fn judge_change(&self, before: &Document, after: &Document) -> UseCase<Analysis> {
        let is_update = after.place.is_none() || after.place == before.place;
        let Some((scope, stack)) = before.place.as_ref().filter(|_| is_update) else {
            return judge_documents(before, after);
        };
        let (mut analysis, changed) = judge(before, after, |left, right, analysis| {
            let changed = changed_outputs(left, right, &analysis);
            (analysis, changed)
        })?;
        self.read_by_others(scope, stack, &changed, &mut analysis)
            .await;
        Ok(analysis)
    }

    /// A stack as it is deployed in an environment, in whichever of its regions.
    pub async fn deployed_document(
        &self,
        environment: &EnvironmentName,
        stack: &str,
    ) -> UseCase<Document> {
        let scopes = self.environment(environment)?.environment.scopes();
        let mut names = Vec::new();
        for scope in &scopes {
            let stacks = self.ports().stacks.stacks(scope).await?;
            self.take_stacks(scope, self.now(), stacks.clone());
            let exports = exports(&stacks);
            if let Some(found) = stacks.iter().find(|other| other.name.as_str() == stack) {
                let text = self
                    .template_of(scope, found, TemplateStage::Original)
                    .await?;
                let texts = self.texts_of(scope, found, text).await;
                let nested = self
                    .nested_in(scope, found, &stacks, texts.as_given())
                    .await;
                return Ok(Document {
                    nested,
                    file: format!("env:{environment}/{stack}"),
                    bytes: texts.as_given().as_bytes().to_vec(),
                    expanded: texts.as_expanded(),
                    values: observed(&found.parameters),
                    variables: None,
                    facts: EnvironmentFacts {
                        exports,
                        ..facts(scope, stack)
                    },
                    place: Some((scope.clone(), stack.to_owned())),
                });
            }
            names.extend(stacks.into_iter().map(|other| other.name.to_string()));
        }
        let meant = nearest(stack, names.iter().map(String::as_str));
        let hint = meant.map(|name| format!("; did you mean {name}?"));
        Err(UseCaseError::Precondition {
            reason: format!(
                "there is no stack {stack} in {environment}{}",
                hint.unwrap_or_default()
            ),
        })
    }

    /// A stack as it was deployed in an environment at a past time.
    pub fn past_document(
        &self,
        environment: &EnvironmentName,
        stack: &str,
        at: Timestamp,
    ) -> UseCase<Document> {
        let past = self.past(environment, at)?;
        if let Some((_, doubt)) = past.doubts.iter().find(|(_, doubt)| doubt.stack == stack) {
            return Err(UseCaseError::Precondition {
                reason: doubt.to_string(),
            });
        }
        for state in &past.snapshot.scopes {
            let Some((_, stacks)) = &state.stacks.last else {
                continue;
            };
            if let Some(found) = stacks.iter().find(|one| one.name.as_str() == stack) {
                return Ok(Document {
                    // Which stacks were nested then is not kept.
                    nested: NestedTemplates::default(),
                    file: format!("env:{environment}/{stack}@{at}"),
                    bytes: self.template_then(found)?.as_bytes().to_vec(),
                    expanded: None,
                    values: observed(&found.parameters),
                    variables: None,
                    facts: EnvironmentFacts {
                        exports: exports(stacks),
                        ..facts(&state.scope, stack)
                    },
                    place: Some((state.scope.clone(), stack.to_owned())),
                });
            }
        }
        let stacks = past.snapshot.scopes.iter();
        let names = stacks
            .filter_map(|state| state.stacks.last.as_ref())
            .flat_map(|(_, stacks)| stacks)
            .map(|other| other.name.as_str());
        let hint = nearest(stack, names).map(|name| format!("; did you mean {name}?"));
        Err(UseCaseError::Precondition {
            reason: format!(
                "there was no stack {stack} in {environment} at {at}{}",
                hint.unwrap_or_default()
            ),
        })
    }

    /// What an open change set would deploy.
    pub async fn change_set_document(&self, arn: &str) -> UseCase<Document> {
        let scope = self.scope_of_change_set(arn)?;
        let ports = self.ports();
        let set = ports.changer.change_set(&scope, "", arn).await?;
        let text = ports
            .changer
            .change_set_template(&scope, "", arn, TemplateStage::Original)
            .await?;
        let texts = self.texts_of_change_set(&scope, "", arn, text).await;
        let stacks = ports.stacks.stacks(&scope).await?;
        let nested = self
            .nested_of_change_set(&scope, &set, &stacks, texts.as_given())
            .await;
        Ok(Document {
            nested,
            file: format!("changeset:{}", set.name),
            bytes: texts.as_given().as_bytes().to_vec(),
            expanded: texts.as_expanded(),
            values: observed(&set.parameters),
            variables: None,
            facts: EnvironmentFacts {
                exports: exports(&stacks),
                ..facts(&scope, &set.stack)
            },
            place: Some((scope, set.stack)),
        })
    }

    /// The environment and region that an ARN speaks of.
    pub(super) fn scope_of_change_set(&self, arn: &str) -> UseCase<Scope> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, _, "cloudformation", region, account, resource] = parts.as_slice() else {
            return Err(UseCaseError::Precondition {
                reason: format!(
                    "{arn} is no ARN of a change set, such as \
                     arn:aws:cloudformation:us-east-1:111111111111:changeSet/NAME/ID"
                ),
            });
        };
        if !resource.starts_with("changeSet/") {
            return Err(UseCaseError::Precondition {
                reason: format!("{arn} is the ARN of something else than a change set"),
            });
        }
        self.estate
            .environments
            .iter()
            .flat_map(|environment| environment.environment.scopes())
            .find(|scope| scope.account.as_str() == *account && scope.region.as_str() == *region)
            .ok_or_else(|| UseCaseError::NotFound {
                what: "environment",
                name: format!("with account {account} and region {region} in the estate file"),
            })
    }
}

/// What the stacks of an account and region export.
pub(crate) fn exports<'s>(stacks: impl IntoIterator<Item = &'s Stack>) -> BTreeMap<String, String> {
    stacks
        .into_iter()
        .flat_map(|stack| &stack.outputs)
        .filter_map(|output| Some((output.export.clone()?, output.value.clone())))
        .collect()
}

/// The values that a deployed stack or a change set has.
pub(crate) fn observed(parameters: &[StackParameter]) -> ParameterValues {
    let mut values = ParameterValues::default();
    for parameter in parameters {
        values.observe(
            parameter.key.clone(),
            ParameterValue {
                text: parameter.value.clone(),
                resolved: parameter.resolved.clone(),
            },
        );
    }
    values
}

/// What is particular to the place of a stack, without the exports there.
pub(crate) fn facts(scope: &Scope, stack: &str) -> EnvironmentFacts {
    EnvironmentFacts {
        name: Some(scope.environment.to_string()),
        account: Some(scope.account.to_string()),
        region: Some(scope.region.to_string()),
        stack: Some(stack.to_owned()),
        ..EnvironmentFacts::default()
    }
}
