//! What the rules make of one promotion, in words.

use super::applied::approval_in_words;
use interlock_app::policy::{Judgement, Length, When};
use interlock_contract::Tone;
use interlock_domain::{
    PromotionId, Timestamp,
    verdict::{Lifted, Outcome, Verdict},
};
use serde::Serialize;

/// What the rules make of one promotion.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Promotion {
    pub(super) id: String,
    /// Whether a gate stops it.
    pub blocks: bool,
    pub(super) verdicts: Vec<Told>,
    pub(super) approvals: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Told {
    pub(super) rule: String,
    pub(super) gate: String,
    pub(super) outcome: &'static str,
    pub(super) summary: String,
    pub(super) source: String,
    pub(super) at: Option<String>,
    pub(super) age: String,
    pub(super) lifted: Option<String>,
    #[serde(skip)]
    pub(super) tone: Tone,
}

impl Promotion {
    /// Of a judgement.
    pub fn of(id: &PromotionId, judgement: &Judgement, now: Timestamp) -> Self {
        Self {
            id: id.to_string(),
            blocks: judgement.blocks(),
            verdicts: judgement.verdicts.iter().map(|v| told(v, now)).collect(),
            approvals: judgement
                .approvals
                .iter()
                .map(|rule| {
                    format!(
                        "{}: {}",
                        rule.name,
                        approval_in_words(rule.count, &rule.from, rule.assurance, &[When::Always])
                    )
                })
                .collect(),
        }
    }
}

fn told(verdict: &Verdict, now: Timestamp) -> Told {
    let lifted = verdict.lifted.as_ref().map(|lifted| match lifted {
        Lifted::Waiver { owner, expires, .. } => format!("waived by {owner} until {expires}"),
        Lifted::BreakGlass { incident, .. } => format!("passed over for {incident}"),
    });
    let (outcome, tone) = match verdict.outcome {
        Outcome::Pass => ("pass", Tone::Ok),
        _ if lifted.is_some() => ("lifted", Tone::Waiting),
        Outcome::Fail => ("fail", Tone::Bad),
        Outcome::Unknown => ("unknown", Tone::Unknown),
    };
    Told {
        rule: verdict.rule.clone(),
        gate: verdict.gate.clone(),
        outcome,
        summary: verdict.summary.clone(),
        source: verdict.evidence.clone(),
        at: verdict.at.map(|at| at.to_string()),
        age: verdict.at.map_or_else(
            || "of no known age".to_owned(),
            |at| match Length::between(at, now) {
                Length(seconds) if seconds < 60 => "now".to_owned(),
                age => format!("{age} old"),
            },
        ),
        lifted,
        tone,
    }
}
