//! Taking up Cedar policies: read, named, and validated strictly against the schema.

use cedar_policy::{Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};
use miette::Diagnostic;
use std::{collections::BTreeSet, fmt, sync::LazyLock};

/// The schema, read once.
pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let (schema, _) = Schema::from_cedarschema_str(super::schema_text())
        .expect("the schema of the program is a good one");
    schema
});

/// Policies that cannot be used; never without a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CedarError {
    /// Every problem found.
    pub problems: Vec<CedarProblem>,
}

/// One problem of a file of policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CedarProblem {
    /// What is wrong.
    pub message: String,
    /// Line, from 1, when it is known.
    pub line: Option<u32>,
}

impl fmt::Display for CedarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            match problem.line {
                Some(line) => write!(f, "{line}: {}", problem.message)?,
                None => f.write_str(&problem.message)?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for CedarError {}

/// A team's policies together with the guards.
pub(super) fn policies(text: &str) -> Result<PolicySet, CedarError> {
    let mut names = BTreeSet::new();
    let mut all = PolicySet::new();
    for policy in read(super::guard_text(), "guard")? {
        names.insert(policy.id().clone());
        add(&mut all, policy)?;
    }
    for policy in read(text, "policy")? {
        if !names.insert(policy.id().clone()) {
            return Err(one(
                format!("policy `{}` is there twice", policy.id()),
                None,
            ));
        }
        add(&mut all, policy)?;
    }
    let result = Validator::new(SCHEMA.clone()).validate(&all, ValidationMode::Strict);
    let problems: Vec<CedarProblem> = result
        .validation_errors()
        .map(|error| problem(text, error))
        .chain(
            result
                .validation_warnings()
                .map(|warning| problem(text, warning)),
        )
        .collect();
    if problems.is_empty() {
        Ok(all)
    } else {
        Err(CedarError { problems })
    }
}

/// Reads policies; each is named by its `@id`, or by its place.
fn read(text: &str, without: &str) -> Result<Vec<Policy>, CedarError> {
    let set: PolicySet = text
        .parse()
        .map_err(|errors: cedar_policy::ParseErrors| CedarError {
            problems: errors.iter().map(|error| problem(text, error)).collect(),
        })?;
    if set.templates().next().is_some() {
        return Err(one(
            "a template is no policy: write the principal out",
            None,
        ));
    }
    let mut list: Vec<(usize, Policy)> = set
        .policies()
        .map(|policy| {
            // Cedar names them policy0, policy1 ... by their place.
            let place = policy.id().to_string();
            let place = place.trim_start_matches(|c: char| !c.is_ascii_digit());
            (place.parse().unwrap_or(0), policy.clone())
        })
        .collect();
    list.sort_by_key(|(place, _)| *place);
    Ok(list
        .into_iter()
        .map(|(place, policy)| {
            let name = policy
                .annotation("id")
                .map_or_else(|| format!("{without}-{}", place + 1), str::to_owned);
            policy.new_id(PolicyId::new(name))
        })
        .collect())
}

fn add(set: &mut PolicySet, policy: Policy) -> Result<(), CedarError> {
    set.add(policy)
        .map_err(|error| one(error.to_string(), None))
}

fn one(message: impl Into<String>, line: Option<u32>) -> CedarError {
    CedarError {
        problems: vec![CedarProblem {
            message: message.into(),
            line,
        }],
    }
}

fn problem(text: &str, error: &(impl Diagnostic + ?Sized)) -> CedarProblem {
    let line = error
        .labels()
        .and_then(|mut labels| labels.next())
        .map(|label| {
            let (line, _) = crate::problem::position(text, label.offset());
            line
        });
    CedarProblem {
        message: error.to_string(),
        line,
    }
}
