//! What can be done with a promotion in which state, and why not: one table, for buttons, for the
//! inbox and for refusals.

use super::{
    lift::is_open,
    permission::{Question, Voice},
};
use crate::console::Console;
use interlock_domain::{person::Person, verdict::Verdict};
use interlock_ledger::{Promotion, PromotionState};
use interlock_policy::Action as Asked;

/// Something that one may do with a promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Ask for approval.
    Request,
    /// Approve.
    Approve,
    /// Reject.
    Reject,
    /// Start.
    Execute,
    /// Take the own request or approval back.
    Withdraw,
    /// Answer for a gate that stops it.
    Waive,
    /// Let it go without all approvals.
    BreakGlass,
    /// Say what was found about a broken glass.
    Review,
    /// Give up.
    Abandon,
    /// Stop the running deployment.
    Abort,
    /// Find out what happened and go on.
    Resume,
    /// Prepare again.
    PrepareAgain,
}

/// An action with whether it can be done, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionState {
    /// Action.
    pub action: Action,
    /// Why not; none when it can be done.
    pub barrier: Option<String>,
}

impl Console {
    /// Actions that make sense in the promotion's state, in button order. `verdicts` are those that
    /// count now; none takes the manifest's.
    pub fn actions(
        &self,
        promotion: &Promotion,
        me: Option<&Person>,
        verdicts: Option<&[Verdict]>,
    ) -> Vec<ActionState> {
        let roster = self.roster().ok().flatten();
        let known;
        let verdicts = match verdicts {
            Some(verdicts) => verdicts,
            None if is_open(promotion) => {
                known = self.known_verdicts(promotion);
                &known
            }
            None => &[],
        };
        let question = Question {
            verdicts,
            ..self.question(promotion, roster.as_deref())
        };
        let driven_here = self.is_driven(&promotion.id);
        self.possible(promotion, me, verdicts, driven_here)
            .into_iter()
            .map(|action| ActionState {
                action,
                barrier: match me {
                    Some(me) => question.why_not(action, me),
                    None => Some("no system says who you are".into()),
                },
            })
            .collect()
    }

    fn possible(
        &self,
        promotion: &Promotion,
        me: Option<&Person>,
        verdicts: &[Verdict],
        driven_here: bool,
    ) -> Vec<Action> {
        let emergency = promotion.in_emergency();
        let mut list = match &promotion.state {
            PromotionState::Draft if emergency => vec![Action::Execute, Action::Request],
            PromotionState::Draft => vec![Action::Request],
            PromotionState::AwaitingApproval if emergency => {
                vec![Action::Execute, Action::Approve, Action::Reject]
            }
            PromotionState::AwaitingApproval => vec![Action::Approve, Action::Reject],
            PromotionState::Approved => vec![Action::Execute, Action::Reject],
            PromotionState::Preparing | PromotionState::Voided => Vec::new(),
            PromotionState::Executing { .. } if driven_here => return vec![Action::Abort],
            PromotionState::Executing { .. } => return vec![Action::Resume, Action::Abort],
            _ if promotion.owes_review() => return vec![Action::Review],
            _ => return Vec::new(),
        };
        let is_stopped = verdicts.iter().any(Verdict::blocks);
        if is_open(promotion) {
            if verdicts.iter().any(|it| self.is_waivable(promotion, it)) {
                list.push(Action::Waive);
            }
            let waits = promotion.state == PromotionState::AwaitingApproval;
            let is_frozen = || self.question(promotion, None).freeze().is_some();
            if !emergency && (is_stopped || waits || is_frozen()) {
                list.push(Action::BreakGlass);
            }
            if me.is_some_and(|me| said_something(promotion, me)) {
                list.push(Action::Withdraw);
            }
        }
        if promotion.state != PromotionState::Approved || is_stopped {
            list.push(Action::PrepareAgain);
        }
        list.push(Action::Abandon);
        list
    }
}

/// Whether somebody has asked for it or approved it, and can take that back.
pub(crate) fn said_something(promotion: &Promotion, me: &Person) -> bool {
    let is_waiting = promotion.state != PromotionState::Draft;
    let asked = promotion
        .manifest
        .as_ref()
        .is_some_and(|it| it.requester == me.id);
    is_waiting && (asked || promotion.approvals.iter().any(|it| it.by == me.id))
}

impl Question<'_> {
    fn why_not(&self, action: Action, me: &Person) -> Option<String> {
        let ask = |asked: Asked| self.barrier(asked, me, Voice::You);
        match action {
            Action::Request => ask(Asked::Request),
            Action::Approve => ask(Asked::Approve),
            Action::Reject => ask(Asked::Reject),
            Action::Execute => ask(Asked::Execute),
            Action::Waive => ask(Asked::Waive),
            Action::BreakGlass => ask(Asked::BreakGlass),
            Action::Review => ask(Asked::Review),
            Action::Abandon => self.why_not_abandon(me),
            // An own approval can always be taken back.
            Action::Withdraw => {
                let approved = self.promotion.approvals.iter().any(|it| it.by == me.id);
                (!approved).then(|| ask(Asked::Withdraw)).flatten()
            }
            Action::Abort | Action::Resume => self.why_not_drive(me),
            Action::PrepareAgain => self.why_not_prepare(me),
        }
    }

    /// Why somebody may not give it up.
    pub(crate) fn why_not_abandon(&self, me: &Person) -> Option<String> {
        if self.promotion.begun_by == me.id {
            return self.as_requester(Asked::Withdraw, me);
        }
        self.barrier(Asked::Withdraw, me, Voice::You)
    }

    /// Why somebody may not stop it or take it up: whoever may start it in quiet times may.
    pub(crate) fn why_not_drive(&self, me: &Person) -> Option<String> {
        let alone = Question {
            in_flight: true,
            ..*self
        };
        alone.barrier(Asked::Execute, me, Voice::You)
    }

    /// Whoever prepares it again is who asks for it from then on.
    pub(crate) fn why_not_prepare(&self, me: &Person) -> Option<String> {
        self.as_requester(Asked::Request, me)
    }

    fn as_requester(&self, asked: Asked, me: &Person) -> Option<String> {
        let mut own = Promotion {
            begun_by: me.id.clone(),
            ..self.promotion.clone()
        };
        if let Some(manifest) = &mut own.manifest {
            manifest.requester = me.id.clone();
        }
        let question = Question {
            promotion: &own,
            ..*self
        };
        question.barrier(asked, me, Voice::You)
    }
}
