//! Decisions about a promotion: drafts, approvals and what takes them back, and the claim that begins
//! its execution.

use crate::{
    apply::Said,
    barrier::approval_barrier,
    fold::Manifests,
    matching::{Voter, matched},
    promotion::{Approval, Attempt, BreakGlass, Promotion, PromotionState, Waiver},
    roster::Roster,
};
use interlock_domain::{PersonId, Timestamp, manifest::Moved};

/// Milliseconds in an hour.
const HOUR: i64 = 3_600_000;

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
            self.voided = Some((said.statement.at, moved)).filter(|(_, moved)| !moved.is_empty());
        }
        self.digest = Some(digest);
        self.manifest = Some(manifest);
        self.approvals.clear();
        self.waivers.clear();
        self.state = PromotionState::Draft;
        Ok(())
    }

    pub(crate) fn take_approval(&mut self, said: &Said<'_>, comment: &str) -> Result<(), String> {
        let actor = &said.statement.actor;
        self.may_decide(said)?;
        if self.approvals.iter().any(|approval| &approval.by == actor) {
            return Err(format!("{actor} has approved already"));
        }
        let member = said.roster.and_then(|roster| roster.member(actor));
        let member = member.ok_or_else(|| format!("{actor} is not in the roster"))?;
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

    pub(crate) fn take_withdrawal(&mut self, said: &Said<'_>) -> Result<(), String> {
        let actor = &said.statement.actor;
        if !self.is_waiting() {
            return Err("there is nothing to withdraw from".into());
        }
        let before = self.approvals.len();
        self.approvals.retain(|approval| &approval.by != actor);
        if self.approvals.len() == before {
            return Err(format!("{actor} has not approved it"));
        }
        self.count();
        Ok(())
    }

    /// Whoever approved before did not know of the waiver: all have to look again.
    pub(crate) fn take_waiver(
        &mut self,
        said: &Said<'_>,
        gate: &str,
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
        self.waivers.push(Waiver {
            gate: gate.to_owned(),
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
        let took_part = self.attempts.iter().any(|attempt| &attempt.by == actor)
            || self.begun_by == *actor
            || self.break_glass.as_ref().is_some_and(|it| &it.by == actor);
        if took_part {
            return Err(format!("{actor} took part in it and cannot review it"));
        }
        if let Some(broken) = &mut self.break_glass {
            broken.reviewed = Some((actor.clone(), said.statement.at, comment.to_owned()));
        }
        Ok(())
    }

    pub(crate) fn take_claim(
        &mut self,
        said: &Said<'_>,
        attempt: u32,
        runner: &str,
    ) -> Result<(), String> {
        let statement = said.statement;
        if self.break_glass.is_none() {
            if self.state != PromotionState::Approved {
                return Err("it is not approved".into());
            }
            self.still_approved(said)?;
        } else if !self.is_waiting() && self.state != PromotionState::Draft {
            return Err("there is nothing to carry out".into());
        }
        let next = u32::try_from(self.attempts.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        if attempt != next {
            return Err(format!("attempt {next} is due, not {attempt}"));
        }
        self.attempts.push(Attempt {
            number: attempt,
            by: statement.actor.clone(),
            runner: runner.to_owned(),
            started_at: statement.at,
            steps: Vec::new(),
            ended: None,
            verified: None,
        });
        self.voided = None;
        self.state = PromotionState::Executing { attempt };
        Ok(())
    }

    /// Whether the approvals still do when it begins: whose persons are still there, that are not too
    /// old, and without the one who begins it.
    fn still_approved(&self, said: &Said<'_>) -> Result<(), String> {
        let manifest = self.manifest.as_ref().ok_or("there is no manifest")?;
        let mut gone = Vec::new();
        let voters: Vec<Voter> = self
            .approvals
            .iter()
            .filter(|approval| {
                let reason = lost(approval, said, manifest.approvals_expire_hours);
                gone.extend(reason.clone());
                reason.is_none()
            })
            .map(|approval| approval.voter.clone())
            .collect();
        if matched(&manifest.approval_rules, &voters).is_complete() {
            Ok(())
        } else if gone.is_empty() {
            Err("it is not approved".into())
        } else {
            Err(format!("approvals are missing: {}", gone.join("; ")))
        }
    }

    fn may_decide(&self, said: &Said<'_>) -> Result<(), String> {
        let actor = &said.statement.actor;
        let manifest = self.manifest.as_ref().ok_or("there is no manifest")?;
        if !self.is_waiting() {
            return Err("nobody was asked".into());
        }
        match approval_barrier(manifest, actor, said.roster) {
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

/// Why an approval does not count when the promotion begins.
fn lost(approval: &Approval, said: &Said<'_>, expire_hours: Option<u32>) -> Option<String> {
    let by = &approval.by;
    if by == &said.statement.actor {
        return Some(format!("{by} approved it and cannot begin it as well"));
    }
    if !is_active(said.roster, by, &approval.key) {
        return Some(format!("{by} is not active any more, or not with that key"));
    }
    let age = said
        .statement
        .at
        .as_millisecond()
        .saturating_sub(approval.at.as_millisecond());
    expire_hours
        .filter(|hours| age > i64::from(*hours) * HOUR)
        .map(|hours| format!("the approval of {by} is older than {hours} hours"))
}

fn is_active(roster: Option<&Roster>, person: &PersonId, key: &str) -> bool {
    let member = roster.and_then(|roster| roster.member(person));
    member.is_some_and(|member| member.active && member.keys.iter().any(|it| it.key.id() == key))
}
