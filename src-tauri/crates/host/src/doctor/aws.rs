//! Each environment's account, and CloudFormation in each of its regions.

use super::rows::{elapsed, failed, ok, unasked};
use futures::future::join_all;
use interlock_app::{
    Ports,
    estate::{Estate, EstateEnvironment},
    ports::{Answer, StackReader},
};
use interlock_contract::connections::ConnectionView;
use interlock_domain::{Scope, SystemKind, person::SystemIdentity};
use std::time::Instant;

/// Which account the credentials of each environment open, and whether its regions answer.
pub(super) async fn examine(estate: &Estate, ports: &Ports) -> Vec<ConnectionView> {
    let reader = ports
        .identities
        .iter()
        .find(|(system, _)| *system == SystemKind::Aws);
    let Some((_, reader)) = reader else {
        return Vec::new();
    };
    let begun = Instant::now();
    // One answer for each environment, in the order of the file.
    let answers = reader.identities().await;
    let took = elapsed(begun);
    let regions = estate.environments.iter().zip(&answers).map(|(e, answer)| {
        let entered = answer.is_ok();
        async move {
            let scopes = e.environment.scopes();
            let asked = scopes
                .into_iter()
                .map(|scope| region(ports.stacks.as_ref(), scope, entered));
            join_all(asked).await
        }
    });
    let regions = join_all(regions).await;
    let accounts = estate.environments.iter().zip(answers);
    accounts
        .zip(regions)
        .flat_map(|((environment, answer), regions)| {
            std::iter::once(account(environment, answer, took)).chain(regions)
        })
        .collect()
}

fn account(
    environment: &EstateEnvironment,
    answer: Answer<SystemIdentity>,
    took: u32,
) -> ConnectionView {
    let declared = &environment.environment.account;
    let name = format!("AWS {}", environment.environment.name);
    let address = environment
        .endpoint
        .clone()
        .unwrap_or_else(|| format!("account {declared}"));
    match answer {
        Ok(told) => {
            // Another account is an error of the connector, which names both.
            let opened = told.account.unwrap_or_else(|| declared.to_string());
            let message = format!("Opens account {opened}, as the estate file says.");
            ConnectionView {
                identity: Some(told.name),
                ..ok(name, address, message, took)
            }
        }
        Err(error) => failed(name, address, &error, took),
    }
}

async fn region(reader: &dyn StackReader, scope: Scope, entered: bool) -> ConnectionView {
    let name = format!("CloudFormation {scope}");
    let address = format!("{} {}", scope.account, scope.region);
    if !entered {
        let why = format!("Not asked: AWS {} does not let you in.", scope.environment);
        return unasked(name, address, why);
    }
    let begun = Instant::now();
    match reader.stacks(&scope).await {
        Ok(stacks) => {
            let message = match stacks.len() {
                0 => "Answers; there is no stack.".to_owned(),
                1 => "Answers; 1 stack.".to_owned(),
                many => format!("Answers; {many} stacks."),
            };
            ok(name, address, message, elapsed(begun))
        }
        Err(error) => failed(name, address, &error, elapsed(begun)),
    }
}
