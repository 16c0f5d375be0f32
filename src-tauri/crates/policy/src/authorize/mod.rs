//! Who may do what with a promotion, in Cedar.
//!
//! Cedar skips a `forbid` that ends in an error, so an answer counts as Allow only where no policy
//! ended in one; policies are validated strictly against the schema before they count, and the
//! whole context is built here, with nothing optional. The guards are forbids that no team can
//! take out: they win over whatever a team permits.

mod load;
mod request;

pub use load::{CedarError, CedarProblem};
pub use request::{Action, Actor, Administration, Request, Standing, Target};

use cedar_policy::{Authorizer as Cedar, Decision as CedarDecision, PolicySet};
use std::sync::{Arc, LazyLock};

/// Answers who may do what.
#[derive(Debug, Clone)]
pub struct Authorizer {
    policies: Arc<PolicySet>,
}

/// An answer, with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Ids of the policies that decided, sorted; empty where none permitted it.
    pub because: Vec<String>,
    /// Why not, in words; empty where it is allowed.
    pub reasons: Vec<String>,
    /// Policies that ended in an error, with the error: one is enough to deny.
    pub errors: Vec<String>,
}

/// The text of the schema.
pub const fn schema_text() -> &'static str {
    include_str!("schema.cedarschema")
}

/// The text of the policies that count where a team has none of its own.
pub const fn permits_text() -> &'static str {
    include_str!("default.cedar")
}

/// The text of the guards.
pub const fn guard_text() -> &'static str {
    include_str!("guard.cedar")
}

impl Authorizer {
    /// With the policies that count where a team has none of its own.
    pub fn built_in() -> Self {
        static BUILT_IN: LazyLock<Authorizer> = LazyLock::new(|| {
            Authorizer::new(permits_text()).expect("the built-in policies are good ones")
        });
        BUILT_IN.clone()
    }

    /// With a team's own policies, beside the guards.
    pub fn new(text: &str) -> Result<Self, CedarError> {
        Ok(Self {
            policies: Arc::new(load::policies(text)?),
        })
    }

    /// Whether somebody may do something with a promotion.
    pub fn decide(&self, request: &Request) -> Decision {
        self.answer(request.to_cedar())
    }

    /// Whether somebody may change the roster or the policy of an estate.
    pub fn decide_administration(&self, request: &Administration) -> Decision {
        self.answer(request.to_cedar())
    }

    fn answer(&self, asked: Result<request::Asked, String>) -> Decision {
        let asked = match asked {
            Ok(asked) => asked,
            Err(error) => {
                return Decision {
                    allowed: false,
                    because: Vec::new(),
                    reasons: vec!["it cannot be asked".into()],
                    errors: vec![error],
                };
            }
        };
        let response = Cedar::new().is_authorized(&asked.request, &self.policies, &asked.entities);
        let diagnostics = response.diagnostics();
        let errors: Vec<String> = diagnostics.errors().map(ToString::to_string).collect();
        let mut deciding: Vec<_> = diagnostics.reason().cloned().collect();
        deciding.sort();
        let allowed = response.decision() == CedarDecision::Allow && errors.is_empty();
        let mut reasons: Vec<String> = Vec::new();
        if !errors.is_empty() {
            reasons.push("a policy ended in an error".into());
        } else if !allowed && deciding.is_empty() {
            reasons.push("no policy permits it".into());
        } else if !allowed {
            reasons.extend(deciding.iter().map(|id| {
                let says = self.policies.annotation(id, "says");
                says.map_or_else(|| format!("policy {id} forbids it"), str::to_owned)
            }));
        }
        Decision {
            allowed,
            because: deciding.iter().map(ToString::to_string).collect(),
            reasons,
            errors,
        }
    }

    /// The value of an annotation of a policy, such as `tier`.
    pub fn annotation(&self, policy: &str, key: &str) -> Option<&str> {
        self.policies
            .annotation(&cedar_policy::PolicyId::new(policy), key)
    }
}

#[cfg(test)]
mod tests;
