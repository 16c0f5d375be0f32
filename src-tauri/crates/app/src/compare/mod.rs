//! Comparing two sides of a service: environments now or at a past time, Git revisions, change
//! sets, files.

mod documents;
mod files;
mod members;
mod places;
mod points;
mod variables;

pub use documents::{Document, judge_documents};
pub(crate) use documents::{exports, facts, observed};
pub use places::{CommitPlace, Presence, ReviewedRequest};
pub use points::{Point, SideFacts, SideFile};
pub use variables::{StackVariables, VariableTable};

use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::Service,
    expanded::Texts,
    nested::text_of,
    promotion::template_error,
};
use interlock_domain::{EnvironmentName, Scope, source::Commit};
use interlock_stackdiff::{
    Analysis, Budget, ChangedOutput, EnvironmentFacts, NestedTemplates, Side, Template, analyse,
    analyse_nested, changed_outputs,
};
use members::Member;
use points::Known;
use std::sync::Arc;

/// Two stacks, or one and its absence.
#[derive(Debug, Clone)]
pub struct StackPair {
    /// Name without the environment; with the region where a stack is in several.
    pub name: String,
    /// Stack name on the left.
    pub left: Option<String>,
    /// Stack name on the right.
    pub right: Option<String>,
    /// What differs, or why it cannot be told.
    pub analysis: Result<Analysis, UseCaseError>,
    /// File that locations on the right speak of.
    pub file: Option<String>,
}

/// A comparison.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Before.
    pub left: SideFacts,
    /// After.
    pub right: SideFacts,
    /// Stacks.
    pub stacks: Vec<StackPair>,
}

impl Console {
    /// Compares a service at two points.
    pub async fn compare(
        &self,
        service: &Service,
        left: &Point,
        right: &Point,
    ) -> UseCase<Comparison> {
        for point in [left, right] {
            if let Point::Files { environment, files } = point
                && let Some(scope) = self.environment(environment)?.environment.scopes().first()
            {
                files::check(service, files, scope)?;
            }
        }
        let (left_known, right_known) = (self.known(left).await?, self.known(right).await?);
        self.compare_known(service, (left, &left_known), (right, &right_known))
            .await
    }

    /// Compares every service at two points; what the sides are about is read once.
    pub async fn compare_all(
        &self,
        left: &Point,
        right: &Point,
    ) -> Vec<(&Service, UseCase<Comparison>)> {
        let known = match self.known(left).await {
            Ok(left) => self.known(right).await.map(|right| (left, right)),
            Err(error) => Err(error),
        };
        let mut all = Vec::new();
        for service in &self.estate.services {
            let comparison = match &known {
                Ok((left_known, right_known)) => {
                    self.compare_known(service, (left, left_known), (right, right_known))
                        .await
                }
                Err(error) => Err(error.clone()),
            };
            all.push((service, comparison));
        }
        all
    }

    async fn compare_known(
        &self,
        service: &Service,
        (left, left_known): (&Point, &Known),
        (right, right_known): (&Point, &Known),
    ) -> UseCase<Comparison> {
        let (left_members, right_members) = tokio::try_join!(
            self.members(left_known, service, left),
            self.members(right_known, service, right)
        )?;
        let mut names: Vec<String> = left_members
            .keys()
            .chain(right_members.keys())
            .cloned()
            .collect();
        names.sort();
        names.dedup();
        // Only what runs can be updated, and only to something for the same environment.
        let is_update = matches!(left, Point::Now(_)) && left.environment() == right.environment();
        let mut stacks = Vec::new();
        for name in names {
            let one = left_members.get(&name);
            let (mut pair, changed) = pair(&name, one, right_members.get(&name), is_update);
            if let (Ok(analysis), Some(Ok(member))) = (&mut pair.analysis, one)
                && let Some(scope) = self.scope_of(left.environment(), &member.facts)
            {
                self.read_by_others(&scope, &member.stack, &changed, analysis)
                    .await;
            }
            let inside = nested_pairs(&mut pair);
            stacks.push(pair);
            stacks.extend(inside);
        }
        Ok(Comparison {
            left: self.side_facts(left_known, service, left),
            right: self.side_facts(right_known, service, right),
            stacks,
        })
    }

    fn scope_of(&self, environment: &EnvironmentName, facts: &EnvironmentFacts) -> Option<Scope> {
        let scopes = self.estate.environment(environment)?.environment.scopes();
        scopes
            .into_iter()
            .find(|scope| Some(scope.region.as_str()) == facts.region.as_deref())
    }

    /// Commits that the right has and the left has not, with a note when they are not known.
    pub async fn commits_of_comparison(
        &self,
        service: &Service,
        left: &SideFacts,
        right: &SideFacts,
    ) -> (Vec<Commit>, Option<String>) {
        match (&service.repository, &left.commit, &right.commit) {
            (None, _, _) => (
                Vec::new(),
                Some("the estate file names no repository for this service".into()),
            ),
            (Some(repository), Some(base), Some(head)) => {
                self.commits_between(service, repository, base, head).await
            }
            _ => (
                Vec::new(),
                Some("the commits on both sides are not known".into()),
            ),
        }
    }

    /// Template texts of one stack on both sides; `stack/LOGICAL_ID` is one nested in it.
    pub async fn raw_texts(
        &self,
        service: &Service,
        stack: &str,
        left: &Point,
        right: &Point,
    ) -> UseCase<(Option<String>, Option<String>)> {
        let mut path: Vec<&str> = stack.split('/').collect();
        let stack = path.remove(0);
        let (left_known, right_known) = (self.known(left).await?, self.known(right).await?);
        let (mut left, mut right) = tokio::try_join!(
            self.members(&left_known, service, left),
            self.members(&right_known, service, right)
        )?;
        let (left, right) = (
            left.remove(stack).transpose()?,
            right.remove(stack).transpose()?,
        );
        if !path.is_empty() {
            let text = |member: Option<Member>| {
                match member.map(|member| member.nested) {
                None => Ok(None),
                Some(None) => Err(UseCaseError::Precondition {
                    reason: "what is nested in it is not known of past times and of files that were chosen alone".into(),
                }),
                Some(Some(nested)) => text_of(&nested, &path),
            }
            };
            let written = |text: Option<Arc<str>>| text.map(|text| text.to_string());
            return Ok((written(text(left)?), written(text(right)?)));
        }
        let (left, right) = Texts::pair(
            left.as_ref().map(|member| &member.texts),
            right.as_ref().map(|member| &member.texts),
        );
        Ok((
            left.map(ToString::to_string),
            right.map(ToString::to_string),
        ))
    }
}

/// The pair, and the outputs that go or change where the left would be updated to the right.
fn pair(
    name: &str,
    left: Option<&UseCase<Member>>,
    right: Option<&UseCase<Member>>,
    is_update: bool,
) -> (StackPair, Vec<ChangedOutput>) {
    let known = |side: Option<&UseCase<Member>>| {
        side.and_then(|m| m.as_ref().ok().map(|m| m.stack.clone()))
    };
    let file = right
        .or(left)
        .and_then(|m| m.as_ref().ok().map(|m| m.file.clone()));
    let (analysis, changed) = match analysis(left, right, is_update) {
        Ok((analysis, changed)) => (Ok(analysis), changed),
        Err(error) => (Err(error), Vec::new()),
    };
    let pair = StackPair {
        name: name.to_owned(),
        left: known(left),
        right: known(right),
        analysis,
        file,
    };
    (pair, changed)
}

fn nested<'m>(
    member: Option<&'m Member>,
    nothing: &'m NestedTemplates,
) -> Option<&'m NestedTemplates> {
    match member {
        Some(member) => member.nested.as_ref(),
        None => Some(nothing),
    }
}

/// What is nested in a stack, each as a stack of its own beside it.
fn nested_pairs(pair: &mut StackPair) -> Vec<StackPair> {
    let Ok(analysis) = &mut pair.analysis else {
        return Vec::new();
    };
    let inside = std::mem::take(&mut analysis.nested).into_iter();
    let of = |side: Option<&String>, stack: &str| side.map(|name| format!("{name}/{stack}"));
    inside
        .map(|nested| {
            let stack = nested.stack();
            StackPair {
                name: format!("{}/{stack}", pair.name),
                left: of(pair.left.as_ref(), &stack),
                right: of(pair.right.as_ref(), &stack),
                file: Some(nested.right_file),
                analysis: Ok(nested.analysis),
            }
        })
        .collect()
}

fn analysis(
    left: Option<&UseCase<Member>>,
    right: Option<&UseCase<Member>>,
    is_update: bool,
) -> UseCase<(Analysis, Vec<ChangedOutput>)> {
    fn known(member: Option<&UseCase<Member>>) -> UseCase<Option<&Member>> {
        let known = member.map(Result::as_ref).transpose();
        known.map_err(Clone::clone)
    }
    let read = |member: Option<&Member>, text: Option<&Arc<str>>| {
        let (Some(member), Some(text)) = (member, text) else {
            return Ok(None);
        };
        Template::read(text.as_bytes(), &member.file, &Budget::default())
            .map(Some)
            .map_err(|error| template_error(&member.file, &error))
    };
    let (one, other) = (known(left)?, known(right)?);
    let (text, other_text) = Texts::pair(
        one.map(|member| &member.texts),
        other.map(|member| &member.texts),
    );
    let (left_template, right_template) = (read(one, text)?, read(other, other_text)?);
    let side = |member: Option<&UseCase<Member>>, template| match member {
        Some(Ok(member)) => Side {
            template,
            parameters: member.parameters.clone(),
            environment: member.facts.clone(),
        },
        _ => Side {
            template,
            ..Side::default()
        },
    };
    let (left, right) = (
        side(left, left_template.as_ref()),
        side(right, right_template.as_ref()),
    );
    let nothing = NestedTemplates::default();
    // What is nested is compared where both sides tell it; a stack that is not there nests nothing.
    let analysis = match (nested(one, &nothing), nested(other, &nothing)) {
        (Some(before), Some(after)) => analyse_nested((&left, before), (&right, after)),
        _ => analyse(&left, &right),
    };
    let changed = if is_update {
        changed_outputs(&left, &right, &analysis)
    } else {
        Vec::new()
    };
    Ok((analysis, changed))
}
