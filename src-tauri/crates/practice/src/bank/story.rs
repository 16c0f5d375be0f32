//! What is not quiet at the bank: the differences that a release manager should find.
//!
//! Beside the versions in `services.rs` (payments-api two versions behind in prod, and so on) this
//! file holds every exception by name, so that each is told in one place.

use super::{Version, chance::Chance, model::Outcome};

/// The build of statements 2.2.0 fails: two tests of the statement calendar.
pub const FAILING_BUILD: (&str, &str) = ("statements", "2.2.0");

/// onboarding 3.5.0 failed in qa and was rolled back: its stack is `UPDATE_ROLLBACK_COMPLETE`.
pub const ROLLED_BACK: (&str, &str, &str) = ("onboarding", "3.5.0", "qa");

/// The resource that failed then.
pub const ROLLED_BACK_RESOURCE: &str = "OnboardingFlow";

/// The version that nobody has executed in prod yet: its stack there is `REVIEW_IN_PROGRESS`.
pub const IN_REVIEW: (&str, &str) = ("ledger-export", "0.4.0");

/// An emergency change made by hand in prod: the function's memory, live against template.
pub const EMERGENCY: Emergency = Emergency {
    stack: "payments-api-prod",
    resource: "PaymentsFn",
    property: "/MemorySize",
    template: 1024,
    live: 2048,
    by: "m.silva",
    hours_ago: 54.0,
};

/// A change made past the pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Emergency {
    /// Stack.
    pub stack: &'static str,
    /// Logical id.
    pub resource: &'static str,
    /// Property path.
    pub property: &'static str,
    /// What the template says.
    pub template: i64,
    /// What is live.
    pub live: i64,
    /// Who did it: the operator on call, not one of the four people.
    pub by: &'static str,
    /// When.
    pub hours_ago: f64,
}

/// The service whose version in qa has a red quality gate.
pub const RED_GATE: (&str, &str) = ("transfers", "5.2.0");

/// The promotion of this stack from qa to prod replaces a table.
pub const REPLACES_TABLE: (&str, &str) = ("transactions-table", "TransactionsTable");

pub(super) fn build_outcome(service: &str, version: &Version) -> Outcome {
    if (service, version.to_string().as_str()) == FAILING_BUILD {
        return Outcome::Failed("2 of 214 tests failed".to_owned());
    }
    Outcome::Succeeded
}

pub(super) fn deployment_outcome(service: &str, version: &Version, environment: &str) -> Outcome {
    if (service, version.to_string().as_str(), environment) == ROLLED_BACK {
        return Outcome::Failed(
            "Resource handler returned message: \"Neither the global service principal \
             states.amazonaws.com, nor the regional one is authorized to assume the provided role. \
             (Service: Sfn, Status Code: 400)\" (HandlerErrorCode: AccessDenied)"
                .to_owned(),
        );
    }
    Outcome::Succeeded
}

pub(super) fn author(service: &str, chance: &mut Chance) -> &'static str {
    let authors: &[&'static str] = match service {
        "payments-api" | "transfers" => &["d.mora", "s.lara", "c.alves"],
        _ => &["s.lara", "s.lara", "d.mora", "c.alves", "v.rojas"],
    };
    chance.pick(authors)
}
