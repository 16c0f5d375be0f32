//! What can be typed after `policy`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Options of `policy`.
#[derive(Debug, Args)]
pub struct Policy {
    /// What to do with it.
    #[command(subcommand)]
    pub action: PolicyAction,
}

/// What to do with the policy.
#[derive(Debug, Subcommand)]
pub enum PolicyAction {
    /// Print the policy that is in force.
    Show(PolicyShow),
    /// Run policy cases: given facts, expected verdicts, approvals and decisions.
    Test(PolicyTest),
    /// Tell which rules apply to a promotion, and why.
    Explain(PolicyExplain),
}

/// Options of `policy show`.
#[derive(Debug, Args)]
pub struct PolicyShow {
    /// Print the built-in policy, to begin a file of your own with.
    #[arg(long)]
    pub default: bool,
}

/// Options of `policy test`.
#[derive(Debug, Args)]
#[command(
    after_help = "Ends with 0 when every case is as expected, with 1 when one is not, and with 3 when a file cannot be used."
)]
pub struct PolicyTest {
    /// Policy file; the one that the estate file names when left out.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// File of cases; policy-cases.toml beside the policy file when left out.
    #[arg(long, value_name = "FILE")]
    pub cases: Option<PathBuf>,
}

/// Options of `policy explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "With --promotion it ends with 1 when a gate stops the promotion, and with 0 otherwise."
)]
pub struct PolicyExplain {
    /// Service.
    pub service: String,
    /// Environment that it goes to.
    #[arg(long, value_name = "ENVIRONMENT")]
    pub to: String,
    /// Promotion to judge now: verdicts with the values seen, their source and age.
    #[arg(long, value_name = "PROMOTION")]
    pub promotion: Option<String>,
}
