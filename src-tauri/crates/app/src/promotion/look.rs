//! What a reader of a promotion wants to see beyond the record: change sets and commits as they
//! are now.

use super::{judged::SeenChangeSet, prepare::scope_of};
use crate::console::Console;
use futures::future::join_all;
use interlock_domain::{
    FaultKind, ServiceName,
    change_set::ChangeSet,
    manifest::{Manifest, ServiceDelivery},
    source::Commit,
};
use interlock_ledger::{Promotion, PromotionState};

/// Change sets and commits of a promotion.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// One a change set of the manifest, in its order: the change set, or a word and a reason.
    pub change_sets: Vec<Result<SeenChangeSet, (String, String)>>,
    /// Commits that it brings, service by service.
    pub commits: Vec<SeenCommits>,
}

/// Commits that a promotion brings of one service.
#[derive(Debug, Clone)]
pub struct SeenCommits {
    /// Service.
    pub service: ServiceName,
    /// Commits, newest first.
    pub commits: Vec<Commit>,
    /// Why commits are absent or cut.
    pub note: Option<String>,
}

impl Console {
    /// Looks at what a promotion would bring. What does not answer becomes a reason.
    pub async fn look_at_promotion(&self, promotion: &Promotion) -> Look {
        let Some(manifest) = &promotion.manifest else {
            return Look::default();
        };
        let commits = manifest.services.iter().map(|part| async move {
            let (commits, note) = self.look_at_commits(manifest, part).await;
            SeenCommits {
                service: part.service.clone(),
                commits,
                note,
            }
        });
        let (change_sets, commits) = tokio::join!(
            self.look_at_change_sets(promotion, manifest),
            join_all(commits)
        );
        Look {
            change_sets,
            commits,
        }
    }

    async fn look_at_change_sets(
        &self,
        promotion: &Promotion,
        manifest: &Manifest,
    ) -> Vec<Result<SeenChangeSet, (String, String)>> {
        let changer = self.ports().changer.clone();
        let over = promotion.state.is_over()
            || matches!(promotion.state, PromotionState::Executing { .. });
        join_all(manifest.change_sets().map(|(_, stack)| {
            let changer = changer.clone();
            async move {
                if let Some(known) = self.kept_change_set(&stack.change_set)
                    && over
                {
                    return Ok(SeenChangeSet {
                        set: known,
                        problems: Vec::new(),
                        drift: None,
                        judgement: Err("it was predicted before it was executed".to_owned()),
                    });
                }
                let scope = scope_of(manifest, stack);
                match changer
                    .change_set(&scope, stack.stack.as_str(), &stack.change_set)
                    .await
                {
                    Ok(set) => {
                        self.keep_change_set(&set);
                        Ok(self.seen(&scope, stack.stack.as_str(), set).await)
                    }
                    Err(error) if error.kind == FaultKind::NotFound => {
                        let why = if over {
                            "AWS removes change sets once they are executed"
                        } else {
                            "the change set is gone"
                        };
                        Err(("gone".to_owned(), why.to_owned()))
                    }
                    Err(error) => Err(("not known".to_owned(), error.message)),
                }
            }
        }))
        .await
    }

    async fn look_at_commits(
        &self,
        manifest: &Manifest,
        part: &ServiceDelivery,
    ) -> (Vec<Commit>, Option<String>) {
        let Ok(service) = self.service(&part.service) else {
            return (
                Vec::new(),
                Some("the service is not part of the estate any more".into()),
            );
        };
        let Some(repository) = &service.repository else {
            return (
                Vec::new(),
                Some("the estate file names no repository for this service".into()),
            );
        };
        let (_, base) = self.version_in(&self.snapshot(), service, &manifest.to);
        let (Some(head), Some(base)) = (part.commit.as_ref().map(ToString::to_string), base) else {
            return (
                Vec::new(),
                Some("the commits on both sides are not known".into()),
            );
        };
        self.commits_between(service, repository, &base, &head)
            .await
    }

    /// Commits of a service between two revisions, with a note when the list is not everything.
    pub async fn commits_between(
        &self,
        service: &crate::estate::Service,
        repository: &str,
        base: &str,
        head: &str,
    ) -> (Vec<Commit>, Option<String>) {
        if base == head {
            return (Vec::new(), Some("both sides are the same commit".into()));
        }
        let Some(sources) = self.ports().sources.clone() else {
            return (Vec::new(), Some("no repository can be read".into()));
        };
        let limit = crate::overview::COMMITS;
        match sources
            .commits_between(repository, base, head, &self.paths_of(service), limit)
            .await
        {
            Ok(range) => {
                let note = if range.cut {
                    Some(format!("only the newest {limit} commits are shown"))
                } else if !range.linear {
                    Some("the sides went their own ways: the left also has commits that the right has not".into())
                } else {
                    None
                };
                (range.commits, note)
            }
            Err(error) => (Vec::new(), Some(error.message)),
        }
    }

    fn kept_change_set(&self, arn: &str) -> Option<ChangeSet> {
        let (_, text) = self
            .snapshots
            .as_ref()?
            .load(&format!("change-set/{arn}"))
            .ok()??;
        serde_json::from_str(&text).ok()
    }

    fn keep_change_set(&self, set: &ChangeSet) {
        if let (Some(store), Ok(text)) = (&self.snapshots, serde_json::to_string(set))
            && let Err(error) = store.save(&format!("change-set/{}", set.id), self.now(), &text)
        {
            tracing::warn!(%error, "a change set was not kept");
        }
    }
}
