//! The variables of a service over every environment.

use super::{members::Members, points::Point};
use crate::{
    console::{Console, UseCase},
    estate::Service,
    promotion::template_error,
};
use interlock_domain::EnvironmentName;
use interlock_stackdiff::{Budget, Side, Template, VariableRow, variable_table};
use std::collections::BTreeSet;

/// Every variable of a service.
#[derive(Debug, Clone)]
pub struct VariableTable {
    /// Environments, in path order: the columns.
    pub environments: Vec<EnvironmentName>,
    /// Stacks, by name without the environment.
    pub stacks: Vec<StackVariables>,
    /// What could not be read, and is missing from the rows.
    pub doubts: Vec<String>,
}

/// The variables of one stack.
#[derive(Debug, Clone)]
pub struct StackVariables {
    /// Name without the environment.
    pub stack: String,
    /// One a key, each with a cell an environment.
    pub rows: Vec<VariableRow>,
}

impl Console {
    /// The variables of a service in every environment, as deployed; their variable documents
    /// say what is expected.
    pub async fn variables(&self, service: &Service) -> UseCase<VariableTable> {
        let environments: Vec<EnvironmentName> = self
            .estate
            .environments
            .iter()
            .map(|one| one.environment.name.clone())
            .collect();
        let mut doubts = Vec::new();
        let mut columns: Vec<Members> = Vec::new();
        for environment in &environments {
            let point = Point::Now(environment.clone());
            let members = match self.known(&point).await {
                Ok(known) => {
                    doubts.extend(known.doubts.iter().cloned());
                    self.members(&known, service, &point).await
                }
                Err(error) => Err(error),
            };
            columns.push(members.unwrap_or_else(|error| {
                doubts.push(format!("{environment}: {error}"));
                Members::new()
            }));
        }
        let names: BTreeSet<&String> = columns.iter().flat_map(Members::keys).collect();
        let mut stacks = Vec::new();
        for name in names {
            let mut templates: Vec<Option<Template>> = Vec::new();
            for (environment, members) in environments.iter().zip(&columns) {
                let read = members.get(name).map(|member| {
                    let member = member.as_ref().map_err(ToString::to_string)?;
                    Template::read(
                        member.texts.as_given().as_bytes(),
                        &member.file,
                        &Budget::default(),
                    )
                    .map_err(|error| template_error(&member.file, &error).to_string())
                });
                templates.push(read.transpose().unwrap_or_else(|reason| {
                    doubts.push(format!("{name} in {environment}: {reason}"));
                    None
                }));
            }
            let sides: Vec<Side<'_>> = columns
                .iter()
                .zip(&templates)
                .map(|(members, template)| match members.get(name) {
                    Some(Ok(member)) => Side {
                        template: template.as_ref(),
                        parameters: member.parameters.clone(),
                        environment: member.facts.clone(),
                    },
                    _ => Side::default(),
                })
                .collect();
            stacks.push(StackVariables {
                stack: name.clone(),
                rows: variable_table(&sides),
            });
        }
        Ok(VariableTable {
            environments,
            stacks,
            doubts,
        })
    }
}
