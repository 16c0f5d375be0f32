//! Beginning a ledger: its place is checked, and its first roster is signed for.

use crate::Host;
use interlock_connect_aws::{Check, CheckOutcome, LEDGER_TEMPLATE};
use interlock_contract::{
    error::ErrorEnvelope,
    team::{BeginningName, LedgerBeginningView, PlaceCheckName, PlaceCheckView},
};
use interlock_ledger::changes::changes;

/// The CloudFormation template of a team's bucket.
pub const fn ledger_template() -> &'static str {
    LEDGER_TEMPLATE
}

impl Host {
    /// Checks the place of the ledger, and begins the log with the roster that the estate file
    /// describes. A place that is not fit, or not known to be, is left alone unless `despite` says
    /// otherwise.
    pub async fn begin_ledger(&self, despite: bool) -> Result<LedgerBeginningView, ErrorEnvelope> {
        let console = self.console();
        let checks = self.check_place();
        let is_fit = checks
            .iter()
            .all(|check| check.outcome == PlaceCheckName::Holds);
        let view = |state: BeginningName, roster: Option<String>, changes: Vec<String>| {
            LedgerBeginningView {
                origin: console.ledger.origin().to_owned(),
                place: console.ledger.place(),
                checks: checks.clone(),
                state,
                roster,
                changes,
            }
        };
        if !is_fit && !despite {
            return Ok(view(BeginningName::Refused, None, Vec::new()));
        }
        let begun = console.begin_log().await;
        let Some(signed) = begun.map_err(|error| self.explain(error))? else {
            return Ok(view(BeginningName::Before, None, Vec::new()));
        };
        let state = if signed.in_force {
            BeginningName::Begun
        } else {
            BeginningName::Waiting
        };
        let said = changes(None, &signed.roster);
        Ok(view(state, Some(signed.digest.to_string()), said))
    }

    fn check_place(&self) -> Vec<PlaceCheckView> {
        let Some(bucket) = &self.bucket else {
            return Vec::new();
        };
        bucket.check_place().into_iter().map(of_check).collect()
    }
}

fn of_check(check: Check) -> PlaceCheckView {
    PlaceCheckView {
        what: check.what.to_owned(),
        outcome: match check.outcome {
            CheckOutcome::Holds => PlaceCheckName::Holds,
            CheckOutcome::Broken => PlaceCheckName::Broken,
            CheckOutcome::Unknown => PlaceCheckName::Unknown,
        },
        detail: check.detail,
        mend: check.mend,
    }
}
