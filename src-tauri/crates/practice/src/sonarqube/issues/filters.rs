//! Which issues a search finds, and in what order.

use super::super::{
    Sonarqube,
    wire::{Refused, flag, moment, some_of},
};
use super::issue::Issue;
use crate::web::Request;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// Filters by property: name of the parameter, older names of it.
const FILTERS: [(&str, &[&str]); 15] = [
    ("severities", &[]),
    ("impactSeverities", &[]),
    ("impactSoftwareQualities", &[]),
    ("types", &[]),
    ("rules", &[]),
    ("issueStatuses", &[]),
    ("statuses", &[]),
    ("resolutions", &[]),
    ("tags", &[]),
    ("projects", &["components", "componentKeys"]),
    ("author", &[]),
    ("languages", &[]),
    ("files", &[]),
    ("assignees", &[]),
    ("cleanCodeAttributeCategories", &[]),
];

/// The words that some filters take.
const WORDS: [(&str, &[&str]); 8] = [
    (
        "severities",
        &["INFO", "MINOR", "MAJOR", "CRITICAL", "BLOCKER"],
    ),
    (
        "impactSeverities",
        &["INFO", "LOW", "MEDIUM", "HIGH", "BLOCKER"],
    ),
    (
        "impactSoftwareQualities",
        &["MAINTAINABILITY", "RELIABILITY", "SECURITY"],
    ),
    ("types", &["CODE_SMELL", "BUG", "VULNERABILITY"]),
    (
        "issueStatuses",
        &[
            "OPEN",
            "CONFIRMED",
            "FALSE_POSITIVE",
            "ACCEPTED",
            "FIXED",
            "IN_SANDBOX",
        ],
    ),
    (
        "statuses",
        &["OPEN", "CONFIRMED", "REOPENED", "RESOLVED", "CLOSED"],
    ),
    (
        "resolutions",
        &["FALSE-POSITIVE", "WONTFIX", "FIXED", "REMOVED"],
    ),
    (
        "cleanCodeAttributeCategories",
        &["ADAPTABLE", "CONSISTENT", "INTENTIONAL", "RESPONSIBLE"],
    ),
];
/// Filters by security standards.
const STANDARDS: [&str; 6] = [
    "cwe",
    "owaspTop10",
    "owaspTop10-2021",
    "owaspAsvs-4.0",
    "pciDss-4.0",
    "sonarsourceSecurity",
];

/// Keeps the issues that fit every filter.
pub(super) fn keep(
    sonarqube: &Sonarqube,
    request: &Request,
    found: &mut Vec<Issue<'_>>,
) -> Result<(), Refused> {
    for (name, words) in WORDS {
        some_of(request, name, words)?;
    }
    for (property, aliases) in FILTERS {
        let names = std::iter::once(property).chain(aliases.iter().copied());
        let wanted: BTreeSet<&str> = names.flat_map(|name| request.words(name)).collect();
        if !wanted.is_empty() {
            found.retain(|issue| {
                issue
                    .words(property)
                    .iter()
                    .any(|w| wanted.contains(w.as_str()))
            });
        }
    }
    keep_more(sonarqube, request, found)
}

/// The filters that are no lists of words.
fn keep_more(
    sonarqube: &Sonarqube,
    request: &Request,
    found: &mut Vec<Issue<'_>>,
) -> Result<(), Refused> {
    let after = match moment(request, "createdAfter", false)? {
        None => lately(sonarqube, request)?,
        after => after,
    };
    let at = moment(request, "createdAt", false)?;
    let before = moment(request, "createdBefore", true)?;
    let only_new = flag(request, "inNewCodePeriod")?.unwrap_or(false)
        || flag(request, "sinceLeakPeriod")?.unwrap_or(false);
    if only_new && after.is_some() {
        return Err(Refused::bad_request(
            "Parameters 'createdAfter' and 'inNewCodePeriod' cannot be set simultaneously",
        ));
    }
    let resolved = flag(request, "resolved")?;
    let folders = request.words("directories");
    let keys = request.words("issues");
    found.retain(|issue| {
        let created = issue.created();
        after.is_none_or(|after| created >= after)
            && at.is_none_or(|at| created == at)
            && before.is_none_or(|before| created < before)
            && (!only_new || issue.is_new())
            && resolved.is_none_or(|wanted| issue.state().2.is_some() == wanted)
            && (folders.is_empty() || folders.iter().any(|f| is_below(&issue.finding.file, f)))
            && (keys.is_empty() || keys.contains(&issue.finding.key.as_str()))
    });
    // Nobody is assigned, and no rule here names a weakness of a standard.
    let is_impossible = flag(request, "assigned")? == Some(true)
        || STANDARDS.iter().any(|name| request.field(name).is_some());
    if is_impossible {
        found.clear();
    }
    Ok(())
}

fn is_below(file: &str, folder: &str) -> bool {
    file.strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// The moment from which on `createdInLast` looks: years, months, weeks and days, such as `1m2w`.
fn lately(sonarqube: &Sonarqube, request: &Request) -> Result<Option<Timestamp>, Refused> {
    let Some(text) = request.field("createdInLast") else {
        return Ok(None);
    };
    let wrong = || Refused::bad_request(&format!("Invalid format: \"{text}\""));
    let mut days = 0_i64;
    let mut digits = String::new();
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let count: i64 = digits.parse().map_err(|_| wrong())?;
        digits.clear();
        let unit = match letter {
            'y' => 365,
            'm' => 30,
            'w' => 7,
            'd' => 1,
            _ => return Err(wrong()),
        };
        days = days.saturating_add(count.saturating_mul(unit));
    }
    if !digits.is_empty() || days > 36_500 {
        return Err(wrong());
    }
    Ok(Some(sonarqube.now - SignedDuration::from_hours(24 * days)))
}

/// Puts them in the order that the request wants.
pub(super) fn sort(request: &Request, found: &mut [Issue<'_>]) -> Result<(), Refused> {
    let rank = |issue: &Issue<'_>| {
        ["INFO", "MINOR", "MAJOR", "CRITICAL", "BLOCKER"]
            .iter()
            .position(|severity| *severity == issue.finding.rule.severity)
    };
    match request.field("s").unwrap_or("CREATION_DATE") {
        "CREATION_DATE" => found.sort_by_key(Issue::created),
        "UPDATE_DATE" => found.sort_by_key(|i| i.closed().unwrap_or_else(|| i.created())),
        "CLOSE_DATE" => found.sort_by_key(Issue::closed),
        "SEVERITY" => found.sort_by_key(rank),
        "STATUS" => found.sort_by_key(|issue| issue.state().1),
        "FILE_LINE" => found.sort_by_key(|i| (i.finding.file.clone(), i.finding.line)),
        other => {
            return Err(Refused::bad_request(&format!(
                "Value of parameter 's' ({other}) must be one of: [CLOSE_DATE, CREATION_DATE, \
                 FILE_LINE, HOTSPOTS, SEVERITY, STATUS, UPDATE_DATE]"
            )));
        }
    }
    // Newest first unless asked otherwise; equal ones stay in the order of their projects.
    if flag(request, "asc")? == Some(false) || request.field("s").is_none() {
        found.reverse();
    }
    Ok(())
}
