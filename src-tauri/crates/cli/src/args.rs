//! What can be typed.

mod dossier;
mod policy;

use clap::{Args, Parser, Subcommand, ValueEnum};
pub use dossier::Dossier;
pub use policy::{Policy, PolicyAction, PolicyExplain, PolicyTest};
use std::path::PathBuf;

/// Release management for AWS estates: what runs where, what differs, who approves.
#[derive(Debug, Parser)]
#[command(name = "interlock", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to print the result.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Estate file.
    #[arg(
        long,
        global = true,
        env = "INTERLOCK_ESTATE",
        default_value = "interlock.toml",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub estate: PathBuf,
    /// Serve the practice estate for this one command instead of opening a file.
    #[arg(long, global = true)]
    pub practice: bool,
    /// Folder for the ledger and the last known state; your data folder when left out.
    #[arg(
        long,
        global = true,
        env = "INTERLOCK_DATA",
        value_name = "FOLDER",
        hide_env_values = true
    )]
    pub data: Option<PathBuf>,
    /// Person to act as, on a practice estate only.
    #[arg(long = "as", global = true, value_name = "PERSON")]
    pub act_as: Option<String>,
}

const EXIT_CODES: &str = "Exit codes:
  0  done; nothing differs
  1  done; something differs, a gate fails, or a promotion did not succeed
  2  the command line is wrong; of diff, any trouble at all
  3  the estate file or a document cannot be used
  4  a system cannot be reached or does not let you in
  5  the present state forbids it (not approved, moved, busy)
  6  not found
  7  the outcome of a change is not known
  8  the ledger cannot be used
  9  a defect of this program
130  cancelled, or left while a deployment goes on";

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the practice estate until interrupted.
    Practice(Practice),
    /// Write a first estate file.
    Init(Init),
    /// Keep a token of yours in the keychain.
    Login(Login),
    /// Test every connection, account, region and deploy job.
    Doctor,
    /// Show what runs in each environment.
    Status(Status),
    /// Compare two sides of a service.
    Compare(Compare),
    /// Compare two template files.
    Diff(Diff),
    /// Show the variables of a service in every environment.
    Variables(Variables),
    /// Tell which environments have a commit.
    Contains(Contains),
    /// Show what was changed past CloudFormation.
    Drift(Drift),
    /// Prepare a promotion, ask for approval, or start it.
    Promote(Promote),
    /// Approve or reject a promotion.
    Approve(Approve),
    /// Reject a promotion.
    Reject(Reject),
    /// Take your request or your approval back.
    Withdraw(Withdraw),
    /// Answer for a gate that stops a promotion, until a time.
    Waive(Waive),
    /// Review a promotion that broke the glass.
    Review(Review),
    /// Show the freezes ahead, and whether a promotion would run into one.
    Freezes(Freezes),
    /// Follow a running promotion to its end.
    Follow(Follow),
    /// Show the ledger.
    Log(Log),
    /// Make the dossier of a promotion, or list the promotions of a period.
    Dossier(Dossier),
    /// Show, test and explain the policy.
    Policy(Policy),
    /// Begin, show, check, copy or anchor the whole ledger.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Show, propose and sign the roster: who may sign, with which keys.
    #[command(subcommand)]
    Roster(RosterCommand),
}

/// Options of `practice`.
#[derive(Debug, Args)]
pub struct Practice {
    /// Folder that keeps the practice estate from run to run.
    pub directory: Option<PathBuf>,
    /// Latency added to every answer, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pub latency_ms: u64,
}

/// Options of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Name of the estate.
    #[arg(long, default_value = "My estate")]
    pub name: String,
    /// Overwrite an existing file.
    #[arg(long)]
    pub force: bool,
}

/// Systems that want a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LoginSystem {
    /// Jenkins: a user name and an API token.
    Jenkins,
    /// SonarQube: a user token.
    Sonarqube,
    /// GitLab: a personal access token.
    Gitlab,
}

/// Options of `login`.
#[derive(Debug, Args)]
#[command(after_help = "The token is asked for without being shown, or read from standard input.")]
pub struct Login {
    /// System that the token is for.
    pub system: LoginSystem,
    /// User name, which Jenkins wants beside the token.
    #[arg(long)]
    pub user: Option<String>,
    /// Take the token out of the keychain.
    #[arg(long, conflicts_with = "user")]
    pub forget: bool,
}

/// Options of `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Only these services.
    pub services: Vec<String>,
    /// Only services whose environments differ.
    #[arg(long)]
    pub differences: bool,
    /// Show the last known state without asking anybody.
    #[arg(long)]
    pub offline: bool,
    /// Keep the templates too, so that this time can be compared later.
    #[arg(long, conflicts_with = "offline")]
    pub keep: bool,
}

/// Options of `compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// Service; every service when left out.
    pub service: Option<String>,
    /// Left side: ENVIRONMENT, ENVIRONMENT@TIME, REVISION@ENVIRONMENT, changeset:ARN or
    /// file:PATH@ENVIRONMENT.
    #[arg(long, value_name = "SIDE")]
    pub from: String,
    /// Right side: ENVIRONMENT, ENVIRONMENT@TIME, REVISION@ENVIRONMENT, changeset:ARN or
    /// file:PATH@ENVIRONMENT.
    #[arg(long, value_name = "SIDE")]
    pub to: String,
    /// Show expected differences too.
    #[arg(long)]
    pub all: bool,
}

/// Options of `variables`.
#[derive(Debug, Args)]
pub struct Variables {
    /// Service.
    pub service: String,
    /// Show the same and expected ones too.
    #[arg(long)]
    pub all: bool,
}

/// Options of `contains`.
#[derive(Debug, Args)]
#[command(
    after_help = "Ends with 0 when every environment that runs the service has it, and with 1 when one has not or it is not known."
)]
pub struct Contains {
    /// Commit, tag or branch.
    #[arg(value_name = "COMMIT")]
    pub revision: String,
    /// Only this service; every service whose repository has the commit when left out.
    #[arg(long)]
    pub service: Option<String>,
}

/// Options of `drift`.
#[derive(Debug, Args)]
#[command(
    after_help = "Ends with 0 when every stack is in sync, and with 1 when one has drifted or it is not known."
)]
pub struct Drift {
    /// Service.
    pub service: String,
    /// Environment.
    pub environment: String,
    /// Let AWS look now, stack by stack; without it the last look is told.
    #[arg(long)]
    pub detect: bool,
}

/// Options of `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// Template before: a file, git:REV:PATH, env:NAME/STACK[@TIME] or changeset:ARN.
    pub before: String,
    /// Template after, likewise.
    pub after: String,
    /// Variable document of the template before.
    #[arg(long, value_name = "FILE", alias = "before-variables")]
    pub before_parameters: Option<PathBuf>,
    /// Variable document of the template after.
    #[arg(long, value_name = "FILE", alias = "after-variables")]
    pub after_parameters: Option<PathBuf>,
    /// Account id of sides that do not know theirs, for AWS::AccountId.
    #[arg(long, value_name = "ID")]
    pub account: Option<String>,
    /// Region of sides that do not know theirs, for AWS::Region and what follows from it.
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Git repository of git: sides; the one around the current folder when left out.
    #[arg(long, value_name = "FOLDER")]
    pub repository: Option<PathBuf>,
}

/// Options of `promote`.
#[derive(Debug, Args)]
pub struct Promote {
    /// Services to prepare (with --to), which then go together in the order in which they depend on
    /// each other; or the id of a promotion.
    #[arg(value_name = "SERVICE|PROMOTION", required_unless_present = "all")]
    pub subjects: Vec<String>,
    /// Every service that the environment before it runs otherwise: promotes that combination.
    #[arg(long, requires = "to", conflicts_with = "subjects")]
    pub all: bool,
    /// Environment to bring it into.
    #[arg(long, value_name = "ENVIRONMENT", required_unless_present_any = ["request", "execute", "abandon", "abort", "again", "break_glass"])]
    pub to: Option<String>,
    /// Ask for approval: at once, or of a promotion that was prepared before.
    #[arg(long, conflicts_with_all = ["execute", "abandon", "abort"])]
    pub request: bool,
    /// Start an approved promotion and follow it.
    #[arg(long, conflicts_with_all = ["to", "abandon", "abort", "again"])]
    pub execute: bool,
    /// Break the glass for an incident, with the reason in --comment: what the policy names is
    /// passed over, approvals are not waited for, and a review is owed. With --execute it is
    /// started at once.
    #[arg(long, value_name = "INCIDENT", conflicts_with_all = ["to", "request", "abandon", "abort", "again"])]
    pub break_glass: Option<String>,
    /// Prepare it again.
    #[arg(long, conflicts_with_all = ["to", "abandon", "abort"])]
    pub again: bool,
    /// Give it up.
    #[arg(long, conflicts_with_all = ["to", "abort"])]
    pub abandon: bool,
    /// Stop the running deployment.
    #[arg(long, conflicts_with = "to")]
    pub abort: bool,
    /// Comment for the record.
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    pub comment: String,
    /// Name of the environment, to confirm starting or stopping in production.
    #[arg(long, value_name = "ENVIRONMENT")]
    pub confirm: Option<String>,
}

/// Options of `approve`.
#[derive(Debug, Args)]
pub struct Approve {
    /// Promotion id.
    pub promotion: String,
    /// Manifest that you have read: the first twelve digits of its digest at least, as
    /// `interlock follow PROMOTION --show` shows them; an approval needs it.
    #[arg(long, value_name = "DIGEST")]
    pub digest: Option<String>,
    /// Reject instead; needs a reason.
    #[arg(long, value_name = "REASON")]
    pub reject: Option<String>,
    /// Comment for the record.
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    pub comment: String,
}

/// Options of `reject`.
#[derive(Debug, Args)]
pub struct Reject {
    /// Promotion id.
    pub promotion: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Manifest that you have read; whatever stands there when left out.
    #[arg(long, value_name = "DIGEST")]
    pub digest: Option<String>,
}

/// Options of `withdraw`.
#[derive(Debug, Args)]
#[command(
    after_help = "Who asked for a promotion takes the request back: it is a draft again. Who approved it takes the approval back."
)]
pub struct Withdraw {
    /// Promotion id.
    pub promotion: String,
    /// Why.
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    pub reason: String,
}

/// Options of `waive`.
#[derive(Debug, Args)]
#[command(
    override_usage = "interlock waive <PROMOTION> --gate <RULE> --until <TIME> --reason <TEXT>",
    after_help = "Approvals so far count for nothing then, and the policy asks for one more. The gate is never shown as passed."
)]
pub struct Waive {
    /// Promotion id.
    pub promotion: String,
    /// Rule of the gate, as `interlock policy explain` shows it.
    #[arg(long, value_name = "RULE")]
    pub gate: String,
    /// Service whose gate it is, where it stops several.
    #[arg(long, value_name = "SERVICE")]
    pub service: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Until when: a time such as 2026-12-01T18:00:00Z, or a length from now such as 24h or 3d.
    #[arg(long, value_name = "TIME")]
    pub until: String,
    /// Who answers for it; you when left out.
    #[arg(long, value_name = "PERSON")]
    pub owner: Option<String>,
    /// Manifest that you have read; whatever stands there when left out.
    #[arg(long, value_name = "DIGEST")]
    pub digest: Option<String>,
}

/// Options of `review`.
#[derive(Debug, Args)]
pub struct Review {
    /// Promotion id.
    pub promotion: String,
    /// What was found.
    #[arg(long, value_name = "TEXT")]
    pub comment: String,
}

/// Options of `freezes`.
#[derive(Debug, Args)]
#[command(
    after_help = "Ends with 1 when a freeze holds in an environment that is shown, or a promotion that is started now would run into one."
)]
pub struct Freezes {
    /// Environment; every one when left out.
    pub environment: Option<String>,
    /// Service that would be promoted: its own freezes, and how long it takes by its past.
    #[arg(long, requires = "environment")]
    pub service: Option<String>,
}

/// Options of `follow`.
#[derive(Debug, Args)]
pub struct Follow {
    /// Promotion id; all promotions are listed when left out.
    pub promotion: Option<String>,
    /// Only show it as it stands.
    #[arg(long)]
    pub show: bool,
    /// Drive it from here although another process does, with the reason. Without this a run is
    /// looked on at while somebody drives it, and gone on with once nobody does.
    #[arg(long, value_name = "REASON", conflicts_with = "show")]
    pub take_over: Option<String>,
    /// Answer the waiting input step: `proceed` or `abort`.
    #[arg(long, value_parser = ["proceed", "abort"])]
    pub answer: Option<String>,
}

/// Options of `log`.
#[derive(Debug, Args)]
pub struct Log {
    /// Only entries of this promotion.
    pub promotion: Option<String>,
    /// At most so many, newest first.
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
    /// Only entries that count for nothing, with the reason.
    #[arg(long)]
    pub ignored: bool,
}

/// Commands of `ledger`.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Check the place of the ledger, and begin it with its first roster.
    Init(LedgerInit),
    /// Show entries with who signed them, or why they count for nothing.
    Show(LedgerShow),
    /// Check every entry; ends with 1 when the ledger is broken.
    Verify(LedgerVerify),
    /// Copy the ledger into a folder that can be checked without this program.
    Export(LedgerExport),
    /// Print what is seen of the ledger now, signed, to be kept elsewhere.
    Checkpoint,
}

/// Options of `ledger init`.
#[derive(Debug, Args)]
#[command(
    after_help = "Ends with 1 when the place is not fit, or not known to be: then nothing is begun."
)]
pub struct LedgerInit {
    /// Print the CloudFormation template of the bucket, and do nothing else.
    #[arg(long)]
    pub template: bool,
    /// Begin although something does not hold; for trials.
    #[arg(long, conflicts_with = "template")]
    pub despite_findings: bool,
}

/// Options of `ledger show`.
#[derive(Debug, Args)]
pub struct LedgerShow {
    /// One entry, by its number, word for word; all entries when left out.
    #[arg(value_name = "ENTRY")]
    pub entry: Option<u32>,
}

/// Commands of `roster`.
#[derive(Debug, Subcommand)]
pub enum RosterCommand {
    /// Show the roster in force, what waits for signatures, and what the estate file wants.
    Show,
    /// Propose what the estate file says of people, keys and administrators, and sign for it.
    Propose,
    /// Sign for a proposed roster.
    Sign(RosterSign),
    /// Say that a key counts for nothing any more, such as one that was stolen.
    Revoke(RosterRevoke),
    /// Print the public key that you sign with on this computer, for the estate file.
    Key(RosterKey),
}

/// Options of `roster sign`.
#[derive(Debug, Args)]
pub struct RosterSign {
    /// Roster that you have read: the first twelve digits of its digest at least, as `interlock roster
    /// show` shows them.
    pub digest: String,
}

/// Options of `roster revoke`.
#[derive(Debug, Args)]
#[command(
    after_help = "An administrator revokes any key, everybody their own. What was approved with it and not begun counts no more; what was done is marked."
)]
pub struct RosterRevoke {
    /// Key: the first eight digits of its id at least, as `interlock roster show` shows them.
    pub key: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// First entry at which it does not count; may lie in the past. From now on when left out.
    #[arg(long, value_name = "ENTRY")]
    pub from: Option<u64>,
}

/// Options of `roster key`.
#[derive(Debug, Args)]
#[command(
    after_help = "WHERE is `keychain`, `agent:FILE.pub` or `agent:\"ssh-ed25519 ...\"` for a key in your ssh-agent, or `kms:ARN` for one in AWS KMS. INTERLOCK_SIGN_WITH says it for one command."
)]
pub struct RosterKey {
    /// Sign with this key from now on, on this computer.
    #[arg(long, value_name = "WHERE")]
    pub r#use: Option<String>,
}

/// Options of `ledger verify`.
#[derive(Debug, Args)]
pub struct LedgerVerify {
    /// Folder of an export; the estate's own ledger when left out.
    pub export: Option<PathBuf>,
    /// File with a checkpoint that the ledger has to hold to.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
}

/// Options of `ledger export`.
#[derive(Debug, Args)]
pub struct LedgerExport {
    /// Folder; new, or empty.
    pub folder: PathBuf,
}
