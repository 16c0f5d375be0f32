//! Blame: who wrote each line of a file, in runs of lines of one commit.

use super::{Answer, Refused, commits, files, repository::Project};
use crate::web::{Reply, Request};
use git2::BlameOptions;
use serde_json::{Value, json};

/// `GET repository/files/:path/blame`.
pub(super) fn blame(project: &Project<'_>, path: &str, request: &Request) -> Answer {
    let (commit, blob) = files::at(project, path, request)?;
    let mut options = BlameOptions::new();
    options.newest_commit(commit.id());
    let blame = project
        .git
        .blame_file(path.as_ref(), Some(&mut options))
        .map_err(|_| Refused::no("File"))?;
    let text = String::from_utf8_lossy(blob.content());
    let lines: Vec<&str> = text.lines().collect();
    let mut runs: Vec<Value> = Vec::new();
    for hunk in blame.iter() {
        let written = project
            .git
            .find_commit(hunk.final_commit_id())
            .map_err(Refused::git)?;
        let first = hunk.final_start_line().saturating_sub(1);
        let its: Vec<&str> = lines
            .iter()
            .skip(first)
            .take(hunk.lines_in_hunk())
            .copied()
            .collect();
        runs.push(json!({"commit": commits::value(project, &written), "lines": its}));
    }
    Ok(Reply::json(&Value::Array(runs)))
}
