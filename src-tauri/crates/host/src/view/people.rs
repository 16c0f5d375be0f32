//! People of a promotion, and what may be done with it.

use super::instant;
use interlock_app::{
    Console,
    promotion::{Action, ActionState},
};
use interlock_contract::{
    Tone,
    promotion::{ActionView, ParticipantView, PromotionAction},
};
use interlock_domain::person::{Person, Role};
use interlock_ledger::{Promotion, PromotionState};

/// Who takes part, and how.
pub(super) fn people(
    console: &Console,
    promotion: &Promotion,
    me: Option<&Person>,
) -> Vec<ParticipantView> {
    let roster = console.roster().ok().flatten();
    console
        .estate
        .people
        .iter()
        .filter_map(|person| {
            let approval = promotion.approvals.iter().find(|a| a.by == person.id);
            let expired = promotion.expired.iter().rfind(|a| a.by == person.id);
            let barrier = promotion
                .manifest
                .as_ref()
                .and_then(|_| console.why_not_approve(promotion, person, roster.as_deref()));
            let (state, tone, detail, at) = if let Some(approval) = approval {
                let comment = Some(approval.comment.clone()).filter(|c| !c.is_empty());
                ("approved", Tone::Ok, comment, Some(instant(approval.at)))
            } else if let Some(old) = expired {
                let until = promotion.counts_until(old);
                let detail = until.map(|until| format!("counted until {until}: approve it again"));
                (
                    "approval expired",
                    Tone::Waiting,
                    detail,
                    Some(instant(old.at)),
                )
            } else if let PromotionState::Rejected { by, reason } = &promotion.state
                && by == &person.id
            {
                (
                    "rejected",
                    Tone::Bad,
                    Some(reason.clone()),
                    Some(instant(promotion.updated_at)),
                )
            } else if person.id == promotion.begun_by {
                let asked = !matches!(
                    promotion.state,
                    PromotionState::Preparing
                        | PromotionState::PrepareFailed { .. }
                        | PromotionState::Draft
                );
                (
                    if asked { "requested" } else { "prepared" },
                    Tone::Neutral,
                    barrier.map(|b| format!("cannot approve: {b}")),
                    Some(instant(promotion.created_at)),
                )
            } else if let Some(barrier) = barrier {
                if person.role != Role::ReleaseManager && me.is_none_or(|me| me.id != person.id) {
                    return None;
                }
                ("cannot approve", Tone::Neutral, Some(barrier), None)
            } else {
                (
                    "may approve",
                    Tone::Waiting,
                    Some("not author, not requester".into()),
                    None,
                )
            };
            Some(ParticipantView {
                person: person.id.to_string(),
                name: person.name.clone(),
                role: person.role.word().into(),
                me: me.is_some_and(|me| me.id == person.id),
                state: state.into(),
                tone,
                detail,
                at,
                counts_until: approval
                    .and_then(|it| promotion.counts_until(it))
                    .map(instant),
            })
        })
        .collect()
}

/// One action, with why it cannot be done now.
pub(super) fn action(
    console: &Console,
    promotion: &Promotion,
    me: Option<&Person>,
    state: ActionState,
) -> ActionView {
    let name = me.map_or("nobody", |me| me.name.as_str());
    let production = interlock_domain::EnvironmentName::new(promotion.to.clone())
        .ok()
        .and_then(|env| console.estate.environment(&env).map(|e| e.environment.tier))
        .is_none_or(|tier| tier == interlock_domain::Tier::Production);
    let reason = state.barrier.map(|barrier| {
        // Ids of persons become names.
        console
            .estate
            .people
            .iter()
            .fold(barrier, |text, p| text.replace(p.id.as_str(), &p.name))
    });
    let title = super::promotion::title(&promotion.services);
    let (action, label, confirm) = match state.action {
        Action::Request => (
            PromotionAction::Request,
            format!("Request approval for {}", promotion.to),
            None,
        ),
        Action::Approve => (PromotionAction::Approve, format!("Approve as {name}"), None),
        Action::Reject => (PromotionAction::Reject, "Reject".to_owned(), None),
        Action::Execute => (
            PromotionAction::Execute,
            if promotion.in_emergency() {
                format!("Promote {title} to {} in an emergency", promotion.to)
            } else {
                format!("Promote {title} to {}", promotion.to)
            },
            production.then(|| promotion.to.clone()),
        ),
        Action::Withdraw => (
            PromotionAction::Withdraw,
            if me.is_some_and(|me| promotion.approvals.iter().any(|it| it.by == me.id)) {
                "Take my approval back".to_owned()
            } else {
                "Take the request back".to_owned()
            },
            None,
        ),
        Action::Waive => (PromotionAction::Waive, "Waive a gate".to_owned(), None),
        Action::BreakGlass => (
            PromotionAction::BreakGlass,
            "Break the glass".to_owned(),
            production.then(|| promotion.to.clone()),
        ),
        Action::Review => (PromotionAction::Review, "Write the review".to_owned(), None),
        Action::Abandon => (PromotionAction::Abandon, "Abandon".to_owned(), None),
        Action::Abort => (
            PromotionAction::Abort,
            "Abort the run".to_owned(),
            production.then(|| promotion.to.clone()),
        ),
        Action::Resume => (
            PromotionAction::Resume,
            if promotion
                .last_attempt()
                .is_some_and(|attempt| !console.is_abandoned(&attempt.driver))
            {
                "Take over".to_owned()
            } else {
                "Find out and go on".to_owned()
            },
            None,
        ),
        Action::PrepareAgain => (
            PromotionAction::PrepareAgain,
            "Prepare again".to_owned(),
            None,
        ),
    };
    ActionView {
        action,
        label,
        enabled: reason.is_none(),
        reason,
        confirm,
    }
}
