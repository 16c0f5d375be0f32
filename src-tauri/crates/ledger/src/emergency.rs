//! What lets a promotion go on although something stands against it: waivers, and breaking the glass.

use crate::{
    apply::Said,
    promotion::{BreakGlass, Promotion, PromotionState, Waiver},
};
use interlock_domain::{PersonId, Timestamp};

impl Promotion {
    /// Whoever approved before did not know of the waiver: all have to look again.
    pub(crate) fn take_waiver(
        &mut self,
        said: &Said<'_>,
        (gate, service): (&str, &str),
        owner: &PersonId,
        reason: &str,
        expires: Timestamp,
    ) -> Result<(), String> {
        if reason.trim().is_empty() {
            return Err("a waiver has a reason".into());
        }
        if expires <= said.statement.at {
            return Err("the waiver had expired when it was given".into());
        }
        if said
            .roster
            .and_then(|roster| roster.member(owner))
            .is_none()
        {
            return Err(format!(
                "{owner}, who would answer for it, is not in the roster"
            ));
        }
        if !self.is_waiting() && self.state != PromotionState::Draft {
            return Err("there is nothing to waive now".into());
        }
        if !self.services.iter().any(|it| it == service) {
            return Err(format!("it does not bring {service}"));
        }
        self.waivers.push(Waiver {
            gate: gate.to_owned(),
            service: service.to_owned(),
            owner: owner.clone(),
            by: said.statement.actor.clone(),
            reason: reason.to_owned(),
            expires,
            seq: said.seq,
        });
        self.approvals.clear();
        if self.state != PromotionState::Draft {
            self.count();
        }
        Ok(())
    }

    pub(crate) fn take_break_glass(
        &mut self,
        said: &Said<'_>,
        reason: &str,
        incident: &str,
    ) -> Result<(), String> {
        if reason.trim().is_empty() || incident.trim().is_empty() {
            return Err("breaking the glass takes a reason and an incident".into());
        }
        if !self.is_waiting() && self.state != PromotionState::Draft {
            return Err("there is no glass to break now".into());
        }
        let roster = said.roster.ok_or("there is no roster yet")?;
        let is_manager = roster
            .member(&said.statement.actor)
            .is_some_and(|member| member.role == interlock_domain::person::Role::ReleaseManager);
        if !is_manager {
            return Err("only a release manager breaks the glass".into());
        }
        self.break_glass = Some(BreakGlass {
            manifest: said.statement.subject,
            by: said.statement.actor.clone(),
            at: said.statement.at,
            reason: reason.to_owned(),
            incident: incident.to_owned(),
            reviewed: None,
        });
        Ok(())
    }

    pub(crate) fn take_review(&mut self, said: &Said<'_>, comment: &str) -> Result<(), String> {
        let actor = &said.statement.actor;
        if !self.owes_review() {
            return Err("no review is owed".into());
        }
        if comment.trim().is_empty() {
            return Err("a review says what was found".into());
        }
        if let Some(barrier) = self.review_barrier(actor) {
            return Err(format!("{actor} {barrier}"));
        }
        if let Some(broken) = &mut self.break_glass {
            broken.reviewed = Some((actor.clone(), said.statement.at, comment.to_owned()));
        }
        Ok(())
    }
}
