//! The commits of a service as builds list them.

use crate::bank::Service;
use crate::git::BuiltCommit;
use crate::jenkins::plan::Commit;

/// The commits of a service's repository, in order, without branches that were not merged.
pub(super) struct Commits<'b> {
    /// Service's name.
    pub service: &'b str,
    /// Commits of its repository, oldest first.
    pub commits: Vec<&'b BuiltCommit>,
}

impl Commits<'_> {
    /// Returns a commit; its paths only when it is the service's own.
    pub fn get(&self, id: &str) -> Option<Commit> {
        let commit = self.commits.iter().find(|commit| commit.id == id)?;
        Some(if commit.plan.service == self.service {
            as_change(commit)
        } else {
            without_paths(commit)
        })
    }

    /// Returns the service's commits after one and up to another.
    pub fn between(&self, after: Option<&str>, last: &str) -> Vec<Commit> {
        let place = |id: &str| self.commits.iter().position(|commit| commit.id == id);
        let Some(end) = place(last) else {
            return Vec::new();
        };
        let Some(start) = after.and_then(place) else {
            return Vec::new();
        };
        self.commits[start.min(end) + 1..=end]
            .iter()
            .filter(|commit| commit.plan.service == self.service)
            .map(|commit| as_change(commit))
            .collect()
    }
}

fn as_change(commit: &BuiltCommit) -> Commit {
    let edited = commit.plan.changes.iter();
    Commit {
        paths: edited
            .map(|(path, _)| (path.clone(), "edit".to_owned()))
            .collect(),
        ..without_paths(commit)
    }
}

fn without_paths(commit: &BuiltCommit) -> Commit {
    Commit {
        id: commit.id.clone(),
        author: commit.plan.author.name.clone(),
        email: commit.plan.author.email.clone(),
        message: commit.plan.message.trim_end().to_owned(),
        at: commit.plan.time.as_millisecond(),
        paths: Vec::new(),
    }
}

/// Stands for the commit of a service that has none.
pub(super) fn no_commit(service: &Service) -> Commit {
    Commit {
        id: String::new(),
        author: service.team.clone(),
        email: String::new(),
        message: String::new(),
        at: 0,
        paths: Vec::new(),
    }
}
