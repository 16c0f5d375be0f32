//! Figures: what was measured many times, and whether it keeps its bound.

use serde_json::{Value, json};

/// One quantity, measured many times.
#[derive(Debug, Clone, Default)]
pub struct Series(Vec<f64>);

impl Series {
    /// Takes one more measurement.
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// Takes many more.
    pub fn extend(&mut self, values: impl IntoIterator<Item = f64>) {
        self.0.extend(values);
    }

    /// The value below which so large a part of the measurements lies (nearest rank).
    pub fn quantile(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank is small and not negative"
        )]
        let rank = (part * sorted.len() as f64).ceil() as usize;
        sorted
            .get(rank.saturating_sub(1))
            .copied()
            .unwrap_or(f64::NAN)
    }

    /// The middle.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The 95th percentile.
    pub fn p95(&self) -> f64 {
        self.quantile(0.95)
    }
}

struct Line {
    what: String,
    unit: &'static str,
    series: Series,
}

struct Bound {
    what: String,
    found: f64,
    limit: f64,
}

/// Everything that was found, in order.
#[derive(Default)]
pub struct Report {
    lines: Vec<Line>,
    bounds: Vec<Bound>,
    notes: Vec<String>,
}

impl Report {
    /// Adds a quantity.
    pub fn line(&mut self, what: impl Into<String>, unit: &'static str, series: &Series) {
        let what = what.into();
        progress(format_args!(
            "{what}: median {:.1}, p95 {:.1} {unit}",
            series.median(),
            series.p95()
        ));
        self.lines.push(Line {
            what,
            unit,
            series: series.clone(),
        });
    }

    /// Adds what has to stay at or below a limit.
    pub fn bound(&mut self, what: impl Into<String>, found: f64, limit: f64) {
        self.bounds.push(Bound {
            what: what.into(),
            found,
            limit,
        });
    }

    /// Adds a sentence.
    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    /// The report for people.
    pub fn table(&self) -> String {
        use std::fmt::Write as _;
        let mut text = format!(
            "\n{:<58} {:>5} {:>9} {:>9}\n",
            "measured", "times", "median", "p95"
        );
        for Line { what, unit, series } in &self.lines {
            let (times, median, p95) = (series.0.len(), series.median(), series.p95());
            let _ = writeln!(
                text,
                "{what:<58} {times:>5} {median:>9.1} {p95:>9.1} {unit}"
            );
        }
        let _ = writeln!(text, "\n{:<76} {:>7} {:>7}", "bound", "found", "limit");
        for bound in &self.bounds {
            let verdict = if bound.found <= bound.limit {
                "kept"
            } else {
                "MISSED"
            };
            let Bound { what, found, limit } = bound;
            let _ = writeln!(text, "{what:<76} {found:>7.2} {limit:>7.2}  {verdict}");
        }
        for note in &self.notes {
            let _ = writeln!(text, "\n{note}");
        }
        text
    }

    /// The report for programs.
    pub fn json(&self) -> Value {
        let lines: Vec<Value> = self
            .lines
            .iter()
            .map(|Line { what, unit, series }| {
                json!({ "what": what, "unit": unit, "median": series.median(),
                    "p95": series.p95(), "all": series.0 })
            })
            .collect();
        let bounds: Vec<Value> = self
            .bounds
            .iter()
            .map(|bound| {
                json!({ "what": bound.what, "found": bound.found, "limit": bound.limit,
                    "kept": bound.found <= bound.limit })
            })
            .collect();
        json!({ "measured": lines, "bounds": bounds, "notes": self.notes })
    }
}

/// Says on standard error how far it is.
pub fn progress(sentence: impl std::fmt::Display) {
    #[expect(clippy::print_stderr, reason = "it tells how far the measuring is")]
    {
        eprintln!("bench: {sentence}");
    }
}
