//! What a stack hands to those nested in it: the values of their parameters on both sides, and why
//! they differ.

use super::traced::traced;
use super::{Acts, Analysis, Impact, PropertyImpact, Reason, ResourceImpact, loss};
use crate::compare::{Body, Cause, EnvironmentFacts, Pairs, ParameterValue, Segment, Side};
use crate::location::Location;
use crate::resolve::{Resolved, Term};
use crate::template::Template;
use std::collections::BTreeMap;

/// Type of a nested stack.
pub(super) const NESTED: &str = "AWS::CloudFormation::Stack";

/// How CloudFormation shows what it does not tell.
const MASKED: &str = "****";

/// What is handed to one nested stack.
pub(super) struct Handed {
    pub(super) logical_id: String,
    /// The values on the left, when it is there.
    pub(super) left: Option<Values>,
    /// The values on the right.
    pub(super) right: Option<Values>,
    /// What happens to the nested stack; none when nothing does, as far as its parent tells.
    pub(super) impact: Option<Impact>,
    pub(super) left_at: Option<Location>,
    pub(super) right_at: Option<Location>,
    changes: Vec<HandedChange>,
    /// Whether its template stands elsewhere, which the environments do not explain.
    pub(super) is_moved: bool,
}

/// Values by parameter; none for one that is not known before it is deployed.
pub(super) enum Values {
    Known(BTreeMap<String, Option<String>>),
    /// Not even which parameters are given.
    Open,
}

/// A parameter whose value differs.
struct HandedChange {
    /// The parameter; none for all of them.
    parameter: Option<String>,
    is_sure: bool,
    expected: bool,
    reason: Reason,
}

/// What a stack hands to those nested in it.
pub(super) fn of(analysis: &Analysis, pairs: &Pairs<'_>) -> Vec<Handed> {
    let nested = pairs.resources.iter().filter_map(|pair| {
        let side = |body: &Option<Body<'_>>| {
            let body = body.as_ref().filter(|body| body.exists())?;
            (loss::attribute(body, "Type") == Some(NESTED)).then(|| (values(body), body.value.at))
        };
        let (left, right) = (side(&pair.left), side(&pair.right));
        if left.is_none() && right.is_none() {
            return None;
        }
        let row = analysis
            .resources
            .iter()
            .find(|row| row.logical_id == pair.name);
        Some(Handed {
            logical_id: pair.name.to_owned(),
            left_at: left.as_ref().map(|(_, at)| *at),
            right_at: right.as_ref().map(|(_, at)| *at),
            left: left.map(|(values, _)| values),
            right: right.map(|(values, _)| values),
            impact: row.map(|row| row.impact),
            is_moved: row.is_some_and(is_moved),
            changes: row.map_or_else(Vec::new, |row| changes(row, &analysis.resources)),
        })
    });
    nested.collect()
}

fn values(body: &Body<'_>) -> Values {
    let given = member(&body.value, "Properties")
        .and_then(|properties| member(properties, "Parameters"))
        .map(|given| &given.value);
    match given {
        None | Some(Term::Absent | Term::Null) => Values::Known(BTreeMap::new()),
        Some(Term::Map(members)) => Values::Known(
            members
                .iter()
                .filter(|member| !member.value.is_absent())
                .map(|member| {
                    let text = member.value.known_text().map(ToOwned::to_owned);
                    (member.key.clone().into_owned(), text)
                })
                .collect(),
        ),
        Some(_) => Values::Open,
    }
}

fn member<'r, 'a>(value: &'r Resolved<'a>, key: &str) -> Option<&'r Resolved<'a>> {
    let Term::Map(members) = &value.value else {
        return None;
    };
    let found = members.iter().find(|member| member.key == key);
    found.map(|member| &member.value)
}

fn is_moved(row: &ResourceImpact) -> bool {
    row.properties.iter().any(|property| {
        let at = property.path.0.get(1);
        !property.expected && at == Some(&Segment::Key("TemplateURL".to_owned()))
    })
}

/// Where the row of a nested stack says that what it is handed differs.
fn changes(row: &ResourceImpact, beside: &[ResourceImpact]) -> Vec<HandedChange> {
    let change = |property: &PropertyImpact| {
        let mut keys = property.path.0.iter().map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Item { .. } => None,
        });
        let parameter = match (keys.next().flatten(), keys.next(), keys.next()) {
            (Some("Properties"), None, _)
            | (Some("Properties"), Some(Some("Parameters")), None) => None,
            (Some("Properties"), Some(Some("Parameters")), Some(key)) => Some(key?.to_owned()),
            _ => return None,
        };
        let is_told = |reason: &&Reason| **reason != Reason::Cause(Cause::Edited);
        let told = property.causes.iter().find(is_told);
        let reason = told.or_else(|| property.causes.first())?;
        Some(HandedChange {
            parameter,
            is_sure: property.acts == Acts::Yes,
            expected: property.expected,
            reason: traced(reason, beside),
        })
    };
    row.properties.iter().filter_map(change).collect()
}

impl Handed {
    fn change(&self, parameter: &str) -> Option<&HandedChange> {
        self.changes.iter().find(|change| {
            change
                .parameter
                .as_deref()
                .is_none_or(|key| key == parameter)
        })
    }

    /// Whether a value differs that the environments do not explain.
    pub(super) fn differs(&self) -> bool {
        self.changes.iter().any(|change| !change.expected)
    }

    /// Whether another value surely takes the place of a parameter's, and why; none when none
    /// does, or the environments explain it.
    pub(super) fn moved(&self, parameter: &str) -> Option<(bool, &Reason)> {
        let change = self.change(parameter)?;
        (!change.expected).then_some((change.is_sure, &change.reason))
    }

    /// The nested stack as a side of a comparison.
    pub(super) fn side<'t>(
        &self,
        template: &'t Template,
        values: &Values,
        around: &EnvironmentFacts,
    ) -> Side<'t> {
        let mut side = Side {
            template: Some(template),
            environment: EnvironmentFacts {
                // CloudFormation makes the name when it creates the stack.
                stack: None,
                ..around.clone()
            },
            ..Side::default()
        };
        for parameter in template.parameters() {
            let key = parameter.key;
            match values.of(&key) {
                Given::Default => {}
                Given::Text(text) if self.change(&key).is_some_and(|change| change.expected) => {
                    side.parameters.declare_value(key, text);
                }
                Given::Text(text) => side.parameters.observe(key, observed(text)),
                Given::Unknown => side.parameters.observe(key, observed(MASKED)),
            }
        }
        side
    }
}

/// What a side hands to one parameter.
pub(super) enum Given<'v> {
    /// Nothing: its default counts.
    Default,
    Text(&'v str),
    /// Something that is known only when it is deployed.
    Unknown,
}

impl Values {
    pub(super) fn of(&self, parameter: &str) -> Given<'_> {
        match self {
            Self::Open => Given::Unknown,
            Self::Known(values) => match values.get(parameter) {
                None => Given::Default,
                Some(Some(text)) => Given::Text(text),
                Some(None) => Given::Unknown,
            },
        }
    }
}

fn observed(text: &str) -> ParameterValue {
    ParameterValue {
        text: text.to_owned(),
        resolved: None,
    }
}
