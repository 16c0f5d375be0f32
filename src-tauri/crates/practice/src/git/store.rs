//! Writing built repositories to disk.

use super::BuiltRepository;
use git2::{Repository, RepositoryInitOptions};
use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

/// Why a repository cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}")]
pub struct NotWritten {
    /// Which one.
    pub path: PathBuf,
    /// Why.
    pub source: git2::Error,
}

/// Lays the repositories out as `DIRECTORY/NAME.git`, bare; one that exists already stays as it is.
pub fn write(repositories: &[BuiltRepository], directory: &Path) -> Result<(), NotWritten> {
    for repository in repositories {
        let path = directory.join(format!("{}.git", repository.name));
        if path.join("HEAD").is_file() && Repository::open_bare(&path).is_ok() {
            continue;
        }
        write_one(repository, &path).map_err(|source| NotWritten { path, source })?;
    }
    Ok(())
}

fn write_one(built: &BuiltRepository, path: &Path) -> Result<(), git2::Error> {
    let mut options = RepositoryInitOptions::new();
    options
        .bare(true)
        .mkpath(true)
        .external_template(false)
        .initial_head("main");
    let repository = Repository::init_opts(path, &options)?;
    let odb = repository.odb()?;
    let mut writer = odb.packwriter()?;
    writer
        .write_all(&built.pack)
        .map_err(|error| git2::Error::from_str(&error.to_string()))?;
    writer.commit()?;
    for (name, id) in &built.references {
        repository.reference(name, *id, true, "practice")?;
    }
    Ok(())
}
