//! Metrics by software quality and by severity of impact, as newer gates name them.

use super::{
    catalog::{Rule, RuleKind},
    project::Project,
};

/// The value of `software_quality_*`, `new_software_quality_*` and the ratings of new code; none for other metrics.
pub(super) fn value(project: &Project, metric: &str, at: usize) -> Option<f64> {
    let (is_new, base) = metric
        .strip_prefix("new_")
        .map_or((false, metric), |base| (true, base));
    let base = match (base.strip_prefix("software_quality_"), is_new) {
        (Some(base), _) => base,
        // Ratings of new code had names of their own before there were qualities.
        (None, true) if base.ends_with("_rating") => base,
        (None, _) => return None,
    };
    let counted = project.findings.iter().filter(|finding| {
        finding.rule.kind != RuleKind::Hotspot
            && finding.counts_at(at)
            && (!is_new || (at > 0 && finding.opened == at))
    });
    let rules = counted.map(|finding| finding.rule);
    if let Some(what) = base.strip_suffix("_issues") {
        let word = what.to_uppercase();
        let is_severity = ["BLOCKER", "HIGH", "MEDIUM", "LOW", "INFO"].contains(&word.as_str());
        let fits = |rule: &&Rule| {
            if is_severity {
                rule.impact() == word
            } else {
                rule.kind.quality() == word
            }
        };
        return Some(rules.filter(fits).count() as f64);
    }
    if let Some(quality) = base.strip_suffix("_remediation_effort") {
        let quality = quality.to_uppercase();
        let its = rules.filter(|rule| rule.kind.quality() == quality);
        return Some(its.map(|rule| f64::from(rule.minutes)).sum());
    }
    match base.strip_suffix("_rating")? {
        // Debt is small beside the size of the code everywhere.
        "maintainability" => Some(1.0),
        quality => {
            let quality = quality.to_uppercase();
            let its = rules.filter(|rule| rule.kind.quality() == quality);
            let ratings = its.map(|rule| Project::rating_of(rule.severity));
            Some(ratings.fold(1.0, f64::max))
        }
    }
}
