//! Commits as rows: short id, title, author.

use crate::table::table;
use interlock_contract::overview::CommitView;

/// One row a commit.
pub(super) fn rows(commits: &[CommitView]) -> String {
    let rows: Vec<_> = commits
        .iter()
        .map(|commit| {
            let id: String = commit.id.chars().take(7).collect();
            vec![
                format!("  {id}"),
                commit.title.clone(),
                commit.author.clone(),
            ]
        })
        .collect();
    table(&rows)
}
