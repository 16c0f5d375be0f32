//! The sides of `diff`: files, files of a Git revision, deployed stacks, open change sets.

use crate::{Host, envelope, errors, folder, view};
use interlock_app::{
    Console,
    compare::{Document, judge_documents},
    nested_files::{self, Revision},
    ports::SourceReader as _,
};
use interlock_connect_git::GitConnector;
use interlock_contract::{
    diff::DiffReport,
    error::{ErrorCode, ErrorEnvelope},
};
use interlock_domain::{EnvironmentName, Timestamp};
use interlock_stackdiff::{EnvironmentFacts, NestedTemplates, ParameterValues};
use jiff::{civil, tz::TimeZone};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A file's name and bytes.
pub type NamedBytes = (String, Vec<u8>);

/// One side of `diff`, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffSide {
    /// A file.
    File(PathBuf),
    /// `git:REV:PATH`: a file at a revision of a repository.
    Git {
        /// Branch, tag or commit.
        revision: String,
        /// Path from the top of the repository.
        path: String,
    },
    /// `env:NAME/STACK`: what is deployed; `env:NAME/STACK@TIME`: what was.
    Deployed {
        /// Environment.
        environment: String,
        /// Stack.
        stack: String,
        /// A past time; none for now.
        at: Option<Timestamp>,
    },
    /// `changeset:ARN`: what an open change set would deploy.
    ChangeSet(String),
}

impl DiffSide {
    /// Reads what was typed; what has no known prefix is a file.
    pub fn read(text: &str) -> Result<Self, ErrorEnvelope> {
        let malformed = |form: &str| {
            envelope(
                ErrorCode::InvalidRequest,
                format!("{text} is not of the form {form}."),
            )
        };
        if let Some(rest) = text.strip_prefix("git:") {
            let (revision, path) = rest
                .split_once(':')
                .filter(|(revision, path)| !revision.is_empty() && !path.is_empty())
                .ok_or_else(|| malformed("git:REV:PATH"))?;
            return Ok(Self::Git {
                revision: revision.to_owned(),
                path: path.trim_start_matches("./").to_owned(),
            });
        }
        if let Some(rest) = text.strip_prefix("env:") {
            let (environment, stack) = rest
                .split_once('/')
                .filter(|(environment, stack)| !environment.is_empty() && !stack.is_empty())
                .ok_or_else(|| malformed("env:NAME/STACK or env:NAME/STACK@TIME"))?;
            let (stack, at) = match stack.split_once('@') {
                Some((stack, time)) => (stack, Some(moment(time)?)),
                None => (stack, None),
            };
            return Ok(Self::Deployed {
                environment: environment.to_owned(),
                stack: stack.to_owned(),
                at,
            });
        }
        if let Some(arn) = text.strip_prefix("changeset:") {
            return Ok(Self::ChangeSet(arn.to_owned()));
        }
        Ok(Self::File(PathBuf::from(text)))
    }

    /// Whether it takes an estate to read it.
    pub const fn needs_estate(&self) -> bool {
        matches!(self, Self::Deployed { .. } | Self::ChangeSet(_))
    }
}

/// A time as people write it: with an offset, or in the time zone of this computer. A day alone
/// is its beginning.
pub fn moment(text: &str) -> Result<Timestamp, ErrorEnvelope> {
    let here = |at: civil::DateTime| at.to_zoned(TimeZone::system()).map(|at| at.timestamp());
    text.parse::<Timestamp>()
        .or_else(|_| text.parse::<civil::DateTime>().and_then(here))
        .map_err(|_| {
            envelope(
                ErrorCode::InvalidRequest,
                format!("{text} is no time such as 2026-11-20, 2026-11-20T18:00 or 2026-11-20T18:00:00Z."),
            )
        })
}

/// Whether a text begins like a date: what stands so behind an @ is a time, no environment.
pub fn is_moment(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, count: usize| {
        part.is_some_and(|part| part.len() == count && part.bytes().all(|b| b.is_ascii_digit()))
    };
    digits(parts.next(), 4)
        && digits(parts.next(), 2)
        && parts
            .next()
            .is_some_and(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_digit()))
}

/// What `diff` is told beside its sides.
#[derive(Debug, Clone, Default)]
pub struct DiffOptions {
    /// Variable document of the side before.
    pub before_parameters: Option<PathBuf>,
    /// Variable document of the side after.
    pub after_parameters: Option<PathBuf>,
    /// Account id of sides that do not know theirs.
    pub account: Option<String>,
    /// Region of sides that do not know theirs.
    pub region: Option<String>,
    /// Folder of the Git repository; the one around the current folder when left out.
    pub repository: Option<PathBuf>,
}

/// Judges the change from one side to another; `host` is there when a side needs an estate.
pub async fn judge_sides(
    before: &DiffSide,
    after: &DiffSide,
    options: &DiffOptions,
    host: Option<&Host>,
) -> Result<DiffReport, ErrorEnvelope> {
    let console = host.map(Host::console);
    let console = console.as_deref();
    let before = document(
        before,
        options.before_parameters.as_deref(),
        options,
        console,
    )
    .await?;
    let after = document(after, options.after_parameters.as_deref(), options, console).await?;
    let analysis = match console {
        Some(console) => console.judge_change(&before, &after).await,
        None => judge_documents(&before, &after),
    }
    .map_err(errors::use_case)?;
    let files = view::diff::Files {
        left: &before.file,
        right: &after.file,
    };
    Ok(view::diff::report(&analysis, files))
}

async fn document(
    side: &DiffSide,
    parameters: Option<&Path>,
    options: &DiffOptions,
    console: Option<&Console>,
) -> Result<Document, ErrorEnvelope> {
    let estate = || {
        console.ok_or_else(|| {
            envelope(
                ErrorCode::InvalidRequest,
                "This side needs an estate file: name one with --estate.",
            )
        })
    };
    let mut document = match side {
        DiffSide::File(path) => {
            let file = named_file(path)?;
            let nested = folder::beside_file(path, &file.1).await;
            plain(file, nested)
        }
        DiffSide::Git { revision, path } => {
            let (file, shelf) = at_revision(options.repository.as_deref(), revision, path).await?;
            let nested = nested_files::inside(&shelf, path, &file.1).await;
            plain(file, nested)
        }
        DiffSide::Deployed {
            environment,
            stack,
            at,
        } => {
            let name = EnvironmentName::new(environment.clone()).map_err(|error| {
                envelope(
                    ErrorCode::InvalidRequest,
                    format!("{environment}: {error}."),
                )
            })?;
            match at {
                None => estate()?.deployed_document(&name, stack).await,
                Some(at) => estate()?.past_document(&name, stack, *at),
            }
            .map_err(errors::use_case)?
        }
        DiffSide::ChangeSet(arn) => estate()?
            .change_set_document(arn)
            .await
            .map_err(errors::use_case)?,
    };
    document.variables = parameters.map(named_file).transpose()?;
    let facts = &mut document.facts;
    facts.account = facts.account.take().or_else(|| options.account.clone());
    facts.region = facts.region.take().or_else(|| options.region.clone());
    Ok(document)
}

fn plain((file, bytes): NamedBytes, nested: NestedTemplates) -> Document {
    Document {
        nested,
        file,
        bytes,
        expanded: None,
        values: ParameterValues::default(),
        variables: None,
        facts: EnvironmentFacts::default(),
        place: None,
    }
}

/// A file by its path.
pub fn named_file(path: &Path) -> Result<NamedBytes, ErrorEnvelope> {
    let name = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(envelope(
            ErrorCode::DocumentUnreadable,
            format!("{name} cannot be read: {error}."),
        )),
    }
}

/// A file of the repository around the current folder, or of the one that was named, and where
/// those beside it are.
async fn at_revision(
    repository: Option<&Path>,
    revision: &str,
    path: &str,
) -> Result<(NamedBytes, Revision), ErrorEnvelope> {
    const HERE: &str = "this repository";
    let folder = match repository {
        Some(folder) => folder.to_owned(),
        None => around(&current_folder()?).ok_or_else(|| {
            envelope(
                ErrorCode::NotFound,
                "There is no Git repository around the current folder: name one with --repository.",
            )
        })?,
    };
    let places = BTreeMap::from([(HERE.to_owned(), folder.display().to_string())]);
    let git = GitConnector::new(places, current_folder()?);
    let source = git
        .file(HERE, revision, path)
        .await
        .map_err(|error| errors::use_case(error.into()))?;
    let shelf = Revision {
        sources: Arc::new(git),
        repository: HERE.to_owned(),
        commit: source.commit.to_string(),
        revision: revision.to_owned(),
    };
    Ok(((format!("{path} at {revision}"), source.bytes), shelf))
}

fn current_folder() -> Result<PathBuf, ErrorEnvelope> {
    std::env::current_dir().map_err(|error| {
        envelope(
            ErrorCode::InvalidRequest,
            format!("The current folder cannot be read: {error}."),
        )
    })
}

/// The folder that holds `.git`, from here upwards.
pub(crate) fn around(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .find(|folder| folder.join(".git").exists())
        .map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_told_apart_by_their_prefix() {
        let read = |text: &str| DiffSide::read(text).unwrap();
        assert_eq!(read("a/b.yaml"), DiffSide::File("a/b.yaml".into()));
        assert_eq!(
            read("git:v1.2:./a/b.yaml"),
            DiffSide::Git {
                revision: "v1.2".into(),
                path: "a/b.yaml".into()
            }
        );
        assert_eq!(
            read("env:prod/orders-prod"),
            DiffSide::Deployed {
                environment: "prod".into(),
                stack: "orders-prod".into(),
                at: None,
            }
        );
        assert_eq!(
            read("env:prod/orders-prod@2026-11-20T18:00:00-05:00"),
            DiffSide::Deployed {
                environment: "prod".into(),
                stack: "orders-prod".into(),
                at: Some("2026-11-20T23:00:00Z".parse().unwrap()),
            }
        );
        assert!(read("changeset:arn:aws:x").needs_estate());
        for bad in ["git:main", "git::a", "git:main:", "env:prod", "env:/x"] {
            let error = DiffSide::read(bad).unwrap_err();
            assert!(error.message.starts_with(bad), "{}", error.message);
        }
    }
}
