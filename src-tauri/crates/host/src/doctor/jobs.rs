//! Deploy jobs: whether each declares what a promotion passes to it.
//!
//! Jenkins silently drops a parameter that a job does not declare. A deployment would then run
//! without the digest that was approved, so a promotion refuses such a job; better to hear of it
//! before the night of the release.

use super::rows::{elapsed, failed, ok, unasked};
use futures::future::join_all;
use interlock_app::{
    Ports,
    estate::{Estate, Promote},
    ports::{BuildReader, DeclaredParameter},
    run::DEPLOY_PARAMETERS,
};
use interlock_contract::{Tone, connections::ConnectionView};
use interlock_domain::JobName;
use std::{collections::BTreeSet, time::Instant};

/// Choice parameters whose values are known beforehand.
const ENVIRONMENT: &str = "ENVIRONMENT";

/// Every deploy job of the estate; not asked unless Jenkins lets us in.
pub(super) async fn examine(estate: &Estate, ports: &Ports, entered: bool) -> Vec<ConnectionView> {
    let jobs: BTreeSet<_> = estate
        .services
        .iter()
        .filter_map(|service| match &service.promote {
            Promote::Jenkins { job, .. } => Some(job),
            Promote::CloudFormation => None,
        })
        .collect();
    let (Some(reader), Some(system)) = (&ports.builds, &estate.jenkins) else {
        return Vec::new();
    };
    // Nothing is promoted into the first environment of the path.
    let targets: Vec<_> = estate
        .environments
        .iter()
        .skip(1)
        .map(|e| e.environment.name.to_string())
        .collect();
    let asked = jobs
        .into_iter()
        .map(|name| job(reader.as_ref(), name, &system.url, &targets, entered));
    join_all(asked).await
}

async fn job(
    reader: &dyn BuildReader,
    job: &JobName,
    base: &str,
    targets: &[String],
    entered: bool,
) -> ConnectionView {
    let name = format!("Deploy job {job}");
    let address = format!("{base}/job/{}", job.as_str().replace('/', "/job/"));
    if !entered {
        return unasked(name, address, "Not asked: Jenkins does not let you in.");
    }
    let begun = Instant::now();
    let declared = match reader.declared_parameters(job).await {
        Ok(declared) => declared,
        Err(error) => return failed(name, address, &error, elapsed(begun)),
    };
    let row = |message: String| ok(name, address, message, elapsed(begun));
    let missing = missing(&declared);
    let refused = refused(&declared, targets);
    let mut problems = Vec::new();
    let mut hints = Vec::new();
    if !missing.is_empty() {
        problems.push(format!(
            "Does not declare {}: Jenkins would drop what a promotion passes.",
            missing.join(", ")
        ));
        hints.push(format!(
            "Add to the parameters of {job}, as strings with an empty default: {}.",
            missing.join(", ")
        ));
    }
    if !refused.is_empty() {
        let refused = refused.join(", ");
        problems.push(format!(
            "{ENVIRONMENT} does not offer {refused}: Jenkins would refuse the build."
        ));
        hints.push(format!(
            "Add to the choices of {ENVIRONMENT} in {job}: {refused}."
        ));
    }
    if problems.is_empty() {
        let count = DEPLOY_PARAMETERS.len();
        return row(format!("Declares all {count} parameters of a promotion."));
    }
    ConnectionView {
        tone: Tone::Bad,
        hints,
        ..row(problems.join(" "))
    }
}

/// What a promotion passes and the job does not declare.
fn missing(declared: &[DeclaredParameter]) -> Vec<&'static str> {
    let is_missing = |wanted: &&str| !declared.iter().any(|have| have.name == **wanted);
    DEPLOY_PARAMETERS.into_iter().filter(is_missing).collect()
}

/// Environments that are not among the choices, if there are choices.
fn refused<'t>(declared: &[DeclaredParameter], targets: &'t [String]) -> Vec<&'t str> {
    let choices = declared
        .iter()
        .find(|have| have.name == ENVIRONMENT && !have.choices.is_empty());
    let Some(choices) = choices else {
        return Vec::new();
    };
    targets
        .iter()
        .filter(|target| !choices.choices.contains(target))
        .map(String::as_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(names: &[&str], environments: &[&str]) -> Vec<DeclaredParameter> {
        let choices = |name: &str| match name {
            ENVIRONMENT => environments.iter().map(|&e| e.to_owned()).collect(),
            _ => Vec::new(),
        };
        names
            .iter()
            .map(|&name| DeclaredParameter {
                name: name.to_owned(),
                choices: choices(name),
            })
            .collect()
    }

    #[test]
    fn a_job_without_a_parameter_is_told_which_in_the_order_of_the_constant() {
        assert_eq!(
            missing(&declared(&["VERSION", "ENVIRONMENT", "ATTEMPT"], &[])),
            ["PROMOTION_ID", "MANIFEST_SHA256", "COMMIT"]
        );
        assert!(missing(&declared(&DEPLOY_PARAMETERS, &[])).is_empty());
    }

    #[test]
    fn only_a_choice_can_refuse_an_environment() {
        let targets = ["qa".to_owned(), "prod".to_owned()];
        let text = declared(&["ENVIRONMENT"], &[]);
        assert!(refused(&text, &targets).is_empty());
        assert!(refused(&declared(&[], &[]), &targets).is_empty());
        let choice = declared(&["ENVIRONMENT"], &["dev", "qa"]);
        assert_eq!(refused(&choice, &targets), ["prod"]);
    }
}
