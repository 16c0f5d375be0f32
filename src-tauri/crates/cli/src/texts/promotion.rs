//! A promotion as it stands, and all of them.

use super::{head, values};
use crate::{
    colour::{paint, sign},
    table::table,
};
use interlock_contract::Tone;
use interlock_contract::promotion::{
    ActionView, AgreementName, ChangeSetView, PromotedServiceView, PromotionAction, PromotionView,
    PromotionsView, ResourceChangeDetailView,
};
use std::fmt::Write as _;

/// The inbox.
pub fn promotions(view: &PromotionsView) -> String {
    if view.promotions.is_empty() {
        return "No promotion is recorded.".into();
    }
    let mut rows = vec![head(&[
        "ID",
        "SERVICES",
        "PATH",
        "VERSION",
        "STATE",
        "STILL NEEDS",
        "BY",
    ])];
    for p in &view.promotions {
        rows.push(vec![
            p.id.clone(),
            p.title.clone(),
            format!("{} -> {}", p.from, p.to),
            p.version.clone().unwrap_or_else(|| "?".into()),
            match &p.emergency {
                Some(it) => format!(
                    "{} {}, glass broken for {}",
                    sign(p.tone),
                    p.state,
                    it.incident
                ),
                None => format!("{} {}", sign(p.tone), p.state),
            },
            super::since(p.waiting_on.as_deref().unwrap_or_default()),
            p.requested_by.clone(),
        ]);
    }
    table(&rows)
}

/// One promotion.
pub fn promotion(view: &PromotionView) -> String {
    let s = &view.summary;
    let mut text = format!(
        "{}: {}, {} -> {}: {}\n",
        s.id,
        subject(view),
        s.from,
        s.to,
        paint(&s.state, s.tone)
    );
    let _ = writeln!(text, "manifest {} = {}", s.digest_short, view.digest);
    marks(&mut text, view);
    if let Some(note) = &view.change_note {
        let _ = writeln!(text, "\n{note}");
    }
    let is_one = view.services.len() == 1;
    for (index, part) in view.services.iter().enumerate() {
        service(&mut text, view, part, (!is_one).then_some(index + 1));
    }
    for part in &view.services {
        gates(&mut text, view, (!is_one).then_some(part.service.as_str()));
    }
    people(&mut text, view);
    actions(&mut text, view);
    text
}

/// The services with their versions.
fn subject(view: &PromotionView) -> String {
    let named: Vec<String> = view
        .services
        .iter()
        .map(|it| {
            let version = it.version.as_deref().unwrap_or("(version not known)");
            format!("{} {version}", it.service)
        })
        .collect();
    match named.as_slice() {
        [] => view.summary.services.join(", "),
        list => list.join(", "),
    }
}

/// What it brings of one service; numbered where it brings several.
fn service(
    text: &mut String,
    view: &PromotionView,
    part: &PromotedServiceView,
    number: Option<usize>,
) {
    if let Some(number) = number {
        let after = if part.after.is_empty() {
            String::new()
        } else {
            format!(", after {}", part.after.join(" and "))
        };
        let _ = writeln!(text, "\n{number}. {}{after}", part.service);
    }
    if let Some(note) = &part.note {
        let _ = writeln!(text, "\n{note}");
    }
    let sets = view.change_sets.iter();
    for set in sets.filter(|set| set.service == part.service) {
        change_set(text, set);
    }
    commits(text, part);
    if let Some(note) = &part.origin_note {
        let _ = writeln!(text, "\nnote: {note}");
    }
}

fn gates(text: &mut String, view: &PromotionView, of: Option<&str>) {
    match of {
        Some(service) => {
            let _ = writeln!(text, "\ngates of {service}");
        }
        None => text.push_str("\ngates\n"),
    }
    let gates = view.gates.iter();
    for gate in gates.filter(|gate| of.is_none_or(|service| gate.service == service)) {
        let line = format!("{} {}: {}", sign(gate.tone), gate.gate, gate.summary);
        let _ = writeln!(text, "  {line}");
        if let Some(lifted) = &gate.lifted {
            let _ = writeln!(text, "      {}", super::times(lifted));
        }
    }
}

/// What stands beside the usual way: a broken glass, a request that was taken back, what moved,
/// waivers that count for nothing.
fn marks(text: &mut String, view: &PromotionView) {
    if let Some(it) = &view.summary.emergency {
        let _ = writeln!(
            text,
            "{} {} for {} by {}: {}",
            paint("The glass was broken", Tone::Bad),
            super::time(&it.at),
            it.incident,
            it.by,
            it.reason
        );
        match (&it.reviewed_by, &it.review) {
            (Some(by), Some(found)) => {
                let _ = writeln!(text, "  reviewed by {by}: {found}");
            }
            _ if it.review_owed => {
                let by = it.review_by.as_deref().map(super::time).unwrap_or_default();
                let word = if it.overdue {
                    "was due"
                } else {
                    "is owed until"
                };
                let _ = writeln!(text, "  a review {word} {by}");
            }
            _ => {}
        }
    }
    if let Some(it) = &view.withdrawn {
        let why = if it.reason.is_empty() {
            String::new()
        } else {
            format!(": {}", it.reason)
        };
        let _ = writeln!(
            text,
            "The request was taken back {}{why}",
            super::time(&it.at)
        );
    }
    if let Some(voided) = &view.voided {
        let head = if voided.approved_by.is_empty() {
            "What was asked for is void:".to_owned()
        } else {
            format!(
                "The approval by {} is void:",
                voided.approved_by.join(" and ")
            )
        };
        let _ = writeln!(text, "{}", paint(&head, Tone::Waiting));
        for moved in &voided.moved {
            let _ = writeln!(
                text,
                "  {} went from {} to {}",
                moved.element, moved.before, moved.after
            );
        }
    }
    for waiver in &view.waivers {
        if let Some(why) = &waiver.ignored {
            let _ = writeln!(
                text,
                "The waiver of {} by {} counts for nothing: {}",
                waiver.gate,
                waiver.by,
                super::times(why)
            );
        }
    }
}

fn change_set(text: &mut String, set: &ChangeSetView) {
    let _ = writeln!(
        text,
        "\nchange set of {} in account {}, {}: {}",
        set.stack, set.account, set.region, set.status
    );
    if let Some(reason) = &set.reason {
        let _ = writeln!(text, "  {reason}");
    }
    for problem in &set.problems {
        let tone = if problem.fails {
            Tone::Bad
        } else {
            Tone::Waiting
        };
        let place: Vec<&str> = [&problem.logical_id, &problem.path]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let place = place.join(" ");
        let _ = writeln!(
            text,
            "  {} {place} {}  ({})",
            sign(tone),
            problem.reason,
            problem.name
        );
    }
    if let Some(known) = &set.drift_known {
        let put_back = if set.reverts_drift {
            "; this change set puts back what was changed by hand"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "  {} drift: {}{put_back}",
            sign(known.tone),
            super::drift_known(known)
        );
    }
    for row in &set.drift {
        let (sign, id, path, fate) = (sign(row.tone), &row.logical_id, &row.path, &row.fate);
        let _ = writeln!(text, "  {sign} {id} {path}: {fate}");
        values::lines(text, "      ", row.deployed.as_deref(), row.live.as_deref());
    }
    judgement(text, set);
    for change in &set.changes {
        let _ = writeln!(
            text,
            "  {} {}{}  {}  {}",
            sign(change.tone),
            nested(&change.nested_in),
            change.logical_id,
            change.resource_type,
            paint(&change.impact, change.tone)
        );
        for item in &change.details {
            detail(text, item);
        }
    }
}

/// The dangers of our own judgement, then where it and AWS do not say the same.
fn judgement(text: &mut String, set: &ChangeSetView) {
    if !set.folded.is_empty() {
        let _ = writeln!(text, "  nothing changes in {}", set.folded.join(", "));
    }
    let Some(judgement) = &set.judgement else {
        if let Some(note) = &set.judgement_note {
            let _ = writeln!(text, "  not predicted: {note}");
        }
        return;
    };
    for danger in &judgement.dangers {
        let line = format!("{} {}: {}", danger.title, danger.logical_id, danger.text);
        let _ = writeln!(text, "  {} {line}", sign(Tone::Bad));
    }
    for (word, reach) in [
        ("allows now", &judgement.access_added),
        ("allows no longer", &judgement.access_removed),
    ] {
        for line in reach {
            let _ = writeln!(text, "  {word}: {line}");
        }
    }
    let _ = writeln!(text, "  {}", judgement.text);
    for row in &judgement.rows {
        for finding in &row.findings {
            let (tone, place) = (agreement_tone(row.agreement), nested(&row.nested_in));
            let _ = writeln!(
                text,
                "    {} {place}{}: {finding}",
                sign(tone),
                row.logical_id
            );
        }
    }
}

const fn agreement_tone(agreement: AgreementName) -> Tone {
    match agreement {
        AgreementName::Agree => Tone::Ok,
        AgreementName::WeKnowMore | AgreementName::AwsKnowsMore => Tone::Neutral,
        AgreementName::Disagree => Tone::Bad,
    }
}

fn nested(stacks: &[String]) -> String {
    if stacks.is_empty() {
        return String::new();
    }
    stacks.join("/") + "/"
}

fn detail(text: &mut String, detail: &ResourceChangeDetailView) {
    let path = detail
        .path
        .strip_prefix("/Properties/")
        .unwrap_or(&detail.path);
    let (before, after) = (detail.before.as_deref(), detail.after.as_deref());
    let is_short = |value: Option<&str>| value.is_none_or(values::short);
    let values = match (before, after) {
        (Some(before), Some(after)) if is_short(Some(before)) && is_short(Some(after)) => {
            format!(": {} -> {}", values::plain(before), values::plain(after))
        }
        // AWS gives one side only where a value comes or goes, or where it will not tell.
        (None, Some(after)) if is_short(Some(after)) => format!(": now {}", values::plain(after)),
        (Some(before), None) if is_short(Some(before)) => {
            format!(": was {}", values::plain(before))
        }
        _ => String::new(),
    };
    let _ = writeln!(text, "      {path}{values}  ({})", detail.cause);
    if values.is_empty() {
        self::values::lines(text, "        ", before, after);
    }
}

fn commits(text: &mut String, part: &PromotedServiceView) {
    if !part.commits.is_empty() {
        text.push_str("\ncommits\n");
        text.push_str(&super::commits::rows(&part.commits));
    }
    if let Some(note) = &part.commits_note {
        let _ = writeln!(text, "\nnote: {note}");
    }
}

fn people(text: &mut String, view: &PromotionView) {
    let _ = writeln!(
        text,
        "\napprovals {} of {}",
        view.approvals_have, view.approvals_needed
    );
    let rows: Vec<_> = view
        .people
        .iter()
        .map(|person| {
            let until = person.counts_until.as_deref();
            let until = until.map(|until| format!(", counts until {}", super::time(until)));
            let detail = person.detail.as_ref();
            let detail = detail.map(|d| format!("; {}", super::times(d)));
            vec![
                format!("  {} {}", sign(person.tone), person.name),
                person.role.clone(),
                format!(
                    "{}{}{}",
                    person.state,
                    until.unwrap_or_default(),
                    detail.unwrap_or_default()
                ),
            ]
        })
        .collect();
    text.push_str(&table(&rows));
}

/// What can be done now, with the words to type; then what can not, and why.
fn actions(text: &mut String, view: &PromotionView) {
    let (can, cannot): (Vec<_>, Vec<_>) = view.actions.iter().partition(|action| action.enabled);
    if !can.is_empty() {
        text.push_str("\nnext\n");
        for action in can {
            // On a line of its own and never broken: it is there to be copied.
            let _ = writeln!(text, "  {}\n      {}", action.label, command(view, action));
        }
    }
    if !cannot.is_empty() {
        text.push_str("\nnot now\n");
        let rows: Vec<_> = cannot
            .into_iter()
            .map(|action| {
                let reason = super::times(action.reason.as_deref().unwrap_or_default());
                vec![format!("  {}", action.label), reason]
            })
            .collect();
        text.push_str(&table(&rows));
    }
}

fn command(view: &PromotionView, action: &ActionView) -> String {
    let id = &view.summary.id;
    let confirm = action
        .confirm
        .as_ref()
        .map(|name| format!(" --confirm {name}"))
        .unwrap_or_default();
    match action.action {
        PromotionAction::Request => format!("interlock promote {id} --request"),
        PromotionAction::Approve => {
            let digest: String = view.digest.chars().take(12).collect();
            format!("interlock approve {id} --digest {digest}")
        }
        PromotionAction::Reject => format!("interlock reject {id} --reason REASON"),
        PromotionAction::Withdraw => format!("interlock withdraw {id}"),
        PromotionAction::Waive => {
            let gate = view.gates.iter().find(|gate| gate.waivable);
            let rule = gate.map_or("RULE", |gate| gate.rule.as_str());
            let service = gate
                .filter(|_| view.services.len() > 1)
                .map(|gate| format!(" --service {}", gate.service));
            format!(
                "interlock waive {id} --gate {rule}{} --until 24h --reason REASON",
                service.unwrap_or_default()
            )
        }
        PromotionAction::BreakGlass => {
            format!("interlock promote {id} --break-glass INCIDENT --comment REASON{confirm}")
        }
        PromotionAction::Review => format!("interlock review {id} --comment FINDINGS"),
        PromotionAction::Execute => format!("interlock promote {id} --execute{confirm}"),
        PromotionAction::Abandon => format!("interlock promote {id} --abandon"),
        PromotionAction::Abort => format!("interlock promote {id} --abort{confirm}"),
        PromotionAction::Resume => format!("interlock follow {id}"),
        PromotionAction::PrepareAgain => format!("interlock promote {id} --again"),
    }
}
