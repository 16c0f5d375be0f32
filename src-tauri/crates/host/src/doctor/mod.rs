//! Connection tests: everything that the estate file names, asked once.
//!
//! Asks all systems at the same time and judges nothing but whether a promotion could work with
//! them. What hangs on a login that does not work is not asked, so that one cause is told once.

mod aws;
mod jobs;
mod rows;

use crate::host::Host;
use futures::future::join_all;
use interlock_app::{Console, Ports, estate::HttpSystem};
use interlock_contract::{Tone, connections::ConnectionView};
use interlock_domain::SystemKind;
use rows::{elapsed, failed, ok, unasked};
use std::time::Instant;

/// Tests every connection.
pub async fn examine(host: &Host) -> Vec<ConnectionView> {
    let console = host.console();
    let ports = console.ports();
    let (aws, jenkins, sonarqube, gitlab, git) = tokio::join!(
        aws::examine(&console.estate, &ports),
        jenkins(&console, &ports),
        system(
            SystemKind::SonarQube,
            console.estate.sonarqube.as_ref(),
            &ports
        ),
        system(SystemKind::GitLab, console.estate.gitlab.as_ref(), &ports),
        repositories(&console, &ports),
    );
    let mut list = aws;
    list.extend(jenkins);
    list.push(sonarqube);
    list.push(gitlab);
    list.extend(git);
    list.push(ledger(&console));
    list
}

/// Jenkins, and each deploy job in it once Jenkins lets us in.
async fn jenkins(console: &Console, ports: &Ports) -> Vec<ConnectionView> {
    let estate = &console.estate;
    let row = system(SystemKind::Jenkins, estate.jenkins.as_ref(), ports).await;
    let entered = row.tone == Tone::Ok;
    let mut list = vec![row];
    list.extend(jobs::examine(estate, ports, entered).await);
    list
}

/// Whether a system that is reached over HTTP answers, and whom it takes us for.
async fn system(kind: SystemKind, declared: Option<&HttpSystem>, ports: &Ports) -> ConnectionView {
    let name = kind.name().to_owned();
    let reader = ports.identities.iter().find(|(system, _)| *system == kind);
    let (Some(declared), Some((_, reader))) = (declared, reader) else {
        return unasked(name, String::new(), "The estate file does not name it.");
    };
    let begun = Instant::now();
    let answer = reader.identities().await.into_iter().next();
    let (address, took) = (declared.url.clone(), elapsed(begun));
    match answer {
        Some(Ok(told)) => {
            let message = match &told.version {
                Some(version) => format!("Knows you; version {version}."),
                None => "Knows you.".into(),
            };
            ConnectionView {
                identity: Some(told.name),
                version: told.version,
                ..ok(name, address, message, took)
            }
        }
        Some(Err(error)) => failed(name, address, &error, took),
        None => unasked(name, address, "It does not say who you are."),
    }
}

/// Whether each repository can be read.
async fn repositories(console: &Console, ports: &Ports) -> Vec<ConnectionView> {
    let Some(sources) = &ports.sources else {
        return Vec::new();
    };
    let asked = console
        .estate
        .repositories
        .iter()
        .map(|(name, repository)| async move {
            let begun = Instant::now();
            let answer = sources.commit(name, "HEAD").await;
            let (label, url) = (format!("Git {name}"), repository.url.clone());
            match answer {
                Ok(commit) => {
                    let message = format!("HEAD is {}: {}", commit.id.short(), commit.title);
                    ok(label, url, message, elapsed(begun))
                }
                Err(error) => failed(label, url, &error, elapsed(begun)),
            }
        });
    join_all(asked).await
}

/// Whether the record can be read and holds together.
fn ledger(console: &Console) -> ConnectionView {
    let begun = Instant::now();
    let answer = console.ledger.verify();
    let row = |message: String| {
        let place = console.ledger.place();
        ok("Ledger".into(), place, message, elapsed(begun))
    };
    match answer {
        Ok(verification) => {
            let view = crate::view::audit::verification(&verification, verification.ignored.len());
            ConnectionView {
                tone: view.tone,
                ..row(format!("{}.", view.summary))
            }
        }
        Err(error) => ConnectionView {
            tone: Tone::Bad,
            hints: vec!["Check that its folder can be written and has room.".into()],
            ..row(error.to_string())
        },
    }
}
