//! One side of a comparison: a template, the values it runs with, and where it runs.

use crate::template::Template;
use crate::variables::VariableDocument;
use std::collections::BTreeMap;

/// One side of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Side<'a> {
    /// Its template; none when there is no such stack on this side.
    pub template: Option<&'a Template>,
    /// Its parameter values.
    pub parameters: ParameterValues,
    /// Its environment.
    pub environment: EnvironmentFacts,
}

/// A parameter's value as a deployed stack tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterValue {
    /// Value as given; `****` when CloudFormation masks it.
    pub text: String,
    /// What a Systems Manager parameter resolved to.
    pub resolved: Option<String>,
}

impl ParameterValue {
    /// Whether CloudFormation masks it.
    pub fn is_masked(&self) -> bool {
        self.text == "****"
    }
}

/// The values of a side: what its stack runs with, and what its variable documents declare.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParameterValues {
    pub(crate) observed: BTreeMap<String, ParameterValue>,
    pub(crate) declared: BTreeMap<String, String>,
}

impl ParameterValues {
    /// Takes the value that a deployed stack or change set has; it wins over declared ones.
    pub fn observe(&mut self, key: impl Into<String>, value: ParameterValue) {
        self.observed.insert(key.into(), value);
    }

    /// Takes the values of a variable document; of several documents the last one wins.
    pub fn declare(&mut self, document: &VariableDocument) {
        for variable in document.values() {
            self.declare_value(&variable.key, &variable.value);
        }
    }

    /// Takes one declared value.
    pub fn declare_value(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.declared.insert(key.into(), value.into());
    }
}

/// What is particular to an environment, so that a difference it explains can be told from others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvironmentFacts {
    /// Name, such as `prod`.
    pub name: Option<String>,
    /// Account id.
    pub account: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Name of the stack.
    pub stack: Option<String>,
    /// Values that stacks of the environment export, by name.
    pub exports: BTreeMap<String, String>,
    /// Texts that stand for one another: a key that both sides declare, and this side's text.
    pub substitutions: BTreeMap<String, String>,
}

impl EnvironmentFacts {
    /// The pseudo parameters that follow from the facts.
    pub(crate) fn pseudo_parameters(&self) -> Vec<(&'static str, String)> {
        let mut pseudo = Vec::new();
        if let Some(account) = &self.account {
            pseudo.push(("AWS::AccountId", account.clone()));
        }
        if let Some(region) = &self.region {
            let (partition, suffix) = partition_of(region);
            pseudo.push(("AWS::Region", region.clone()));
            pseudo.push(("AWS::Partition", partition.to_owned()));
            pseudo.push(("AWS::URLSuffix", suffix.to_owned()));
        }
        if let Some(stack) = &self.stack {
            pseudo.push(("AWS::StackName", stack.clone()));
        }
        pseudo
    }
}

fn partition_of(region: &str) -> (&'static str, &'static str) {
    if region.starts_with("cn-") {
        ("aws-cn", "amazonaws.com.cn")
    } else if region.starts_with("us-gov-") {
        ("aws-us-gov", "amazonaws.com")
    } else {
        ("aws", "amazonaws.com")
    }
}
