//! Where what a promotion brings comes from: who wrote it, who merged it, and by which requests.

use crate::{console::Console, estate::Service, overview::COMMITS};
use interlock_domain::{
    CommitId, EnvironmentName,
    manifest::MergedRequest,
    source::{Commit, MergeRequest},
};
use interlock_policy::Exclusions;
use std::collections::{BTreeMap, BTreeSet};

/// Commits of which GitLab is asked for merge requests, the newest first.
const ASKED: usize = 50;

/// Who had a hand in it.
#[derive(Debug, Default)]
pub(super) struct Origin {
    /// Names of those whom the policy keeps from approving.
    pub authors: Vec<String>,
    /// Commits by their author's e-mail address.
    pub commits_by: BTreeMap<String, u32>,
    /// Merge requests, newest first.
    pub merge_requests: Vec<MergedRequest>,
    /// What of this is not known, and why.
    pub note: Option<String>,
}

impl Console {
    /// Who wrote and merged the commits that the target has not.
    pub(super) async fn origin(
        &self,
        service: &Service,
        head: Option<&CommitId>,
        to: &EnvironmentName,
    ) -> Origin {
        let unknown = |note: String| Origin {
            note: Some(note),
            ..Origin::default()
        };
        let Some(repository) = &service.repository else {
            return Origin::default();
        };
        let (Some(head), Some(sources)) = (head, self.ports().sources.clone()) else {
            return unknown("who wrote it is not known: its commit is not known".into());
        };
        let (_, base) = self.version_in(&self.snapshot(), service, to);
        let Some(base) = base else {
            return unknown(format!(
                "who wrote it is not known: the commit in {to} is not known"
            ));
        };
        let paths = self.paths_of(service);
        let range = sources
            .commits_between(repository, &base, head.as_str(), &paths, COMMITS)
            .await;
        let (commits, cut) = match range {
            Ok(range) => (range.commits, range.cut),
            Err(error) => return unknown(format!("who wrote it is not known: {}", error.message)),
        };
        let exclusions = self.estate.policy.exclusions;
        let mut origin = Origin::of(&commits, exclusions);
        if cut {
            origin.note = Some(format!("only the newest {COMMITS} commits were looked at"));
        }
        self.add_merge_requests(service, &commits, exclusions, &mut origin)
            .await;
        origin
    }

    async fn add_merge_requests(
        &self,
        service: &Service,
        commits: &[Commit],
        exclusions: Exclusions,
        origin: &mut Origin,
    ) {
        let (Some(project), Some(reader)) =
            (&service.gitlab_project, self.ports().merge_requests.clone())
        else {
            return;
        };
        let ids: Vec<String> = commits.iter().map(|it| it.id.to_string()).collect();
        let asked = &ids[..ids.len().min(ASKED)];
        if asked.is_empty() {
            return;
        }
        let mut note = (asked.len() < ids.len()).then(|| {
            format!("of the newest {ASKED} commits only GitLab was asked who merged them")
        });
        match reader.merge_requests(project, asked).await {
            Ok(requests) => origin.take(project, requests, exclusions),
            Err(error) => note = Some(format!("who merged it is not known: {}", error.message)),
        }
        origin.note = match (origin.note.take(), note) {
            (Some(one), Some(other)) => Some(format!("{one}; {other}")),
            (one, other) => one.or(other),
        };
    }
}

impl Origin {
    fn of(commits: &[Commit], exclusions: Exclusions) -> Self {
        let mut authors = BTreeSet::new();
        let mut origin = Self::default();
        for commit in commits {
            if exclusions.author {
                authors.insert(commit.author_email.clone());
            }
            if exclusions.committer {
                authors.insert(commit.committer_email.clone());
            }
            let counted = origin.commits_by.entry(commit.author_email.clone());
            *counted.or_default() += 1;
        }
        origin.authors = authors.into_iter().collect();
        origin
    }

    fn take(&mut self, project: &str, requests: Vec<MergeRequest>, exclusions: Exclusions) {
        let requests: BTreeMap<u32, MergeRequest> =
            requests.into_iter().map(|it| (it.iid, it)).collect();
        for (iid, request) in requests.into_iter().rev() {
            if exclusions.merger {
                self.authors.extend(request.merged_by.clone());
            }
            self.merge_requests.push(MergedRequest {
                name: format!("{project}!{iid}"),
                merged_by: request.merged_by,
            });
        }
        self.authors.sort();
        self.authors.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(author: &str, committer: &str) -> Commit {
        Commit {
            id: CommitId::new("a".repeat(40)).unwrap(),
            title: String::new(),
            author: String::new(),
            author_email: author.into(),
            committer_email: committer.into(),
            at: interlock_domain::Timestamp::UNIX_EPOCH,
            body: String::new(),
            files: vec![],
            file_count: 0,
        }
    }

    fn request(iid: u32, merged_by: Option<&str>) -> MergeRequest {
        MergeRequest {
            iid,
            title: String::new(),
            author: "sofia".into(),
            merged_by: merged_by.map(str::to_owned),
            commit: None,
            url: String::new(),
        }
    }

    #[test]
    fn who_wrote_committed_or_merged_it_is_kept_out_as_the_policy_says() {
        let commits = [commit("a@x", "b@x"), commit("a@x", "a@x")];
        let all = Exclusions::default();
        let mut origin = Origin::of(&commits, all);
        origin.take("g/p", vec![request(7, Some("m")), request(9, None)], all);
        assert_eq!(origin.authors, ["a@x", "b@x", "m"]);
        assert_eq!(origin.commits_by["a@x"], 2);
        let names: Vec<_> = origin.merge_requests.iter().map(|it| &it.name).collect();
        assert_eq!(names, ["g/p!9", "g/p!7"]);
        let none = Exclusions {
            author: false,
            committer: false,
            merger: false,
            ..all
        };
        let mut open = Origin::of(&commits, none);
        open.take("g/p", vec![request(7, Some("m"))], none);
        assert!(open.authors.is_empty() && open.commits_by["a@x"] == 2);
    }
}
