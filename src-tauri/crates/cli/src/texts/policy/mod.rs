//! What a policy says, as documents for programs and lines for people.

mod applied;
mod judged;

pub use applied::Applied;
pub use judged::Promotion;

use super::time;
use crate::colour::sign;
use interlock_app::policy::{CaseResult, Policy};
use interlock_contract::Tone;
use serde::Serialize;
use std::{fmt::Write as _, path::Path};

/// A policy with its texts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    file: String,
    digest: String,
    policy: String,
    cedar: Option<String>,
}

impl Shown {
    /// Of a policy and its text.
    pub fn of(policy: &Policy, text: &str) -> Self {
        Self {
            file: policy.file.clone(),
            digest: policy.digest().to_string(),
            policy: text.to_owned(),
            cedar: policy.bundle.cedar.clone(),
        }
    }
}

/// The text of a policy, to be kept in a file.
pub fn shown(shown: &Shown) -> String {
    shown.policy.clone()
}

/// What came of the cases of a file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tested {
    policy: String,
    digest: String,
    file: String,
    cases: Vec<Case>,
}

#[derive(Serialize)]
struct Case {
    name: String,
    line: u32,
    passed: bool,
    differences: Vec<String>,
}

impl Tested {
    /// Of a policy and the results.
    pub fn of(policy: &Policy, file: &Path, results: &[CaseResult]) -> Self {
        let case = |result: &CaseResult| Case {
            name: result.name.clone(),
            line: result.line,
            passed: result.differences.is_empty(),
            differences: result.differences.clone(),
        };
        Self {
            policy: policy.file.clone(),
            digest: policy.digest().to_string(),
            file: file.display().to_string(),
            cases: results.iter().map(case).collect(),
        }
    }
}

/// One line a case, and one for each difference.
pub fn cases(cases: &Tested) -> String {
    let mut text = String::new();
    for case in &cases.cases {
        let tone = if case.passed { Tone::Ok } else { Tone::Bad };
        let _ = writeln!(text, "{} {}", sign(tone), case.name);
        for difference in &case.differences {
            let _ = writeln!(text, "     {}:{}: {difference}", cases.file, case.line);
        }
    }
    text
}

/// What applies to promotions of a service into an environment.
#[derive(Serialize)]
pub struct Explained {
    /// The rules.
    #[serde(flatten)]
    pub applied: Applied,
    /// What they make of one promotion.
    pub promotion: Option<Promotion>,
}

/// The rules, one a line with its place below; then what they make of a promotion.
pub fn explained(explained: &Explained) -> String {
    let a = &explained.applied;
    let mut text = format!(
        "{} from {} to {}, by {}\n",
        a.service, a.from, a.to, a.policy
    );
    for (heading, rules) in [("gates", &a.gates), ("approvals", &a.approvals)] {
        let _ = writeln!(text, "\n{heading}");
        if rules.is_empty() {
            text.push_str("  none\n");
        }
        for rule in rules {
            let _ = writeln!(text, "  {} ({}): {}", rule.name, rule.id, rule.asks);
            let _ = writeln!(text, "     {}; {}", rule.place, rule.because);
        }
    }
    let _ = writeln!(text, "\nnever approves: {}", a.excluded.join(", "));
    for freeze in &a.freezes {
        let (word, at) = if freeze.holds {
            ("holds until", &freeze.ends)
        } else {
            ("begins", &freeze.starts)
        };
        let _ = writeln!(
            text,
            "freeze {} {word} {} ({})",
            freeze.name,
            time(at),
            freeze.place
        );
    }
    let _ = writeln!(
        text,
        "an emergency passes over: {}",
        a.break_glass.join(", ")
    );
    if let Some(promotion) = &explained.promotion {
        let _ = writeln!(text, "\n{}", promotion.id);
        for told in &promotion.verdicts {
            let _ = writeln!(
                text,
                "  {} {}: {}",
                sign(told.tone),
                told.gate,
                told.summary
            );
            let _ = write!(text, "     {}; {}, {}", told.rule, told.source, told.age);
            if let Some(lifted) = &told.lifted {
                let _ = write!(text, "; {lifted}");
            }
            text.push('\n');
        }
        for approval in &promotion.approvals {
            let _ = writeln!(text, "  needs {approval}");
        }
    }
    text
}
