//! What must hold before a promotion goes on, who must approve it, and who may do what.
//!
//! [`judge`] is pure: a policy, facts and what was waived go in; one [`Verdict`] a gate and the
//! approval rules come out, each verdict with its rule, the values seen, their source and age. A
//! fact that is not known fails its gate. [`Authorizer`] answers who may do what, in Cedar. No
//! input or output, no clock: whoever asks gives the texts, the facts and the time.

mod approvals;
mod asked;
mod authorize;
mod cases;
mod facts;
mod file;
mod freeze;
#[doc(hidden)]
pub mod fuzz;
mod gates;
mod judge;
mod length;
mod lifting;
mod number;
mod policy;
pub mod problem;
mod rule;
mod scope;
#[cfg(test)]
mod tests;
mod together;
mod waiver;

pub use asked::{Asked, asked};
pub use authorize::{
    Action, Actor, Administration, Authorizer, CedarError, CedarProblem, Decision, Request,
    Standing, Target, guard_text, permits_text, schema_text,
};
pub use cases::{CaseResult, cases_schema, run_cases};
pub use facts::{
    ChangeFact, CommitFact, Evidence, Facts, GateFact, MeasureFact, PathFact, StackFact, Subject,
    TestCount, TestFact,
};
pub use file::{DEFAULT, KnownEnvironments, WEEKLY, cedar_file, json_schema, parse, weekday_time};
pub use freeze::{
    Forecast, Freeze, FreezeSpan, MonthDay, Monthly, Occurrence, Weekly, current_or_next, forecast,
};
pub use judge::{EmergencyMark, Given, Judgement, freezes_for, gates_for, judge};
pub use length::Length;
pub use lifting::{is_waivable, lift};
pub use number::Number;
pub use policy::{
    Approvals, BreakGlassRule, Bundle, Comparison, Consequence, Danger, DangerRule, Exclusions,
    ForecastRule, Gate, KINDS, MeasureRule, Policy, Rule, TestsRule, TicketRule, When, Without,
};
pub use problem::{PolicyError, Problem};
pub use scope::Applies;
pub use together::together;
pub use waiver::{BreakGlass, Waiver, WaiverScope};

pub use interlock_domain::{approval_rule::ApprovalRule, verdict::Verdict};
