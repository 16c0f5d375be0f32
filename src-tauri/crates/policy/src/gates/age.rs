//! Evidence that is too old cannot tell.

use super::Told;
use crate::length::Length;
use interlock_domain::{Timestamp, verdict::Outcome};
use jiff::SignedDuration;

/// How far the clock of who told may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// What is told of good evidence that is too old, or whose age is not known, is not good.
pub(super) fn hold(max_age: Option<Length>, told: Told, now: Timestamp) -> Told {
    let Some(max_age) = max_age.filter(|_| told.outcome == Outcome::Pass) else {
        return told;
    };
    let summary = match told.at {
        None => format!("its age is not known, and at most {max_age} counts"),
        Some(at) if at.duration_since(now) > AHEAD => {
            format!("it is told to be of {at}, which is still to come")
        }
        Some(at) => {
            let age = Length::between(at, now);
            if age <= max_age {
                return told;
            }
            format!("it is {age} old, and at most {max_age} counts")
        }
    };
    Told {
        outcome: Outcome::Unknown,
        summary: format!("{summary} ({})", told.summary),
        ..told
    }
}
