//! Freezes that hold or are ahead.

use super::head;
use crate::{colour::sign, commands::freezes::Freezes, table::table};
use interlock_contract::Tone;
use std::fmt::Write as _;

/// The freezes of each environment.
pub fn freezes(told: &Freezes) -> String {
    let mut text = String::new();
    for view in &told.environments {
        let name = &view.environment;
        if view.freezes.is_empty() {
            let _ = writeln!(text, "{name}: no freeze is ahead");
        } else {
            let _ = writeln!(text, "{name}");
            let mut rows = vec![head(&[
                "  FREEZE",
                "STATE",
                "FROM",
                "TO",
                "ZONE",
                "DECLARED IN",
            ])];
            rows.extend(view.freezes.iter().map(|freeze| {
                let (tone, state) = if freeze.holds {
                    (Tone::Frozen, "holds")
                } else {
                    (Tone::Neutral, "ahead")
                };
                vec![
                    format!("  {} {}", sign(tone), freeze.name),
                    state.into(),
                    freeze.starts_there.clone(),
                    freeze.ends_there.clone(),
                    freeze.zone.clone(),
                    freeze.source.clone(),
                ]
            }));
            text.push_str(&table(&rows));
        }
        if let Some(forecast) = &view.forecast {
            let tone = match (&forecast.runs_into, forecast.seconds) {
                (Some(_), _) => Tone::Waiting,
                (None, None) => Tone::Unknown,
                (None, Some(_)) => Tone::Ok,
            };
            let _ = writeln!(text, "  {} {}", sign(tone), forecast.text);
        }
    }
    text
}
