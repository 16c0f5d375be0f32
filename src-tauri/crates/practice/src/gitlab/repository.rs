//! A project and its repository on disk.

use super::{Gitlab, Refused};
use crate::{
    bank::Service,
    git::{BuiltCommit, BuiltRepository},
};
use git2::{Commit, Repository};

/// A project: one of the bank's repositories.
pub(super) struct Project<'a> {
    /// The server.
    pub gitlab: &'a Gitlab,
    /// Number.
    pub id: u64,
    /// What the bank knows of it.
    pub built: &'a BuiltRepository,
    /// The repository on disk.
    pub git: Repository,
}

/// Number of the first project.
const FIRST_ID: u64 = 41;

impl<'a> Project<'a> {
    /// The project with a number or a full path.
    pub fn find(gitlab: &'a Gitlab, id: &str) -> Result<Self, Refused> {
        Self::all(gitlab)
            .find(|(number, built)| {
                id == number.to_string() || id.eq_ignore_ascii_case(&full_path(built))
            })
            .ok_or_else(|| Refused::no("Project"))
            .and_then(|(id, built)| Self::open(gitlab, id, built))
    }

    /// Numbers and plans of all projects.
    pub fn all(gitlab: &'a Gitlab) -> impl Iterator<Item = (u64, &'a BuiltRepository)> {
        (FIRST_ID..).zip(gitlab.bank.repositories())
    }

    /// Opens a project's repository.
    pub fn open(gitlab: &'a Gitlab, id: u64, built: &'a BuiltRepository) -> Result<Self, Refused> {
        let path = gitlab.git.join(format!("{}.git", built.name));
        let git = Repository::open_bare(path).map_err(|_| Refused::no("Repository"))?;
        Ok(Self {
            gitlab,
            id,
            built,
            git,
        })
    }

    /// Path with its group, such as `andes/payments`.
    pub fn path(&self) -> String {
        full_path(self.built)
    }

    /// Address for people.
    pub fn web_url(&self) -> String {
        format!("{}/{}", self.gitlab.base, self.path())
    }

    /// The commit that a branch, tag or (short) id names.
    pub fn commit(&self, revision: &str) -> Option<Commit<'_>> {
        // Ranges, files and reflogs are no names of revisions; steps back (`main~2`) are.
        let is_name = !revision.contains("..") && !revision.contains([':', '@', '{']);
        let object = is_name
            .then(|| self.git.revparse_single(revision).ok())
            .flatten()?;
        object.peel_to_commit().ok()
    }

    /// What the bank knows of a commit.
    pub fn built_commit(&self, id: &str) -> Option<&'a BuiltCommit> {
        self.built.commits.iter().find(|commit| commit.id == id)
    }

    /// Services that live here.
    pub fn services(&self) -> impl Iterator<Item = &'a Service> {
        let name = &self.built.name;
        self.gitlab
            .bank
            .services()
            .iter()
            .filter(move |service| service.repository == *name)
    }
}

fn full_path(built: &BuiltRepository) -> String {
    format!("andes/{}", built.name)
}
