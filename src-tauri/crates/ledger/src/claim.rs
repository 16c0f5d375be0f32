//! The claim that begins an execution, and whether the approvals still do then.

use crate::{
    apply::Said,
    matching::{Voter, matched},
    promotion::{Approval, Attempt, Driver, Promotion, PromotionState},
    roster::Roster,
};
use interlock_domain::PersonId;

impl Promotion {
    pub(crate) fn take_claim(
        &mut self,
        said: &Said<'_>,
        attempt: u32,
        runner: &str,
    ) -> Result<(), String> {
        let statement = said.statement;
        let in_emergency = self.in_emergency();
        if in_emergency && !self.is_waiting() && self.state != PromotionState::Draft {
            return Err("there is nothing to carry out".into());
        }
        if !in_emergency && self.state != PromotionState::Approved {
            return Err("it is not approved".into());
        }
        self.still_approved(said)?;
        let next = u32::try_from(self.attempts.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        if attempt != next {
            return Err(format!("attempt {next} is due, not {attempt}"));
        }
        self.attempts.push(Attempt {
            number: attempt,
            by: statement.actor.clone(),
            driver: Driver {
                runner: runner.to_owned(),
                by: statement.actor.clone(),
                fence: said.seq,
                heard_at: statement.at,
            },
            in_emergency,
            started_at: statement.at,
            steps: Vec::new(),
            ended: None,
            verified: None,
        });
        self.voided = None;
        self.state = PromotionState::Executing { attempt };
        Ok(())
    }

    /// The driver says that it is still there, or another one takes its place.
    pub(crate) fn take_lease(
        &mut self,
        said: &Said<'_>,
        attempt: u32,
        runner: &str,
        reason: &str,
    ) -> Result<(), String> {
        let at = said.statement.at;
        let driver = &mut self.running(attempt)?.driver;
        if driver.runner == runner {
            driver.heard_at = driver.heard_at.max(at);
            return Ok(());
        }
        if at <= driver.until() && reason.trim().is_empty() {
            return Err(format!(
                "{} drives it until {}: taking over before takes a reason",
                driver.runner,
                driver.until()
            ));
        }
        *driver = Driver {
            runner: runner.to_owned(),
            by: said.statement.actor.clone(),
            fence: said.seq,
            heard_at: at,
        };
        Ok(())
    }

    /// Whether the approvals still do when it begins: whose persons are still there, that are not too
    /// old, and without the one who begins it.
    fn still_approved(&self, said: &Said<'_>) -> Result<(), String> {
        let mut gone = Vec::new();
        let voters: Vec<Voter> = self
            .approvals
            .iter()
            .filter(|approval| {
                let reason = self.lost(approval, said);
                gone.extend(reason.clone());
                reason.is_none()
            })
            .map(|approval| approval.voter.clone())
            .collect();
        if matched(&self.rules_to_begin(), &voters).is_complete() {
            Ok(())
        } else if gone.is_empty() {
            Err("it is not approved".into())
        } else {
            Err(format!("approvals are missing: {}", gone.join("; ")))
        }
    }

    /// Why an approval does not count when the promotion begins.
    fn lost(&self, approval: &Approval, said: &Said<'_>) -> Option<String> {
        let by = &approval.by;
        if by == &said.statement.actor {
            return Some(format!("{by} approved it and cannot begin it as well"));
        }
        if !is_active(said.roster, by, &approval.key) {
            return Some(format!("{by} is not active any more, or not with that key"));
        }
        self.counts_until(approval)
            .filter(|until| *until < said.statement.at)
            .map(|until| format!("the approval of {by} counted until {until}"))
    }
}

fn is_active(roster: Option<&Roster>, person: &PersonId, key: &str) -> bool {
    let member = roster.and_then(|roster| roster.member(person));
    member.is_some_and(|member| member.active && member.keys.iter().any(|it| it.key.id() == key))
}
