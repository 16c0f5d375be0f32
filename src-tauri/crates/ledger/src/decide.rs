//! Decisions about a promotion: drafts, approvals and what takes them back.

use crate::{
    apply::Said,
    fold::Manifests,
    matching::Voter,
    promotion::{Approval, Promotion, PromotionState, Voided},
};
use interlock_domain::manifest::Moved;

impl Promotion {
    pub(crate) fn take_draft(
        &mut self,
        said: &Said<'_>,
        manifest_of: Manifests<'_>,
    ) -> Result<(), String> {
        if matches!(self.state, PromotionState::Executing { .. }) {
            return Err("it is being carried out".into());
        }
        let digest = said.statement.subject;
        let manifest = manifest_of(&digest).ok_or("its manifest is not kept here")?;
        if manifest.promotion != self.id {
            return Err(format!("its manifest belongs to {}", manifest.promotion));
        }
        if manifest.requester != said.statement.actor {
            return Err("the manifest names another requester".into());
        }
        if let (Some(before), false) = (&self.manifest, self.approvals.is_empty()) {
            let mut moved = before.moved_to(&manifest);
            // A new change set is there in any case: what it brings is told first.
            let is_frame = |moved: &Moved| {
                let element = &moved.element;
                element.starts_with("change set of ")
                    || element.starts_with("changes announced of ")
            };
            moved.sort_by_key(|moved| (is_frame(moved), !moved.element.starts_with("parameter ")));
            self.voided = (!moved.is_empty()).then(|| Voided {
                at: said.statement.at,
                by: said.statement.actor.clone(),
                moved,
                approved_by: self.approvals.iter().map(|it| it.by.clone()).collect(),
            });
        }
        self.digest = Some(digest);
        self.manifest = Some(manifest);
        self.approvals.clear();
        self.expired.clear();
        self.waivers.clear();
        self.withdrawn = None;
        self.state = PromotionState::Draft;
        Ok(())
    }

    pub(crate) fn take_approval(&mut self, said: &Said<'_>, comment: &str) -> Result<(), String> {
        let actor = &said.statement.actor;
        self.may_decide(said)?;
        if let Some(waiver) = self.waivers.last()
            && !said.has_seen(waiver.seq)
        {
            return Err(format!("{actor} had not seen that a gate is waived"));
        }
        self.expire(said.statement.at);
        if self.approvals.iter().any(|approval| &approval.by == actor) {
            return Err(format!("{actor} has approved already"));
        }
        let member = said.roster.and_then(|roster| roster.member(actor));
        let member = member.ok_or_else(|| format!("{actor} is not in the roster"))?;
        self.expired.retain(|approval| &approval.by != actor);
        self.approvals.push(Approval {
            by: actor.clone(),
            at: said.statement.at,
            seq: said.seq,
            key: said.signed.key.clone(),
            voter: Voter {
                person: actor.clone(),
                groups: member.named(),
                assurance: said.signed.assurance,
            },
            comment: comment.to_owned(),
        });
        self.count();
        Ok(())
    }

    pub(crate) fn take_rejection(&mut self, said: &Said<'_>, reason: &str) -> Result<(), String> {
        self.may_decide(said)?;
        self.state = PromotionState::Rejected {
            by: said.statement.actor.clone(),
            reason: reason.to_owned(),
        };
        Ok(())
    }

    /// Who asked takes the request back; who approved, the approval.
    pub(crate) fn take_withdrawal(&mut self, said: &Said<'_>, reason: &str) -> Result<(), String> {
        let actor = &said.statement.actor;
        if !self.is_waiting() {
            return Err("there is nothing to withdraw from".into());
        }
        if self
            .manifest
            .as_ref()
            .is_some_and(|it| &it.requester == actor)
        {
            self.approvals.clear();
            self.expired.clear();
            self.withdrawn = Some((said.statement.at, reason.to_owned()));
            self.state = PromotionState::Draft;
            return Ok(());
        }
        let before = self.approvals.len();
        self.approvals.retain(|approval| &approval.by != actor);
        if self.approvals.len() == before {
            return Err(format!("{actor} has not approved it"));
        }
        self.count();
        Ok(())
    }

    fn may_decide(&self, said: &Said<'_>) -> Result<(), String> {
        let actor = &said.statement.actor;
        if !self.is_waiting() {
            return Err("nobody was asked".into());
        }
        match self.approval_barrier(actor, said.roster) {
            Some(barrier) => Err(format!("{actor} {barrier}")),
            None => Ok(()),
        }
    }

    pub(crate) fn is_waiting(&self) -> bool {
        matches!(
            self.state,
            PromotionState::AwaitingApproval | PromotionState::Approved
        )
    }

    /// Holds the state to the approvals that count.
    pub(crate) fn count(&mut self) {
        if self.manifest.is_none() {
            return;
        }
        self.state = if self.matching().is_complete() {
            PromotionState::Approved
        } else {
            PromotionState::AwaitingApproval
        };
    }
}
