//! Deciding: asking, approving, rejecting, giving up.

use crate::console::{Console, UseCase, UseCaseError};
use interlock_domain::{
    Digest, PromotionId,
    manifest::Manifest,
    person::{Person, Role},
};
use interlock_ledger::{Predicate, Promotion, PromotionState, approval_barrier};

impl Console {
    /// Asks for approval of a draft.
    pub async fn request(&self, id: &PromotionId, digest: Digest, comment: String) -> UseCase<()> {
        let (me, promotion, manifest) = self.at_hand(id, digest).await?;
        if promotion.state != PromotionState::Draft {
            return Err(refused("only a draft can be asked for"));
        }
        if me.id != manifest.requester {
            return Err(refused(format!(
                "{} prepared it and has to ask",
                self.name_of(&manifest.requester)
            )));
        }
        self.hold_to(&promotion, &manifest, &me.id).await?;
        self.say(id, digest, &me.id, Predicate::Request { comment })
    }

    /// Approves exactly one manifest.
    pub async fn approve(&self, id: &PromotionId, digest: Digest, comment: String) -> UseCase<()> {
        let (me, promotion, manifest) = self.at_hand(id, digest).await?;
        self.may_decide(&me, &promotion, &manifest)?;
        if promotion
            .approvals
            .iter()
            .any(|approval| approval.by == me.id)
        {
            return Err(refused("you have approved it already"));
        }
        self.hold_to(&promotion, &manifest, &me.id).await?;
        self.say(id, digest, &me.id, Predicate::Approval { comment })
    }

    /// Rejects a promotion; it is over then.
    pub async fn reject(&self, id: &PromotionId, digest: Digest, reason: String) -> UseCase<()> {
        let (me, promotion, manifest) = self.at_hand(id, digest).await?;
        self.may_decide(&me, &promotion, &manifest)?;
        if reason.trim().is_empty() {
            return Err(refused("a rejection needs a reason"));
        }
        self.say(id, digest, &me.id, Predicate::Rejection { reason })?;
        self.discard_change_sets(&manifest).await;
        Ok(())
    }

    /// Gives a promotion up.
    pub async fn abandon(&self, id: &PromotionId, reason: String) -> UseCase<()> {
        let me = self.actor().await?;
        let promotion = self.promotion(id)?;
        if promotion.state.is_over() || matches!(promotion.state, PromotionState::Executing { .. })
        {
            return Err(refused("it runs or is over"));
        }
        if me.id != promotion.begun_by && me.role != Role::ReleaseManager {
            return Err(refused(
                "only who began it or a release manager gives it up",
            ));
        }
        let digest = promotion.digest.unwrap_or_else(super::no_manifest);
        self.say(id, digest, &me.id, Predicate::Abandonment { reason })?;
        if let Some(manifest) = &promotion.manifest {
            self.discard_change_sets(manifest).await;
        }
        Ok(())
    }

    fn may_decide(&self, me: &Person, promotion: &Promotion, manifest: &Manifest) -> UseCase<()> {
        if let Some(barrier) = approval_barrier(manifest, &me.id, self.roster()?.as_deref()) {
            return Err(refused(format!(
                "{} {barrier} and cannot decide on it",
                me.name
            )));
        }
        match promotion.state {
            PromotionState::AwaitingApproval | PromotionState::Approved => Ok(()),
            _ => Err(refused("nobody is asked to decide now")),
        }
    }

    /// Person, promotion and manifest for a decision about exactly this digest.
    pub(crate) async fn at_hand(
        &self,
        id: &PromotionId,
        digest: Digest,
    ) -> UseCase<(Person, Promotion, Manifest)> {
        let me = self.actor().await?;
        let promotion = self.promotion(id)?;
        if promotion.digest != Some(digest) {
            return Err(refused(
                "it was prepared again since you looked: read the new content first",
            ));
        }
        let manifest = promotion
            .manifest
            .clone()
            .ok_or_else(|| refused("there is no manifest"))?;
        Ok((me, promotion, manifest))
    }

    /// Name of a person for people.
    pub fn name_of(&self, id: &interlock_domain::PersonId) -> String {
        self.person(id)
            .map_or_else(|| id.to_string(), |person| person.name.clone())
    }
}

pub(crate) fn refused(reason: impl Into<String>) -> UseCaseError {
    UseCaseError::Precondition {
        reason: reason.into(),
    }
}
