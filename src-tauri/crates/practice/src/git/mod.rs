//! The bank's Git repositories: real objects with fixed ids, laid out as bare repositories on disk.
//!
//! History is built in memory, so that the bank knows its commit ids without touching a disk; the
//! same pack of objects is then written where the practice estate lives. The same plan gives the
//! same ids on every machine.

mod store;

pub use store::write;

use git2::{Odb, Oid, Repository, Time, build::TreeUpdateBuilder};
use jiff::Timestamp;
use std::fmt;

/// Who wrote a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
}

/// A commit to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitPlan {
    /// Author and committer time.
    pub time: Timestamp,
    /// Author and committer.
    pub author: Signature,
    /// Message; the line that names the merge request is added.
    pub message: String,
    /// Files that it writes: path, content.
    pub changes: Vec<(String, String)>,
    /// Annotated tag on it.
    pub tag: Option<String>,
    /// Branch that begins here and is not merged; `main` goes on without it.
    pub branch: Option<String>,
    /// Service that it belongs to; empty for the repository itself.
    pub service: String,
}

/// A repository to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryPlan {
    /// Name.
    pub name: String,
    /// Commits, oldest first.
    pub commits: Vec<CommitPlan>,
}

/// A repository that was built in memory.
#[derive(Clone, PartialEq, Eq)]
pub struct BuiltRepository {
    /// Name.
    pub name: String,
    /// Commits with their ids, in the order of the plan.
    pub commits: Vec<BuiltCommit>,
    /// Every object.
    pack: Vec<u8>,
    /// References: full name, object.
    references: Vec<(String, Oid)>,
}

impl fmt::Debug for BuiltRepository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} commits)", self.name, self.commits.len())
    }
}

/// A commit with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltCommit {
    /// Id, 40 hex digits.
    pub id: String,
    /// The plan; its message is complete.
    pub plan: CommitPlan,
    /// Number of the merge request that brought it, or would bring it.
    pub merge_request: u64,
}

/// Builds a repository in memory.
pub fn build(plan: &RepositoryPlan) -> Result<BuiltRepository, git2::Error> {
    let repository = Repository::from_odb(Odb::new()?)?;
    let odb = repository.odb()?;
    odb.add_new_mempack_backend(1)?;
    let mut commits: Vec<BuiltCommit> = Vec::with_capacity(plan.commits.len());
    let mut references = Vec::new();
    let mut head: Option<Oid> = None;
    for (commit, merge_request) in plan.commits.iter().zip(1..) {
        let mut planned = commit.clone();
        planned.message = format!(
            "{}\n\nSee merge request andes/{}!{merge_request}\n",
            commit.message, plan.name
        );
        let id = add(&repository, head, &planned)?;
        if let Some(tag) = &planned.tag {
            references.push((
                format!("refs/tags/{tag}"),
                annotate(&repository, id, tag, &planned)?,
            ));
        }
        match &planned.branch {
            Some(branch) => references.push((format!("refs/heads/{branch}"), id)),
            None => head = Some(id),
        }
        commits.push(BuiltCommit {
            id: id.to_string(),
            plan: planned,
            merge_request,
        });
    }
    references.extend(head.map(|id| ("refs/heads/main".to_owned(), id)));
    let pack = pack(&repository, &commits, &references)?;
    Ok(BuiltRepository {
        name: plan.name.clone(),
        commits,
        pack,
        references,
    })
}

/// Puts every commit and tag with all they reach into one pack.
fn pack(
    repository: &Repository,
    commits: &[BuiltCommit],
    references: &[(String, Oid)],
) -> Result<Vec<u8>, git2::Error> {
    let mut builder = repository.packbuilder()?;
    builder.set_threads(1);
    for commit in commits {
        builder.insert_commit(Oid::from_str(&commit.id)?)?;
    }
    for (_, id) in references
        .iter()
        .filter(|(name, _)| name.starts_with("refs/tags/"))
    {
        builder.insert_object(*id, None)?;
    }
    let mut buffer = git2::Buf::new();
    builder.write_buf(&mut buffer)?;
    Ok(buffer.to_vec())
}

fn add(
    repository: &Repository,
    parent: Option<Oid>,
    plan: &CommitPlan,
) -> Result<Oid, git2::Error> {
    let parent = parent.map(|id| repository.find_commit(id)).transpose()?;
    let base = if let Some(commit) = &parent {
        commit.tree()?
    } else {
        let empty = repository.treebuilder(None)?.write()?;
        repository.find_tree(empty)?
    };
    let mut updates = TreeUpdateBuilder::new();
    for (path, content) in &plan.changes {
        let blob = repository.blob(content.as_bytes())?;
        updates.upsert(path.as_str(), blob, git2::FileMode::Blob);
    }
    let tree = updates.create_updated(repository, &base)?;
    let tree = repository.find_tree(tree)?;
    let author = signed(plan)?;
    let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
    repository.commit(None, &author, &author, &plan.message, &tree, &parents)
}

fn annotate(
    repository: &Repository,
    id: Oid,
    tag: &str,
    plan: &CommitPlan,
) -> Result<Oid, git2::Error> {
    let target = repository.find_object(id, None)?;
    let title = plan.message.lines().next().unwrap_or_default();
    repository.tag_annotation_create(tag, &target, &signed(plan)?, title)
}

fn signed(plan: &CommitPlan) -> Result<git2::Signature<'static>, git2::Error> {
    // Bogotá is five hours behind UTC all year.
    let time = Time::new(plan.time.as_second(), -300);
    git2::Signature::new(&plan.author.name, &plan.author.email, &time)
}

#[cfg(test)]
mod tests;
