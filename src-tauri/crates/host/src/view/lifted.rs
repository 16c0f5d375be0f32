//! What stands beside the usual way: waivers, a broken glass, approvals that are void.

use super::instant;
use interlock_app::Console;
use interlock_contract::lifted::{EmergencyView, MovedView, OwnerView, VoidedView, WaiverView};
use interlock_ledger::{Promotion, Voided};

/// The mark of a broken glass.
pub fn emergency(console: &Console, promotion: &Promotion) -> Option<EmergencyView> {
    let broken = promotion.break_glass.as_ref()?;
    let review_owed = promotion.owes_review();
    let review_by = console.review_by(promotion);
    let reviewed = broken.reviewed.as_ref();
    Some(EmergencyView {
        by: console.name_of(&broken.by),
        at: instant(broken.at),
        incident: broken.incident.clone(),
        reason: broken.reason.clone(),
        counts: promotion.in_emergency(),
        review_owed,
        review_by: review_by.filter(|_| reviewed.is_none()).map(instant),
        overdue: review_owed && review_by.is_some_and(|by| by < console.now()),
        reviewed_by: reviewed.map(|(by, _, _)| console.name_of(by)),
        reviewed_at: reviewed.map(|(_, at, _)| instant(*at)),
        review: reviewed.map(|(_, _, found)| found.clone()),
    })
}

/// Gates that somebody answers for, those that count for nothing with the reason.
pub(super) fn waivers(console: &Console, promotion: &Promotion) -> Vec<WaiverView> {
    let (_, ignored) = console.given(promotion);
    promotion
        .waivers
        .iter()
        .map(|waiver| WaiverView {
            gate: waiver.gate.clone(),
            service: waiver.service.clone(),
            owner: console.name_of(&waiver.owner),
            by: console.name_of(&waiver.by),
            reason: waiver.reason.clone(),
            expires: instant(waiver.expires),
            ignored: ignored
                .iter()
                .find(|(it, _)| it == waiver)
                .map(|(_, why)| why.clone()),
        })
        .collect()
}

/// Who can answer for a gate: whoever is active in the roster.
pub(super) fn owners(console: &Console) -> Vec<OwnerView> {
    let Some(roster) = console.roster().ok().flatten() else {
        return Vec::new();
    };
    let active = roster.people.iter().filter(|member| member.active);
    active
        .map(|member| OwnerView {
            person: member.id.to_string(),
            name: member.name.clone(),
        })
        .collect()
}

/// What moved.
pub(super) fn voided(console: &Console, voided: &Voided) -> Option<VoidedView> {
    let first = voided.moved.first()?;
    let more = match voided.moved.len() - 1 {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    Some(VoidedView {
        at: instant(voided.at),
        element: format!("{}{more}", first.element),
        before: first.before.clone(),
        after: first.after.clone(),
        moved: voided
            .moved
            .iter()
            .map(|moved| MovedView {
                element: moved.element.clone(),
                before: moved.before.clone(),
                after: moved.after.clone(),
            })
            .collect(),
        by: console.name_of(&voided.by),
        approved_by: voided
            .approved_by
            .iter()
            .map(|id| console.name_of(id))
            .collect(),
    })
}
