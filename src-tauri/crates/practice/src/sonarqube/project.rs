//! A project: its analyses, and what each one measured.

use super::{
    catalog::RuleKind,
    findings::{self, Finding},
    qualities,
    wire::number,
};
use crate::bank::{Bank, Chance, Release, Service, story};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A project.
#[derive(Debug, Clone)]
pub(super) struct Project {
    pub key: String,
    pub name: String,
    pub uuid: String,
    /// Owning team, as a tag.
    pub team: String,
    pub analyses: Vec<Analysis>,
    pub findings: Vec<Finding>,
}

/// An analysis: one build of one version.
#[derive(Debug, Clone)]
pub(super) struct Analysis {
    pub key: String,
    pub task: String,
    pub time: Timestamp,
    pub version: String,
    pub revision: String,
    /// Numbers that are not counted from findings.
    code: Code,
}

#[derive(Debug, Clone, Copy)]
struct Code {
    ncloc: f64,
    coverage: f64,
    duplication: f64,
    tests: f64,
    new_lines: f64,
    new_coverage: f64,
    new_duplication: f64,
}

/// A condition of the quality gate: metric, comparator, threshold.
pub(super) const CONDITIONS: [(&str, &str, &str); 4] = [
    ("new_violations", "GT", "0"),
    ("new_coverage", "LT", "80"),
    ("new_duplicated_lines_density", "GT", "3"),
    ("new_security_hotspots_reviewed", "LT", "100"),
];

impl Project {
    /// The project of a service: an analysis for each build that got that far.
    pub fn of(bank: &Bank, service: &Service) -> Self {
        let releases: Vec<&Release> = bank
            .releases_of(&service.name)
            .filter(|release| release.outcome.succeeded())
            .collect();
        let mut code = CodeWalk::of(service, releases.len());
        let analyses = releases
            .iter()
            .enumerate()
            .map(|(index, release)| Analysis {
                key: uuid_of(&format!("analysis {} {}", service.name, release.version)),
                task: uuid_of(&format!("task {} {}", service.name, release.version)),
                time: release.time + SignedDuration::from_mins(6),
                version: release.version.to_string(),
                revision: release.commit.clone(),
                code: code.step(service, release, index),
            })
            .collect();
        Self {
            key: service.sonarqube_project(),
            name: service.name.clone(),
            uuid: uuid_of(&service.name),
            team: service.team.to_lowercase().replace(' ', "-"),
            analyses,
            findings: findings::of(service, &releases),
        }
    }

    /// Index of the last analysis.
    pub fn last(&self) -> Option<usize> {
        self.analyses.len().checked_sub(1)
    }

    /// Value of a metric at an analysis, and whether it is one of new code.
    pub fn value(&self, metric: &str, at: usize) -> Option<String> {
        let code = &self.analyses.get(at)?.code;
        let open = |kind: RuleKind| self.count(|f| f.rule.kind == kind && f.counts_at(at));
        let new = |kind: RuleKind| {
            self.count(|f| f.rule.kind == kind && f.counts_at(at) && f.opened == at && at > 0)
        };
        let reviewed = self.count(|f| {
            f.rule.kind == RuleKind::Hotspot
                && f.is_open_at(at)
                && f.reviewed.is_some_and(|(when, _)| when <= at)
        });
        let hotspots = open(RuleKind::Hotspot);
        let debt = self.debt(at);
        let value = match metric {
            "alert_status" => return Some(self.gate(at).to_owned()),
            "quality_gate_details" => return Some(self.gate_details(at)),
            "ncloc" => code.ncloc,
            "coverage" => code.coverage,
            "lines_to_cover" => (code.ncloc * 0.6).round(),
            "duplicated_lines_density" => code.duplication,
            "tests" => code.tests,
            "test_errors" | "test_failures" | "new_security_hotspots" => 0.0,
            "test_success_density" | "new_security_hotspots_reviewed" => 100.0,
            "bugs" => open(RuleKind::Bug),
            "vulnerabilities" => open(RuleKind::Vulnerability),
            "code_smells" => open(RuleKind::Smell),
            "violations" => {
                open(RuleKind::Bug) + open(RuleKind::Vulnerability) + open(RuleKind::Smell)
            }
            "accepted_issues" => self.count(|f| f.is_accepted && f.is_open_at(at)),
            "security_hotspots" => hotspots - reviewed,
            "security_hotspots_reviewed" if hotspots == 0.0 => return None,
            "security_hotspots_reviewed" => reviewed * 100.0 / hotspots,
            "security_review_rating" if hotspots == 0.0 || reviewed >= hotspots * 0.8 => 1.0,
            "security_review_rating" => 5.0 - (reviewed * 4.0 / hotspots).floor(),
            "sqale_index" => debt,
            "sqale_debt_ratio" => debt * 100.0 / (code.ncloc * 30.0),
            "sqale_rating" => 1.0,
            "reliability_rating" => self.rating(RuleKind::Bug, at),
            "security_rating" => self.rating(RuleKind::Vulnerability, at),
            "new_lines" => code.new_lines,
            "new_coverage" => code.new_coverage,
            "new_duplicated_lines_density" => code.new_duplication,
            "new_bugs" => new(RuleKind::Bug),
            "new_vulnerabilities" => new(RuleKind::Vulnerability),
            "new_code_smells" => new(RuleKind::Smell),
            "new_violations" => {
                new(RuleKind::Bug) + new(RuleKind::Vulnerability) + new(RuleKind::Smell)
            }
            other => qualities::value(self, other, at)?,
        };
        Some(if metric.ends_with("_rating") {
            format!("{value:.1}")
        } else {
            number(value)
        })
    }

    /// The gate and its conditions, as JSON in a string.
    fn gate_details(&self, at: usize) -> String {
        let conditions: Vec<Value> = CONDITIONS
            .iter()
            .map(|(metric, comparator, threshold)| {
                let failed = self.fails(metric, comparator, threshold, at);
                json!({
                    "metric": metric,
                    "op": comparator,
                    "period": 1,
                    "error": threshold,
                    "actual": self.value(metric, at),
                    "level": if failed { "ERROR" } else { "OK" },
                })
            })
            .collect();
        let details = json!({
            "level": self.gate(at),
            "conditions": conditions,
            "ignoredConditions": false,
        });
        details.to_string()
    }

    /// Files in which something was ever found, by path.
    pub fn files(&self) -> Vec<&str> {
        let files: BTreeSet<&str> = self.findings.iter().map(|f| f.file.as_str()).collect();
        files.into_iter().collect()
    }

    /// How many findings of a file a metric counts; none for metrics that count something else.
    pub fn findings_of(&self, file: &str, metric: &str, at: usize) -> Option<usize> {
        let kinds: &[RuleKind] = match metric {
            "bugs" => &[RuleKind::Bug],
            "vulnerabilities" => &[RuleKind::Vulnerability],
            "code_smells" => &[RuleKind::Smell],
            "violations" => &[RuleKind::Bug, RuleKind::Vulnerability, RuleKind::Smell],
            _ => return None,
        };
        let counted = self
            .findings
            .iter()
            .filter(|f| f.file == file && kinds.contains(&f.rule.kind) && f.counts_at(at));
        Some(counted.count())
    }

    /// `OK` or `ERROR`.
    pub fn gate(&self, at: usize) -> &'static str {
        let failed = CONDITIONS
            .iter()
            .any(|(metric, comparator, threshold)| self.fails(metric, comparator, threshold, at));
        if failed { "ERROR" } else { "OK" }
    }

    /// Whether a condition is not met.
    pub fn fails(&self, metric: &str, comparator: &str, threshold: &str, at: usize) -> bool {
        let value = self.value(metric, at).and_then(|v| v.parse::<f64>().ok());
        let (Some(value), Ok(threshold)) = (value, threshold.parse::<f64>()) else {
            return false;
        };
        match comparator {
            "GT" => value > threshold,
            _ => value < threshold,
        }
    }

    fn count(&self, is_counted: impl Fn(&Finding) -> bool) -> f64 {
        self.findings.iter().filter(|f| is_counted(f)).count() as f64
    }

    fn debt(&self, at: usize) -> f64 {
        self.findings
            .iter()
            .filter(|f| f.rule.kind == RuleKind::Smell && f.counts_at(at))
            .map(|f| f64::from(f.rule.minutes))
            .sum()
    }

    /// The rating that a finding of a severity leads to.
    pub fn rating_of(severity: &str) -> f64 {
        match severity {
            "BLOCKER" => 5.0,
            "CRITICAL" => 4.0,
            "MAJOR" => 3.0,
            _ => 2.0,
        }
    }

    /// 1.0 without a finding of the kind, else after the worst one.
    fn rating(&self, kind: RuleKind, at: usize) -> f64 {
        self.findings
            .iter()
            .filter(|f| f.rule.kind == kind && f.counts_at(at))
            .map(|f| Self::rating_of(f.rule.severity))
            .fold(1.0, f64::max)
    }
}

/// How the numbers of code move from version to version.
struct CodeWalk {
    chance: Chance,
    code: Code,
    /// Where coverage arrives, in so many steps.
    target: f64,
    steps: usize,
}

impl CodeWalk {
    fn of(service: &Service, steps: usize) -> Self {
        let mut chance = Chance::of(&format!("code of {}", service.name));
        let target = match service.name.as_str() {
            "payments-api" => 81.4,
            "transfers" => 78.6,
            "customer-portal" => 77.9,
            "cards" => 83.0,
            _ => chance.between(72.0, 93.0),
        };
        let code = Code {
            ncloc: chance.between(2_400.0, 14_000.0).round(),
            coverage: target - chance.between(1.0, 6.0),
            duplication: chance.between(0.3, 4.5),
            tests: chance.between(120.0, 620.0).round(),
            new_lines: 0.0,
            new_coverage: 90.0,
            new_duplication: 0.0,
        };
        Self {
            chance,
            code,
            target,
            steps,
        }
    }

    fn step(&mut self, service: &Service, release: &Release, index: usize) -> Code {
        let left = (self.steps - index) as f64;
        let chance = &mut self.chance;
        let code = &mut self.code;
        code.new_lines = chance.between(40.0, 420.0).round();
        code.ncloc += (code.new_lines * 0.4).round();
        code.coverage += (self.target - code.coverage) / left;
        code.tests += chance.between(0.0, 9.0).round();
        code.new_coverage = chance.between(82.0, 98.0);
        code.new_duplication = chance.between(0.0, 2.4);
        let is_red =
            (service.name.as_str(), release.version.to_string().as_str()) == story::RED_GATE;
        if is_red {
            code.coverage = 64.0;
            code.new_coverage = 41.7;
        }
        *code
    }
}

/// An id of a name, in the form of a UUID.
fn uuid_of(name: &str) -> String {
    let mut chance = Chance::of(name);
    let mut hex = || format!("{:04x}", chance.whole(0, 0x1_0000));
    format!(
        "{}{}-{}-4{}-a{}-{}{}{}",
        hex(),
        hex(),
        hex(),
        &hex()[1..],
        &hex()[1..],
        hex(),
        hex(),
        hex()
    )
}
