//! Commits, files and merge requests as they were observed.

use crate::ids::CommitId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Full id.
    pub id: CommitId,
    /// First line of the message.
    pub title: String,
    /// Author's name.
    pub author: String,
    /// Author's e-mail address.
    pub author_email: String,
    /// Committer's e-mail address.
    pub committer_email: String,
    /// Commit time.
    pub at: Timestamp,
    /// The message after its first line.
    #[serde(default)]
    pub body: String,
    /// Paths that it changed, the first [`FILES_SHOWN`] of them; of a merge none.
    #[serde(default)]
    pub files: Vec<String>,
    /// How many paths it changed.
    #[serde(default)]
    pub file_count: usize,
}

/// Paths of a commit that are kept.
pub const FILES_SHOWN: usize = 50;

/// Words that look like a ticket and name a standard.
const NO_TICKETS: [&str; 14] = [
    "AES", "CVE", "CWE", "EC", "HTTP", "ISO", "MD", "PKCS", "RFC", "RSA", "SHA", "TLS", "UTF", "X",
];

impl Commit {
    /// Ids of tickets that the message names, such as `PAY-1418`, in its order.
    pub fn tickets(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for line in std::iter::once(self.title.as_str()).chain(self.body.lines()) {
            // An address may have a ticket in it; a branch or a file name has no upper case.
            for word in line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')) {
                if is_ticket(word) && !found.iter().any(|known| known == word) {
                    found.push(word.to_owned());
                }
            }
        }
        found
    }

    /// Number of the merge request that the message names: `(!318)`, or GitLab's
    /// `See merge request group/project!318`.
    pub fn merge_request(&self) -> Option<u32> {
        let number = |word: &str| word.rsplit_once('!')?.1.parse().ok();
        let in_title = self
            .title
            .split(|c: char| c.is_whitespace() || "(),.:".contains(c))
            .filter(|word| word.starts_with('!'));
        let trailers = self
            .body
            .lines()
            .filter_map(|line| line.trim().strip_prefix("See merge request "));
        trailers
            .chain(in_title)
            .find_map(|word| number(word.trim_end_matches('.')))
    }
}

fn is_ticket(word: &str) -> bool {
    let Some((project, number)) = word.split_once('-') else {
        return false;
    };
    let is_project = (2..=10).contains(&project.len())
        && project.starts_with(|c: char| c.is_ascii_uppercase())
        && project
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    is_project
        && (1..=7).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && !number.starts_with('0')
        && !NO_TICKETS.contains(&project)
}

/// Commits on one side that the other has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitRange {
    /// Newest first.
    pub commits: Vec<Commit>,
    /// Whether the list was cut at the limit.
    pub cut: bool,
    /// Whether the base is an ancestor of the head (otherwise both went their own way).
    pub linear: bool,
}

/// A file at a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path in the repository.
    pub path: String,
    /// Exact bytes.
    pub bytes: Vec<u8>,
    /// Commit that the revision names.
    pub commit: CommitId,
}

/// A merge request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeRequest {
    /// Number in its project.
    pub iid: u32,
    /// Title.
    pub title: String,
    /// Author's user name.
    pub author: String,
    /// Who merged it.
    pub merged_by: Option<String>,
    /// Merge or head commit.
    pub commit: Option<String>,
    /// Address.
    pub url: String,
}

/// What people and machines said of a merge request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    /// User names of those who approved it.
    pub approved_by: Vec<String>,
    /// Approvals that its rules asked for and it did not get; none when GitLab does not say.
    pub missing: Option<u32>,
    /// Its newest pipeline, and what other systems reported of its commit.
    pub checks: Vec<Check>,
}

/// A pipeline, or what another system such as Jenkins reported of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Name.
    pub name: String,
    /// GitLab's word, such as `success`, `failed` or `running`.
    pub status: String,
    /// Address.
    pub url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(title: &str, body: &str) -> Commit {
        Commit {
            id: CommitId::new("a".repeat(40)).unwrap(),
            title: title.into(),
            author: String::new(),
            author_email: String::new(),
            committer_email: String::new(),
            at: Timestamp::UNIX_EPOCH,
            body: body.into(),
            files: vec![],
            file_count: 0,
        }
    }

    #[test]
    fn tickets_are_found_in_the_whole_message_once_each() {
        let one = commit(
            "PAY-1418: sign with SHA-256 (AB_C2-7)",
            "\nUTF-8 and CVE-2024-1 are none, pay-2 neither, nor X-1, PAY-007 or PAY-.\nCloses https://tickets.example/browse/OPS-9, PAY-1418.",
        );
        assert_eq!(one.tickets(), ["PAY-1418", "AB_C2-7", "OPS-9"]);
        assert_eq!(commit("plain", "").tickets(), [""; 0]);
    }

    #[test]
    fn the_merge_request_is_the_one_of_the_trailer_or_of_the_title() {
        assert_eq!(commit("Fix (!318)", "").merge_request(), Some(318));
        let merged = commit("Merge branch 'x'", "\nSee merge request andes/pay!7\n");
        assert_eq!(merged.merge_request(), Some(7));
        assert_eq!(
            commit("Stop! 12", "See merge request later!").merge_request(),
            None
        );
    }
}
