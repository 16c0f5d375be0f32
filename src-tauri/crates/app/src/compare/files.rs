//! Files in the place of what runs: a template or variable document that is not in Git yet.
//!
//! Their names say which stack they are for: the estate file names the template and the variable
//! document of each stack of a service.

use super::{
    documents::facts,
    members::{Member, Members},
    points::{Known, SideFile},
};
use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::{Service, StackPattern},
    expanded::Texts,
    promotion::variables_error,
};
use interlock_domain::{CommitId, EnvironmentName, Scope};
use interlock_stackdiff::{ParameterValues, variables::VariableDocument};

impl Console {
    /// Puts what files say in the place of what stands. A service that none of them is for stays
    /// as it is.
    pub(super) async fn lay_files_into(
        &self,
        members: &mut Members,
        known: &Known,
        service: &Service,
        (environment, files): (&EnvironmentName, &[SideFile]),
    ) -> UseCase<()> {
        let Some(scope) = self
            .environment(environment)?
            .environment
            .scopes()
            .first()
            .cloned()
        else {
            return Ok(());
        };
        let (_, commit) = self.version_in(&known.snapshot, service, environment);
        let commit = commit.and_then(|text| CommitId::new(text).ok());
        for pattern in &service.stacks {
            let template = file_of(files, pattern.template.as_ref(), &scope);
            let variables = file_of(files, pattern.variables.as_ref(), &scope);
            if template.is_none() && variables.is_none() {
                continue;
            }
            let Some(stack) = pattern.name_in(environment) else {
                return Err(UseCaseError::Precondition {
                    reason: format!(
                        "{} is for several stacks of {}; a file cannot take the place of all of them",
                        pattern.pattern, service.name
                    ),
                });
            };
            let name = pattern
                .match_name(&stack, environment)
                .unwrap_or_else(|| stack.clone());
            let name = self.member_name(&scope, name);
            let mut member = match (members.remove(&name), template) {
                (Some(Ok(member)), _) => member,
                (_, Some(file)) => {
                    let mut parameters = ParameterValues::default();
                    self.explain(service, pattern, &scope, commit.as_ref(), &mut parameters)
                        .await;
                    Member {
                        facts: facts(&scope, &stack),
                        stack,
                        file: file.name.clone(),
                        texts: Texts::given(file.text.as_str().into()),
                        parameters,
                        nested: None,
                    }
                }
                (Some(Err(error)), None) => return Err(error),
                (None, None) => {
                    return Err(UseCaseError::Precondition {
                        reason: format!(
                            "{stack} does not run in {environment}, so its variables need its template beside them"
                        ),
                    });
                }
            };
            if let Some(file) = template {
                member.file.clone_from(&file.name);
                member.texts = Texts::given(file.text.as_str().into());
                member.nested = None;
            }
            if let Some(file) = variables {
                let document = VariableDocument::read(file.text.as_bytes(), &file.name)
                    .map_err(|error| variables_error(&file.name, &error))?;
                member.parameters = ParameterValues::default();
                member.parameters.declare(&document);
            }
            members.insert(name, Ok(member));
        }
        Ok(())
    }
}

/// Refuses files of which none is for a service: to show it as it runs would look like an answer.
pub(super) fn check(service: &Service, files: &[SideFile], scope: &Scope) -> UseCase<()> {
    let paths = |pattern: &StackPattern| {
        [pattern.template.clone(), pattern.variables.clone()]
            .into_iter()
            .flatten()
    };
    let all: Vec<String> = service
        .stacks
        .iter()
        .flat_map(paths)
        .map(|path| filled(&path, scope))
        .collect();
    let is_for = |file: &SideFile| all.iter().any(|path| base(path) == base(&file.name));
    if files.iter().any(is_for) {
        return Ok(());
    }
    let names: Vec<&str> = files.iter().map(|file| base(&file.name)).collect();
    let reason = match (names.is_empty(), all.is_empty()) {
        (true, _) => "no file was chosen".to_owned(),
        (_, true) => format!(
            "the estate file names no template of {}, so no file can be told to be one",
            service.name
        ),
        _ => format!(
            "{} is no file of {}; its files are {}",
            names.join(", "),
            service.name,
            all.join(", ")
        ),
    };
    Err(UseCaseError::Precondition { reason })
}

fn file_of<'f>(
    files: &'f [SideFile],
    path: Option<&String>,
    scope: &Scope,
) -> Option<&'f SideFile> {
    let path = filled(path?, scope);
    // The whole path tells more than the name: a template and its variables may share that.
    let whole = files.iter().find(|file| file.name.ends_with(&path));
    whole.or_else(|| files.iter().find(|file| base(&file.name) == base(&path)))
}

fn filled(path: &str, scope: &Scope) -> String {
    path.replace("{env}", scope.environment.as_str())
        .replace("{region}", scope.region.as_str())
}

fn base(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
