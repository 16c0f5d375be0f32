//! `interlock practice`: serves the practice estate until interrupted.

use super::practice_folder;
use crate::{
    args::Practice,
    output::{Done, Ending, Printer, say},
};
use interlock_contract::error::ErrorCode;
use interlock_host::envelope;
use interlock_practice::PracticeOptions;
use std::time::Duration;

/// Runs the command.
pub async fn run(printer: Printer, options: &Practice) -> Done {
    let directory = match &options.directory {
        Some(directory) => directory.clone(),
        None => practice_folder()?,
    };
    let mut practice_options = PracticeOptions::new(directory);
    if options.latency_ms > 0 {
        practice_options.latency = Some(Duration::from_millis(options.latency_ms));
    }
    let practice = interlock_practice::Practice::start(practice_options)
        .await
        .map_err(|error| {
            envelope(
                ErrorCode::PreconditionFailed,
                format!("The practice estate cannot start: {error}."),
            )
        })?;
    let people: Vec<_> = practice.people().iter().map(|person| person.id).collect();
    let served = serde_json::json!({
        "estate": practice.estate_file(),
        "aws": practice.aws_url(),
        "jenkins": practice.jenkins_url(),
        "sonarqube": practice.sonarqube_url(),
        "gitlab": practice.gitlab_url(),
        "control": practice.control_url(),
        "people": people,
    });
    printer.line(&served, |_| {
        format!(
            "estate file  {}\nAWS          {}\nJenkins      {}\nSonarQube    {}\nGitLab       {}\ncontrol      {}\npeople       {}",
            practice.estate_file().display(),
            practice.aws_url(),
            practice.jenkins_url(),
            practice.sonarqube_url(),
            practice.gitlab_url(),
            practice.control_url(),
            people.join(", ")
        )
    });
    say("The practice estate is served. Interrupt to stop; its state is kept.");
    let mut ended = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .map_err(|error| envelope(ErrorCode::Internal, format!("No signals: {error}.")))?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = ended.recv() => {}
    }
    practice.shutdown().map_err(|error| {
        envelope(
            ErrorCode::LedgerUnavailable,
            format!("The practice estate was not kept: {error}."),
        )
    })?;
    Ok(Ending::Good)
}
