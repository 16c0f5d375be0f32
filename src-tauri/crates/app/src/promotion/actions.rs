//! Who may do what with a promotion in which state: one table, for buttons and for refusals.

use interlock_domain::{
    Tier,
    person::{Person, Role},
};
use interlock_ledger::{Promotion, PromotionState, Roster, approval_barrier};

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

/// Actions that make sense in the promotion's state, in button order.
pub fn actions(
    promotion: &Promotion,
    me: Option<&Person>,
    roster: Option<&Roster>,
    tier: Tier,
    driven_here: bool,
) -> Vec<ActionState> {
    let list: &[Action] = match &promotion.state {
        PromotionState::Draft => &[Action::Request, Action::PrepareAgain, Action::Abandon],
        PromotionState::AwaitingApproval => &[
            Action::Approve,
            Action::Reject,
            Action::PrepareAgain,
            Action::Abandon,
        ],
        PromotionState::Approved => &[Action::Execute, Action::Reject, Action::Abandon],
        PromotionState::Preparing | PromotionState::Voided => {
            &[Action::PrepareAgain, Action::Abandon]
        }
        PromotionState::Executing { .. } if driven_here => &[Action::Abort],
        PromotionState::Executing { .. } => &[Action::Resume, Action::Abort],
        PromotionState::PrepareFailed { .. }
        | PromotionState::Applied
        | PromotionState::Verified
        | PromotionState::Failed { .. }
        | PromotionState::Rejected { .. }
        | PromotionState::Superseded { .. }
        | PromotionState::Abandoned { .. } => &[],
    };
    list.iter()
        .map(|action| ActionState {
            action: *action,
            barrier: barrier(*action, promotion, me, roster, tier),
        })
        .collect()
}

fn barrier(
    action: Action,
    promotion: &Promotion,
    me: Option<&Person>,
    roster: Option<&Roster>,
    tier: Tier,
) -> Option<String> {
    let Some(me) = me else {
        return Some("no system says who you are".into());
    };
    let manifest = promotion.manifest.as_ref();
    match action {
        Action::Request => {
            let requester = manifest.map(|m| &m.requester)?;
            (requester != &me.id).then(|| format!("{requester} prepared it and has to ask"))
        }
        Action::Approve | Action::Reject => {
            if let Some(barrier) = manifest.and_then(|m| approval_barrier(m, &me.id, roster)) {
                return Some(format!("{} {barrier}", me.name));
            }
            let voted = promotion
                .approvals
                .iter()
                .any(|approval| approval.by == me.id);
            (action == Action::Approve && voted).then(|| "you have approved it already".into())
        }
        Action::Execute if promotion.needs_vote_of(&me.id) => {
            Some("your approval counts: somebody else starts it".into())
        }
        Action::Execute | Action::Abort | Action::Resume => may_run(me, tier),
        Action::Abandon => (me.id != promotion.begun_by && me.role != Role::ReleaseManager)
            .then(|| "only who began it or a release manager gives it up".into()),
        Action::PrepareAgain => None,
    }
}

/// Why somebody may not start or stop a deployment into an environment of this tier.
pub(crate) fn may_run(me: &Person, tier: Tier) -> Option<String> {
    match (me.role, tier) {
        (Role::ReleaseManager, _) | (Role::Developer, Tier::Development | Tier::Test) => None,
        (Role::Developer, Tier::Production) => Some("a release manager starts it".into()),
        (Role::Lead, _) => Some("a lead reads; a release manager starts it".into()),
    }
}
