//! Commits as rows: short id, title, author; and where one of them is.

use super::head;
use crate::{colour::sign, table::table};
use interlock_contract::{
    commit::{CommitPlacesView, MergeRequestView, PresenceName},
    overview::CommitView,
};
use std::fmt::Write as _;

/// One row a commit.
pub(super) fn rows(commits: &[CommitView]) -> String {
    let rows: Vec<_> = commits
        .iter()
        .map(|commit| {
            let id: String = commit.id.chars().take(7).collect();
            let files = match commit.file_count {
                0 => String::new(),
                1 => "1 file".to_owned(),
                many => format!("{many} files"),
            };
            vec![
                format!("  {id}"),
                commit.title.clone(),
                commit.author.clone(),
                commit.merge_request.clone().unwrap_or_default(),
                commit.tickets.join(" "),
                files,
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
    for file in &view.commit.files {
        let _ = writeln!(text, "    {file}");
    }
    let more = view.commit.file_count as usize - view.commit.files.len();
    if more > 0 {
        let _ = writeln!(text, "    and {more} more");
    }
    for request in &view.merge_requests {
        let merged = request.merged_by.as_ref();
        let merged = merged.map_or(String::new(), |who| format!(", merged by {who}"));
        let _ = writeln!(
            text,
            "  {} {} by {}{merged}  {}",
            request.reference, request.title, request.author, request.url
        );
        review(&mut text, request);
    }
    if let Some(note) = &view.merge_requests_note {
        let _ = writeln!(text, "  merge requests are not known: {note}");
    }
    text.push('\n');
    text.push_str(&table(&lines));
    text
}

fn review(text: &mut String, request: &MergeRequestView) {
    if let Some(note) = &request.review_note {
        let _ = writeln!(text, "    approvals and checks are not known: {note}");
        return;
    }
    let people = match request.approved_by.as_slice() {
        [] => "nobody approved it".to_owned(),
        people => format!("approved by {}", people.join(", ")),
    };
    let missing = match request.approvals_missing {
        Some(missing) if missing > 0 => format!("; {missing} more were asked for"),
        _ => String::new(),
    };
    let _ = writeln!(text, "    {people}{missing}");
    for check in &request.checks {
        let url = check.url.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "    {} {} {}  {url}",
            sign(check.tone),
            check.name,
            check.status
        );
    }
}
