//! What can be typed after `dossier`.

use clap::Args;
use std::path::PathBuf;

/// Options of `dossier`.
#[derive(Debug, Args)]
#[command(
    after_help = "The dossier says of each of 33 kinds of evidence whether it is there, and why not. It can be checked without this program: VERIFY.md in it has the commands. Dates are days in UTC, both ends belong to the period."
)]
pub struct Dossier {
    /// Promotion.
    #[arg(required_unless_present = "population")]
    pub promotion: Option<String>,
    /// New file: an archive (.zip); with --population a table (.csv), and the same as .json beside it.
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace e-mail addresses, comments and parameter values by salted digests, and leave out raw
    /// evidence that holds them.
    #[arg(long, conflicts_with = "population")]
    pub redact: bool,
    /// List every promotion of a period instead.
    #[arg(long, conflicts_with = "promotion", requires_all = ["from", "to"])]
    pub population: bool,
    /// First day of the period.
    #[arg(long, value_name = "DATE", requires = "population")]
    pub from: Option<jiff::civil::Date>,
    /// Last day of the period.
    #[arg(long, value_name = "DATE", requires = "population")]
    pub to: Option<jiff::civil::Date>,
    /// Environment; every one when left out.
    #[arg(long, value_name = "ENVIRONMENT", requires = "population")]
    pub env: Option<String>,
}
