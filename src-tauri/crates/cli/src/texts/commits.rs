//! Commits as rows: short id, title, author; and where one of them is.

use super::head;
use crate::table::table;
use interlock_contract::{
    commit::{CommitPlacesView, PresenceName},
    overview::CommitView,
};

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

/// Where a commit is: one row a service and environment.
pub fn places(view: &CommitPlacesView) -> String {
    let mut text = rows(std::slice::from_ref(&view.commit));
    let mut lines = vec![head(&["SERVICE", "ENVIRONMENT", "VERSION", "HAS IT"])];
    lines.extend(view.places.iter().map(|place| {
        let word = match place.presence {
            PresenceName::Yes => "yes",
            PresenceName::No => "no",
            PresenceName::Partly => "in part",
            PresenceName::NotDeployed => "not deployed",
            PresenceName::Unknown => "not known",
        };
        let word = match &place.reason {
            Some(reason) => format!("{word}: {reason}"),
            None => word.to_owned(),
        };
        vec![
            place.service.clone(),
            place.environment.clone(),
            place.version.clone().unwrap_or_default(),
            word,
        ]
    }));
    text.push('\n');
    text.push_str(&table(&lines));
    text
}
