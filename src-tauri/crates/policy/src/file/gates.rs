//! Checks of gates.

use super::{
    Check,
    raw_gates::{Common, RawApproval, RawDanger, RawGates, RawMeasure, RawTicket},
    words::{Op, Place, Report, ThenWord},
};
use crate::{
    number::Number,
    policy::{Consequence, Danger, DangerRule, Gate, MeasureRule, Rule, TestsRule, TicketRule},
};
use interlock_domain::approval_rule::ApprovalRule;
use toml::Spanned;

impl Check<'_> {
    pub(super) fn gates(&mut self, raw: &RawGates) -> Vec<Gate> {
        let mut gates = Vec::new();
        for (index, gate) in raw.source_stable.iter().enumerate() {
            gates.push(self.gate(&gate.common(), index, Rule::SourceStable));
        }
        for (index, gate) in raw.target_ready.iter().enumerate() {
            gates.push(self.gate(&gate.common(), index, Rule::TargetReady));
        }
        for (index, gate) in raw.path.iter().enumerate() {
            gates.push(self.gate(&gate.common(), index, Rule::Path));
        }
        for (index, gate) in raw.quality.iter().enumerate() {
            let without = gate.without.into();
            gates.push(self.gate(&gate.common(), index, Rule::Quality { without }));
        }
        for (index, gate) in raw.measure.iter().enumerate() {
            let rule = self.measure(gate, index);
            gates.extend(rule.map(|rule| self.gate(&gate.common(), index, rule)));
        }
        for (index, gate) in raw.findings.iter().enumerate() {
            if gate.max_new.is_empty() {
                self.report(
                    gate.id.span(),
                    format!("gates.findings[{index}].max_new"),
                    "no severity is limited",
                    Some("Write for example max_new = { critical = 0 }."),
                );
            }
            let rule = Rule::Findings {
                max_new: gate
                    .max_new
                    .iter()
                    .map(|(severity, most)| (severity.word().to_owned(), *most))
                    .collect(),
                without: gate.without.into(),
            };
            gates.push(self.gate(&gate.common(), index, rule));
        }
        for (index, gate) in raw.tests.iter().enumerate() {
            let rule = Rule::Tests(TestsRule {
                report: gate.report == Report::Required
                    || gate.at_least.is_some()
                    || gate.max_skipped.is_some(),
                at_least: gate.at_least,
                max_skipped: gate.max_skipped,
                without: gate.without.into(),
            });
            gates.push(self.gate(&gate.common(), index, rule));
        }
        for (index, gate) in raw.soak.iter().enumerate() {
            let time = self.length(&gate.time, &format!("gates.soak[{index}].time"));
            gates.extend(time.map(|time| self.gate(&gate.common(), index, Rule::Soak { time })));
        }
        for (index, gate) in raw.danger.iter().enumerate() {
            let rule = self.danger(gate, index);
            gates.extend(rule.map(|rule| self.gate(&gate.common(), index, rule)));
        }
        for (index, gate) in raw.pinned.iter().enumerate() {
            let without = gate.without.into();
            gates.push(self.gate(&gate.common(), index, Rule::Pinned { without }));
        }
        for (index, gate) in raw.size.iter().enumerate() {
            if gate.max_resources.is_none() && gate.max_commits.is_none() {
                self.report(
                    gate.id.span(),
                    format!("gates.size[{index}]"),
                    "neither resources nor commits are limited",
                    Some("Write max_resources, max_commits or both."),
                );
            }
            let rule = Rule::Size {
                max_resources: gate.max_resources,
                max_commits: gate.max_commits,
                without: gate.without.into(),
            };
            gates.push(self.gate(&gate.common(), index, rule));
        }
        for (index, gate) in raw.ticket.iter().enumerate() {
            let rule = self.ticket(gate, index);
            gates.push(self.gate(&gate.common(), index, rule));
        }
        for (index, gate) in raw.freeze.iter().enumerate() {
            let field = format!("gates.freeze[{index}].assume");
            let assume = gate
                .assume
                .as_ref()
                .and_then(|raw| self.length(raw, &field));
            let forecast = gate.forecast.into();
            gates.push(self.gate(&gate.common(), index, Rule::Freeze { forecast, assume }));
        }
        gates
    }

    fn gate(&mut self, common: &Common<'_>, index: usize, rule: Rule) -> Gate {
        let field = format!("gates.{}[{index}]", rule.kind());
        let id = self.id(common.id, &format!("{field}.id"));
        let applies = self.applies(common.environments, common.services, common.teams, &field);
        let max_age = common
            .max_age
            .and_then(|raw| self.length(raw, &format!("{field}.max_age")));
        let never = match rule {
            Rule::TargetReady => Some("a target that cannot be changed is never waived"),
            Rule::Freeze { .. } => Some("a freeze is not waived: it takes breaking the glass"),
            _ => None,
        };
        if let (Some(why), Some(waivable)) = (never, common.waivable.filter(|w| *w.get_ref())) {
            self.report(
                waivable.span(),
                format!("{field}.waivable"),
                why,
                Some("Leave it out."),
            );
        }
        Gate {
            name: common.name.map_or_else(|| name_of(&rule), str::to_owned),
            id,
            line: self.line(common.id.span()),
            applies,
            max_age,
            waivable: never.is_none() && common.waivable.is_none_or(|w| *w.get_ref()),
            rule,
        }
    }

    fn measure(&mut self, raw: &RawMeasure, index: usize) -> Option<Rule> {
        let field = format!("gates.measure[{index}]");
        let number = |this: &mut Self, raw: &Option<Spanned<f64>>, key: &str| {
            let raw = raw.as_ref()?;
            let number = Number::new(*raw.get_ref());
            if number.is_none() {
                this.report(
                    raw.span(),
                    format!("{field}.{key}"),
                    "this is not a finite number",
                    None,
                );
            }
            number
        };
        let value = number(self, &raw.value, "value");
        let max_drop = number(self, &raw.max_drop, "max_drop");
        if let (Some(drop), Some(spanned)) = (max_drop, &raw.max_drop)
            && drop.get() < 0.0
        {
            self.report(
                spanned.span(),
                format!("{field}.max_drop"),
                "a drop is not below nothing",
                Some("Write how much worse it may be, 0 for not at all."),
            );
        }
        if raw.op.is_some() != raw.value.is_some() || raw.op.is_none() && raw.max_drop.is_none() {
            self.report(
                raw.id.span(),
                field,
                "a measure needs `op` and `value`, or `max_drop`",
                Some("Write op = \">=\" and value = 80, or max_drop = 1.0."),
            );
            return None;
        }
        Some(Rule::Measure(MeasureRule {
            metric: raw.metric.clone(),
            bound: raw.op.map(Into::into).zip(value),
            max_drop,
            less_is_better: matches!(raw.op, Some(Op::AtMost | Op::Below)),
            without: raw.without.into(),
        }))
    }

    fn danger(&mut self, raw: &RawDanger, index: usize) -> Option<Rule> {
        let field = format!("gates.danger[{index}]");
        let then = match (raw.then.get_ref(), &raw.approval) {
            (ThenWord::Fail, None) => Consequence::Fail,
            (ThenWord::Allow, None) => Consequence::Allow,
            (ThenWord::RequireApproval, Some(approval)) if approval.count > 0 => {
                Consequence::RequireApproval(approval_rule(approval))
            }
            (ThenWord::RequireApproval, _) => {
                self.report(
                    raw.then.span(),
                    format!("{field}.approval"),
                    "it is not said who must approve",
                    Some("Write approval = { name = \"Security\", from = [\"security\"] }."),
                );
                return None;
            }
            (_, Some(_)) => {
                self.report(
                    raw.then.span(),
                    format!("{field}.then"),
                    "an `approval` is only asked for with `require-approval`",
                    Some("Write then = \"require-approval\", or leave `approval` out."),
                );
                return None;
            }
        };
        Some(Rule::Danger(DangerRule {
            of: raw.of.into(),
            then,
            conditional_counts: !raw.allow_conditional,
            without: raw.without.into(),
        }))
    }

    fn ticket(&mut self, raw: &RawTicket, index: usize) -> Rule {
        let field = format!("gates.ticket[{index}].patterns");
        if raw.patterns.is_empty() {
            self.report(
                raw.id.span(),
                field.clone(),
                "no pattern is given",
                Some("Write for example patterns = [\"RITM#######\", \"PAY-*\"]."),
            );
        }
        for (at, pattern) in raw.patterns.iter().enumerate() {
            let is_good = pattern
                .get_ref()
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_#*".contains(c))
                && pattern
                    .get_ref()
                    .contains(|c: char| c.is_ascii_alphabetic());
            if !is_good {
                self.report(
                    pattern.span(),
                    format!("{field}[{at}]"),
                    format!("`{}` is not a pattern of a ticket", pattern.get_ref()),
                    Some("Use letters, digits, `-`, `_`, `#` for a digit and `*` for any run."),
                );
            }
        }
        let stands_in = |place| raw.places.is_empty() || raw.places.contains(&place);
        Rule::Ticket(TicketRule {
            patterns: raw.patterns.iter().map(|p| p.get_ref().clone()).collect(),
            in_comment: stands_in(Place::Comment),
            in_commits: stands_in(Place::Commits),
            every_commit: raw.every_commit,
        })
    }
}

fn approval_rule(raw: &RawApproval) -> ApprovalRule {
    ApprovalRule {
        name: raw.name.clone(),
        from: raw.from.clone(),
        count: raw.count,
        assurance: raw.assurance,
    }
}

/// The name of a gate that gives none.
fn name_of(rule: &Rule) -> String {
    match rule {
        Rule::SourceStable => "Stable in the source environment".into(),
        Rule::TargetReady => "Target can be changed".into(),
        Rule::Path => "Promoted along the path".into(),
        Rule::Quality { .. } => "Quality gate".into(),
        Rule::Measure(measure) => format!("Measure {}", measure.metric),
        Rule::Findings { .. } => "Findings introduced".into(),
        Rule::Tests(_) => "Build and tests".into(),
        Rule::Soak { .. } => "Time in the source environment".into(),
        Rule::Danger(danger) => match danger.of {
            Danger::StatefulLoss => "No stateful resource is replaced or removed",
            Danger::AccessBroadened => "Access is not broadened",
            Danger::DriftOverwritten => "No change by hand is overwritten",
            Danger::WillBeRejected => "AWS accepts the change",
        }
        .into(),
        Rule::Pinned { .. } => "Content is pinned".into(),
        Rule::Size { .. } => "Size of the change".into(),
        Rule::Ticket(_) => "Ticket".into(),
        Rule::Freeze { .. } => "Outside of freeze windows".into(),
    }
}
