//! Deciding: asking, approving, rejecting, taking back, giving up.

use super::actions::said_something;
use crate::console::{Console, UseCase, UseCaseError};
use interlock_domain::{Digest, PromotionId, manifest::Manifest, person::Person};
use interlock_ledger::{Predicate, Promotion, PromotionState};
use interlock_policy::Action;

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
        self.permit(Action::Request, &me, &promotion, &[])?;
        self.hold_to(&promotion, &manifest, &me.id).await?;
        self.say(id, digest, &me.id, Predicate::Request { comment })
    }

    /// Approves exactly one manifest.
    pub async fn approve(&self, id: &PromotionId, digest: Digest, comment: String) -> UseCase<()> {
        let (me, promotion, manifest) = self.at_hand(id, digest).await?;
        self.may_decide(Action::Approve, &me, &promotion)?;
        self.hold_to(&promotion, &manifest, &me.id).await?;
        self.say(id, digest, &me.id, Predicate::Approval { comment })
    }

    /// Rejects a promotion; it is over then.
    pub async fn reject(&self, id: &PromotionId, digest: Digest, reason: String) -> UseCase<()> {
        let (me, promotion, manifest) = self.at_hand(id, digest).await?;
        self.may_decide(Action::Reject, &me, &promotion)?;
        if reason.trim().is_empty() {
            return Err(refused("a rejection needs a reason"));
        }
        self.say(id, digest, &me.id, Predicate::Rejection { reason })?;
        self.discard_change_sets(&manifest).await;
        Ok(())
    }

    /// Takes back what one has said: who asked, the request; who approved, the approval.
    pub async fn withdraw(&self, id: &PromotionId, digest: Digest, reason: String) -> UseCase<()> {
        let (me, promotion, manifest) = self.at_hand(id, digest).await?;
        if !matches!(
            promotion.state,
            PromotionState::AwaitingApproval | PromotionState::Approved
        ) {
            return Err(refused("nobody is asked to decide now"));
        }
        if !said_something(&promotion, &me) {
            return Err(refused(
                "you have neither asked for it nor approved it: there is nothing of yours to take back",
            ));
        }
        // An own approval can always be taken back: that never lets anything through.
        if manifest.requester == me.id {
            self.permit(Action::Withdraw, &me, &promotion, &[])?;
        }
        self.say(id, digest, &me.id, Predicate::Withdrawal { reason })
    }

    /// Gives a promotion up.
    pub async fn abandon(&self, id: &PromotionId, reason: String) -> UseCase<()> {
        let me = self.actor().await?;
        let promotion = self.promotion(id)?;
        if promotion.state.is_over() || matches!(promotion.state, PromotionState::Executing { .. })
        {
            return Err(refused("it runs or is over"));
        }
        let roster = self.roster()?;
        let question = self.question(&promotion, roster.as_deref());
        if let Some(reason) = question.why_not_abandon(&me) {
            return Err(UseCaseError::NotAllowed { reason });
        }
        let digest = promotion.digest.unwrap_or_else(super::no_manifest);
        self.say(id, digest, &me.id, Predicate::Abandonment { reason })?;
        if let Some(manifest) = &promotion.manifest {
            self.discard_change_sets(manifest).await;
        }
        Ok(())
    }

    fn may_decide(&self, action: Action, me: &Person, promotion: &Promotion) -> UseCase<()> {
        self.permit(action, me, promotion, &[])?;
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
