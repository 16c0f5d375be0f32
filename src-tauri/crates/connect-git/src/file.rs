//! One file at a commit, byte for byte, within a budget.

use crate::{error, history, meant, translate};
use git2::{Commit, ObjectType, Repository};
use interlock_app::ports::Answer;
use interlock_domain::{FaultKind, source::SourceFile};

/// Largest file that is read.
const FILE_BYTES: usize = 32 * 1024 * 1024;
/// First words of the stand-in that Git LFS keeps in place of a file.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";
const SYMBOLIC_LINK: i32 = 0o120_000;

/// Reads a file. `what` names it for messages.
pub(crate) fn read(
    git: &Repository,
    commit: &Commit<'_>,
    path: &str,
    what: &str,
) -> Answer<SourceFile> {
    let operation = "read a file";
    let failed = |cause: git2::Error| translate(operation, what, &cause);
    let refuse = |why: &str| {
        Err(error(
            operation,
            FaultKind::Refused,
            format!("{what} {why}"),
        ))
    };
    let tree = commit.tree().map_err(failed)?;
    let clean = path.trim_start_matches("./").trim_start_matches('/');
    let entry = tree.get_path(clean.as_ref()).map_err(|cause| {
        let told = failed(cause);
        match meant::file(&tree, clean).filter(|_| told.kind == FaultKind::NotFound) {
            Some(path) => told.with_hint(format!("Did you mean `{path}`?")),
            None => told,
        }
    })?;
    if entry.filemode() == SYMBOLIC_LINK {
        return refuse("is a symbolic link");
    }
    if entry.kind() != Some(ObjectType::Blob) {
        return refuse("is not a file");
    }
    // The size is known before the content is loaded.
    let odb = git.odb().map_err(failed)?;
    let (size, _) = odb.read_header(entry.id()).map_err(failed)?;
    if size > FILE_BYTES {
        let megabytes = size.div_ceil(1024 * 1024);
        return refuse(&format!(
            "has {megabytes} MB, and at most {} MB are read",
            FILE_BYTES / (1024 * 1024)
        ));
    }
    let blob = git.find_blob(entry.id()).map_err(failed)?;
    if blob.content().starts_with(LFS_POINTER) {
        let message = format!("{what} is kept in Git LFS, which is not read");
        return Err(error(operation, FaultKind::Unsupported, message)
            .with_hint("Keep templates and variables in Git itself."));
    }
    Ok(SourceFile {
        path: path.to_owned(),
        bytes: blob.content().to_vec(),
        commit: history::id(commit.id())?,
    })
}
