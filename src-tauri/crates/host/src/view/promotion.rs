//! Promotions: words for their states, inbox lines, and one of them whole.

use super::{
    audit::entries_about,
    change_set::change_sets,
    instant,
    lifted::{emergency, owners, voided, waivers},
    people::{action, people},
};
use interlock_app::{
    Console,
    promotion::{Action, SeenChangeSet},
};
use interlock_contract::{
    Tone,
    lifted::WithdrawnView,
    promotion::{
        InboxGroup, ManifestElementView, PromotedServiceView, PromotionSummaryView, PromotionView,
        VerdictView,
    },
};
use interlock_domain::{
    PersonId, ServiceName,
    manifest::{Delivery, Manifest, ServiceDelivery},
    person::Person,
    verdict::{Lifted, Outcome as GateOutcome, Verdict},
};
use interlock_ledger::{Outcome, Promotion, PromotionState, fold::Record};
use std::collections::BTreeSet;

/// Words and tone of a state.
pub fn state_words(state: &PromotionState) -> (&'static str, Tone) {
    match state {
        PromotionState::Preparing => ("preparing", Tone::Running),
        PromotionState::PrepareFailed { .. } => ("could not be prepared", Tone::Bad),
        PromotionState::Draft => ("draft", Tone::Neutral),
        PromotionState::AwaitingApproval => ("waiting for approval", Tone::Waiting),
        PromotionState::Approved => ("approved", Tone::Ok),
        PromotionState::Voided => ("voided", Tone::Waiting),
        PromotionState::Executing { .. } => ("running", Tone::Running),
        PromotionState::Applied => ("applied", Tone::Waiting),
        PromotionState::Verified => ("verified", Tone::Ok),
        PromotionState::Failed { outcome, .. } => match outcome {
            Outcome::RolledBack => ("rolled back", Tone::Bad),
            Outcome::Aborted => ("aborted", Tone::Bad),
            Outcome::PartiallyApplied => ("partially applied", Tone::Bad),
            Outcome::Failed | Outcome::Succeeded => ("failed", Tone::Bad),
        },
        PromotionState::Rejected { .. } => ("rejected", Tone::Bad),
        PromotionState::Superseded { .. } => ("superseded", Tone::Neutral),
        PromotionState::Abandoned { .. } => ("abandoned", Tone::Neutral),
    }
}

/// Words and tone of a promotion; what goes without all approvals never looks approved.
pub fn words_of(promotion: &Promotion) -> (&'static str, Tone) {
    let is_decided = matches!(
        promotion.state,
        PromotionState::Draft | PromotionState::AwaitingApproval | PromotionState::Approved
    );
    if is_decided && promotion.in_emergency() {
        return ("glass broken", Tone::Bad);
    }
    if promotion
        .last_attempt()
        .is_some_and(interlock_ledger::Attempt::has_unknown)
    {
        return ("outcome unknown", Tone::Unknown);
    }
    state_words(&promotion.state)
}

/// One line of the inbox.
pub fn summary(
    console: &Console,
    promotion: &Promotion,
    me: Option<&Person>,
) -> PromotionSummaryView {
    let (state, tone) = words_of(promotion);
    let manifest = promotion.manifest.as_ref();
    let actions = console.actions(promotion, me, None);
    let can = |wanted: &[Action]| {
        actions
            .iter()
            .any(|a| a.barrier.is_none() && wanted.contains(&a.action))
    };
    let mine = me.is_some_and(|me| me.id == promotion.begun_by);
    let needs_me = match promotion.state {
        PromotionState::AwaitingApproval => can(&[Action::Approve, Action::Execute]),
        PromotionState::Approved => can(&[Action::Execute]),
        PromotionState::Draft => can(&[Action::Request, Action::Execute]),
        PromotionState::Voided => mine,
        _ => can(&[Action::Review]),
    };
    PromotionSummaryView {
        id: promotion.id.to_string(),
        title: title(&promotion.services),
        services: promotion.services.clone(),
        from: manifest.map_or_else(String::new, |m| m.from.to_string()),
        to: promotion.to.clone(),
        version: match manifest.map(|m| m.services.as_slice()) {
            Some([only]) => only.version.clone(),
            _ => None,
        },
        via: via_of(manifest),
        state: state.into(),
        tone,
        requested_by: console.name_of(&promotion.begun_by),
        created_at: instant(promotion.created_at),
        updated_at: instant(promotion.updated_at),
        digest_short: promotion.digest.map(|d| d.short()).unwrap_or_default(),
        waiting_on: waiting_on(console, promotion),
        group: if needs_me {
            InboxGroup::NeedsMe
        } else if promotion.state.is_over() && !promotion.owes_review() {
            InboxGroup::Done
        } else {
            InboxGroup::Waiting
        },
        emergency: emergency(console, promotion),
    }
}

fn waiting_on(console: &Console, promotion: &Promotion) -> Option<String> {
    if promotion.owes_review() && promotion.state.is_over() {
        let by = console.review_by(promotion);
        return Some(match by {
            Some(by) if by < console.now() => format!("a review that was due {by}"),
            Some(by) => format!("a review until {by}"),
            None => "a review".into(),
        });
    }
    match &promotion.state {
        PromotionState::AwaitingApproval => {
            let missing: u32 = promotion.matching().missing.iter().sum();
            Some(format!(
                "{missing} of {} approvals",
                approvals_needed(promotion)
            ))
        }
        PromotionState::Approved => Some("somebody to start it".into()),
        PromotionState::Draft => Some(format!(
            "{} to ask for approval",
            console.name_of(&promotion.begun_by)
        )),
        PromotionState::Voided => Some("somebody to prepare it again".into()),
        PromotionState::Executing { .. } => console
            .live(&promotion.id)
            .and_then(|live| live.read(|s| s.waiting.as_ref().map(|w| w.0.clone()))),
        PromotionState::Rejected { reason, .. }
        | PromotionState::PrepareFailed { reason }
        | PromotionState::Failed { detail: reason, .. } => Some(reason.clone()),
        _ => None,
    }
}

/// How many approvals all rules ask for together.
fn approvals_needed(promotion: &Promotion) -> u32 {
    promotion.rules().iter().map(|rule| rule.count).sum()
}

/// What the drawer shows beyond the record: asked for live.
pub struct Asked {
    /// Change sets, or why they are not known.
    pub change_sets: Vec<Result<SeenChangeSet, (String, String)>>,
    /// Commits that it brings, service by service.
    pub commits: Vec<ServiceCommits>,
    /// Gates judged now; none shows those of the manifest.
    pub gates: Option<Vec<Verdict>>,
}

/// Commits of one service, with a note.
pub struct ServiceCommits {
    /// Service.
    pub service: ServiceName,
    /// Commits, newest first.
    pub commits: Vec<interlock_contract::overview::CommitView>,
    /// Why commits are absent or cut.
    pub note: Option<String>,
}

/// The drawer.
pub fn promotion(
    console: &Console,
    record: &Record,
    entries: &[interlock_ledger::Entry],
    promotion: &Promotion,
    me: Option<&Person>,
    asked: Asked,
) -> PromotionView {
    let manifest = promotion.manifest.as_ref();
    let bytes = promotion
        .digest
        .filter(|_| manifest.is_some())
        .and_then(|digest| console.ledger.document(&digest).ok().flatten())
        .unwrap_or_default();
    let gates = asked
        .gates
        .unwrap_or_else(|| console.known_verdicts(promotion));
    PromotionView {
        summary: summary(console, promotion, me),
        digest: promotion
            .digest
            .filter(|_| manifest.is_some())
            .map(|d| d.to_string())
            .unwrap_or_default(),
        elements: manifest
            .map(|m| {
                m.elements()
                    .into_iter()
                    .map(|(group, name, value)| ManifestElementView { group, name, value })
                    .collect()
            })
            .unwrap_or_default(),
        manifest: String::from_utf8_lossy(&bytes).into_owned(),
        services: manifest
            .map(|m| services(m, asked.commits))
            .unwrap_or_default(),
        change_sets: manifest
            .map(|m| change_sets(m, asked.change_sets))
            .unwrap_or_default(),
        change_note: change_note(promotion),
        gates: gates
            .iter()
            .map(|it| verdict(console, promotion, it))
            .collect(),
        approvals_needed: approvals_needed(promotion),
        approvals_have: u32::try_from(promotion.approvals.len()).unwrap_or(u32::MAX),
        people: people(console, promotion, me),
        approvals_expire_hours: manifest.and_then(|m| m.approvals_expire_hours),
        waivers: waivers(console, promotion),
        owners: owners(console),
        withdrawn: promotion
            .withdrawn
            .as_ref()
            .map(|(at, reason)| WithdrawnView {
                at: instant(*at),
                reason: reason.clone(),
            }),
        voided: promotion.voided.as_ref().and_then(|it| voided(console, it)),
        actions: console
            .actions(promotion, me, Some(&gates))
            .into_iter()
            .map(|state| action(console, promotion, me, state))
            .collect(),
        run: super::run::run(console, promotion),
        record: entries_about(console, record, entries, promotion),
    }
}

fn change_note(promotion: &Promotion) -> Option<String> {
    if promotion.manifest.is_some() {
        return None;
    }
    match &promotion.state {
        PromotionState::PrepareFailed { reason } => Some(reason.clone()),
        _ => Some("Change sets are being prepared.".into()),
    }
}

/// Services in a few words.
pub fn title(services: &[String]) -> String {
    match services {
        [] => "no service".into(),
        [only] => only.clone(),
        [one, other] => format!("{one} and {other}"),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

const fn via(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Jenkins { .. } => "jenkins",
        Delivery::CloudFormation { .. } => "cloudformation",
    }
}

fn via_of(manifest: Option<&Manifest>) -> String {
    let ways = manifest.iter().flat_map(|it| &it.services);
    let ways: BTreeSet<&str> = ways.map(|it| via(&it.delivery)).collect();
    match ways.len() {
        0 => "cloudformation".into(),
        1 => ways.into_iter().collect(),
        _ => "both".into(),
    }
}

/// What it brings, service by service.
fn services(manifest: &Manifest, mut asked: Vec<ServiceCommits>) -> Vec<PromotedServiceView> {
    let each = manifest.services.iter();
    each.map(|it| {
        let told = asked.iter().position(|told| told.service == it.service);
        let told = told.map(|at| asked.swap_remove(at));
        let (commits, commits_note) =
            told.map_or_else(|| (Vec::new(), None), |told| (told.commits, told.note));
        PromotedServiceView {
            service: it.service.to_string(),
            version: it.version.clone(),
            commit: it.commit.as_ref().map(ToString::to_string),
            via: via(&it.delivery).into(),
            after: it.after.iter().map(ToString::to_string).collect(),
            stacks: stack_names(it),
            note: job_note(it),
            commits,
            commits_note,
            origin_note: it.origin_note.clone(),
        }
    })
    .collect()
}

fn stack_names(service: &ServiceDelivery) -> Vec<String> {
    let names = service.stacks().into_iter();
    names.map(|(_, _, stack)| stack.to_string()).collect()
}

fn job_note(service: &ServiceDelivery) -> Option<String> {
    let Delivery::Jenkins { job, pipeline, .. } = &service.delivery else {
        return None;
    };
    let stacks = stack_names(service).join(", ");
    let pipeline = pipeline.as_ref().map(|it| {
        let (path, commit) = (&it.path, it.commit.short());
        format!(" It runs {path} of {} at {commit}.", it.repository)
    });
    Some(format!(
        "The job {job} deploys {stacks}.{} AWS announces its changes when the job prepares them.",
        pipeline.unwrap_or_default()
    ))
}

/// One verdict.
pub fn verdict(console: &Console, promotion: &Promotion, verdict: &Verdict) -> VerdictView {
    let (tone, outcome) = match (verdict.outcome, &verdict.lifted) {
        (GateOutcome::Pass, _) => (Tone::Ok, "passed"),
        (_, Some(Lifted::Waiver { .. })) => (Tone::Waiting, "waived"),
        (_, Some(Lifted::BreakGlass { .. })) => (Tone::Waiting, "passed over"),
        (GateOutcome::Fail, None) => (Tone::Bad, "failed"),
        (GateOutcome::Unknown, None) => (Tone::Unknown, "unknown"),
    };
    let name = |id: &String| match PersonId::new(id.clone()) {
        Ok(id) => console.name_of(&id),
        Err(_) => id.clone(),
    };
    VerdictView {
        gate: verdict.gate.clone(),
        service: verdict.service.clone(),
        tone,
        outcome: outcome.into(),
        summary: verdict.summary.clone(),
        evidence: verdict.evidence.clone(),
        at: verdict.at.map(instant),
        blocking: verdict.blocks(),
        rule: verdict.rule.clone(),
        lifted: verdict.lifted.as_ref().map(|lifted| match lifted {
            Lifted::Waiver {
                owner,
                reason,
                expires,
            } => format!("waived until {expires} by {} because {reason}", name(owner)),
            Lifted::BreakGlass { reason, incident } => {
                format!("passed over for {incident} because {reason}")
            }
        }),
        waivable: console.is_waivable(promotion, verdict),
    }
}
