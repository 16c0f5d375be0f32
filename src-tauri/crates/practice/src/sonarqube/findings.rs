//! Findings of a project over its analyses: when each came, when it went.

use super::catalog::{HOTSPOT_RULES, RULES, Rule, RuleKind};
use crate::bank::{Chance, Release, Service, story};

/// A finding: an issue or a security hotspot.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    pub key: String,
    pub rule: &'static Rule,
    /// Path of the file.
    pub file: String,
    pub line: u32,
    /// Id of the person who wrote the line.
    pub author: &'static str,
    /// Index of the analysis that saw it first.
    pub opened: usize,
    /// Index of the first analysis that did not see it.
    pub closed: Option<usize>,
    /// For hotspots: the index of the analysis at which a person had decided, and the decision.
    pub reviewed: Option<(usize, &'static str)>,
    /// Accepted by a person: it stays open and is not counted.
    pub is_accepted: bool,
}

impl Finding {
    /// Whether an analysis sees it.
    pub fn is_open_at(&self, analysis: usize) -> bool {
        self.opened <= analysis && self.closed.is_none_or(|closed| closed > analysis)
    }

    /// Whether an analysis counts it.
    pub fn counts_at(&self, analysis: usize) -> bool {
        self.is_open_at(analysis) && !self.is_accepted
    }
}

/// Makes the findings of a service's analyses.
pub(super) fn of(service: &Service, releases: &[&Release]) -> Vec<Finding> {
    let mut maker = Maker {
        service,
        chance: Chance::of(&format!("findings of {}", service.name)),
        made: Vec::new(),
    };
    let last = releases.len().saturating_sub(1);
    maker.stock(last);
    for (index, release) in releases.iter().enumerate() {
        let version = release.version.to_string();
        if (service.name.as_str(), version.as_str()) == story::RED_GATE {
            maker.add(RuleKind::Vulnerability, 3, index, None);
            maker.add(RuleKind::Bug, 2, index, None);
        } else if index > 0 && index < last && maker.chance.whole(0, 9) == 0 {
            // A red build of the past: one or two findings that the next version fixed.
            let count = maker.chance.whole(1, 3);
            maker.add(RuleKind::Smell, count, index, Some(index + 1));
        }
    }
    maker.made
}

struct Maker<'a> {
    service: &'a Service,
    chance: Chance,
    made: Vec<Finding>,
}

impl Maker<'_> {
    /// What was there before history begins; some of it is cleaned up on the way.
    fn stock(&mut self, last: usize) {
        let smells = self.chance.whole(14, 60);
        for _ in 0..smells {
            let closed = self.some_time(last, 3);
            self.add(RuleKind::Smell, 1, 0, closed);
        }
        for _ in 0..self.chance.whole(0, 4) {
            let closed = self.some_time(last, 2);
            self.add(RuleKind::Bug, 1, 0, closed);
        }
        // The four that payments-api fixed after what runs in prod.
        if self.service.name == "payments-api" && last > 0 {
            self.add(RuleKind::Vulnerability, 4, 0, Some(last - 1));
        }
        for _ in 0..self.chance.whole(1, 5) {
            let reviewed = self.some_time(last, 1);
            self.add(RuleKind::Hotspot, 1, 0, None);
            if let (Some(hotspot), Some(at)) = (self.made.last_mut(), reviewed) {
                hotspot.reviewed = Some((at, "SAFE"));
            }
        }
    }

    /// A time after the first analysis, with a chance of one in `rarity`.
    fn some_time(&mut self, last: usize, rarity: u32) -> Option<usize> {
        let is_chosen = self.chance.whole(0, rarity) == 0 && last > 0;
        let last = u32::try_from(last).unwrap_or(u32::MAX);
        is_chosen.then(|| self.chance.whole(1, last.saturating_add(1)) as usize)
    }

    fn add(&mut self, kind: RuleKind, count: u32, opened: usize, closed: Option<usize>) {
        for _ in 0..count {
            let rules = match kind {
                RuleKind::Hotspot => HOTSPOT_RULES,
                RuleKind::Smell | RuleKind::Bug | RuleKind::Vulnerability => RULES,
            };
            let fitting: Vec<&'static Rule> =
                rules.iter().filter(|rule| rule.kind == kind).collect();
            let rule = self.chance.pick(&fitting);
            let number = self.made.len();
            let file = self
                .chance
                .pick(&["rules.py", "settings.py", "clients.py", "handler.py"]);
            let is_accepted = kind == RuleKind::Smell && self.chance.whole(0, 25) == 0;
            self.made.push(Finding {
                key: format!("AZ{:04x}{:018}", number, self.chance.whole(0, u32::MAX)),
                rule,
                file: format!("src/{}/{file}", self.service.name),
                line: self.chance.whole(3, 240),
                author: self
                    .chance
                    .pick(&["s.lara", "d.mora", "c.alves", "v.rojas"]),
                opened,
                closed,
                reviewed: None,
                is_accepted: is_accepted && opened == 0,
            });
        }
    }
}
