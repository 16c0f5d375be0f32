//! Connection tests: everything that the estate file names, asked once.

use crate::host::Host;
use futures::future::join_all;
use interlock_contract::{Tone, connections::ConnectionView};
use interlock_domain::{ConnectorError, FaultKind, SystemKind};
use std::time::Instant;

/// Tests every connection, all at the same time.
pub async fn examine(host: &Host) -> Vec<ConnectionView> {
    let console = host.console();
    let ports = console.ports();
    let estate = &console.estate;
    let systems = join_all(ports.identities.iter().map(|(system, reader)| async move {
        let begun = Instant::now();
        (*system, reader.identities().await, elapsed(begun))
    }))
    .await;
    let mut list = Vec::new();
    for (system, answers, elapsed_ms) in systems {
        for (index, answer) in answers.into_iter().enumerate() {
            let environment = (system == SystemKind::Aws)
                .then(|| estate.environments.get(index))
                .flatten();
            let name = environment.map_or_else(
                || system.name().to_owned(),
                |e| format!("{} {}", system.name(), e.environment.name),
            );
            let address = match system {
                SystemKind::Aws => environment.map_or_else(String::new, |e| {
                    e.endpoint
                        .clone()
                        .unwrap_or_else(|| format!("account {}", e.environment.account))
                }),
                SystemKind::Jenkins => url(estate.jenkins.as_ref()),
                SystemKind::SonarQube => url(estate.sonarqube.as_ref()),
                SystemKind::GitLab => url(estate.gitlab.as_ref()),
                SystemKind::Git => String::new(),
            };
            list.push(match answer {
                Ok(identity) => ConnectionView {
                    name,
                    address,
                    tone: Tone::Ok,
                    message: "It answers and knows who you are.".into(),
                    hints: Vec::new(),
                    identity: Some(identity.name),
                    version: identity.version,
                    elapsed_ms,
                },
                Err(error) => failed(name, address, &error, elapsed_ms),
            });
        }
    }
    let scopes = join_all(
        estate
            .environments
            .iter()
            .flat_map(|e| e.environment.scopes())
            .map(|scope| {
                let reader = ports.stacks.clone();
                async move {
                    let begun = Instant::now();
                    let answer = reader.stacks(&scope).await;
                    (scope, answer, elapsed(begun))
                }
            }),
    )
    .await;
    for (scope, answer, elapsed_ms) in scopes {
        let name = format!("CloudFormation {scope}");
        let address = format!("{} {}", scope.account, scope.region);
        list.push(match answer {
            Ok(stacks) => ok(
                name,
                address,
                format!("{} stacks can be read.", stacks.len()),
                elapsed_ms,
            ),
            Err(error) => failed(name, address, &error, elapsed_ms),
        });
    }
    for (name, repository) in &estate.repositories {
        let begun = Instant::now();
        let label = format!("Git {name}");
        let Some(sources) = &ports.sources else {
            continue;
        };
        list.push(match sources.commit(name, "HEAD").await {
            Ok(commit) => ok(
                label,
                repository.url.clone(),
                format!("HEAD is {}: {}", commit.id.short(), commit.title),
                elapsed(begun),
            ),
            Err(error) => failed(label, repository.url.clone(), &error, elapsed(begun)),
        });
    }
    for (system, declared) in [
        (SystemKind::Jenkins, estate.jenkins.is_some()),
        (SystemKind::SonarQube, estate.sonarqube.is_some()),
        (SystemKind::GitLab, estate.gitlab.is_some()),
    ] {
        if !declared {
            list.push(ConnectionView {
                name: system.name().into(),
                address: String::new(),
                tone: Tone::Unknown,
                message: "The estate file does not name it.".into(),
                hints: Vec::new(),
                identity: None,
                version: None,
                elapsed_ms: 0,
            });
        }
    }
    let begun = Instant::now();
    list.push(match console.ledger.verify() {
        Ok(verification) => {
            let view = crate::view::audit::verification(&verification);
            ConnectionView {
                tone: view.tone,
                ..ok(
                    "Ledger".into(),
                    console.ledger.place(),
                    format!("{}.", view.summary),
                    elapsed(begun),
                )
            }
        }
        Err(error) => ConnectionView {
            tone: Tone::Bad,
            hints: vec!["Check that its folder can be written and has room.".into()],
            ..ok(
                "Ledger".into(),
                console.ledger.place(),
                error.to_string(),
                elapsed(begun),
            )
        },
    });
    list
}

fn url(system: Option<&interlock_app::estate::HttpSystem>) -> String {
    system.map(|s| s.url.clone()).unwrap_or_default()
}

fn elapsed(begun: Instant) -> u32 {
    u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX)
}

fn ok(name: String, address: String, message: String, elapsed_ms: u32) -> ConnectionView {
    ConnectionView {
        name,
        address,
        tone: Tone::Ok,
        message,
        hints: Vec::new(),
        identity: None,
        version: None,
        elapsed_ms,
    }
}

fn failed(
    name: String,
    address: String,
    error: &ConnectorError,
    elapsed_ms: u32,
) -> ConnectionView {
    let envelope = crate::errors::system(error);
    ConnectionView {
        tone: if error.kind == FaultKind::Throttled {
            Tone::Waiting
        } else {
            Tone::Bad
        },
        hints: envelope.hints,
        ..ok(name, address, envelope.message, elapsed_ms)
    }
}
