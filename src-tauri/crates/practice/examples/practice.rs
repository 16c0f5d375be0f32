//! Starts the practice estate in a directory and prints one JSON line with its addresses and credentials.
//!
//! `practice DIRECTORY [--pace 0.1] [--page-size 100] [--latency-ms 0] [--stacks 0]`; it ends when it is terminated, or
//! with its standard input when that is a pipe.

use interlock_practice::bank::Scale;
use interlock_practice::{Practice, PracticeOptions};
use serde_json::json;
use std::error::Error;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::FileTypeExt as _;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut options = PracticeOptions::new("");
    while let Some(name) = arguments.next() {
        if !name.starts_with("--") {
            options.directory = name.into();
            continue;
        }
        let value = arguments.next().ok_or("a value is missing")?;
        match name.as_str() {
            "--directory" => options.directory = value.into(),
            "--pace" => options.pace = value.parse()?,
            "--page-size" => options.page_size = value.parse()?,
            "--latency-ms" => options.latency = Some(Duration::from_millis(value.parse()?)),
            "--stacks" => {
                options.scale = Some(Scale {
                    services: value.parse()?,
                    two_regions: true,
                });
            }
            other => return Err(format!("{other} is not known").into()),
        }
    }
    if options.directory.as_os_str().is_empty() {
        return Err("name a directory".into());
    }
    let practice = Practice::start(options).await?;
    let people: Vec<_> = practice
        .people()
        .iter()
        .map(|person| {
            json!({
                "id": person.id,
                "name": person.name,
                "role": person.role.word(),
                "aws_access_key_id": person.aws_access_key_id,
                "aws_secret_access_key": person.aws_secret_access_key,
                "jenkins_token": person.jenkins_token,
                "gitlab_token": person.gitlab_token,
                "sonarqube_token": person.sonarqube_token,
            })
        })
        .collect();
    let pipeline = interlock_practice::aws::iam::pipeline();
    let line = json!({
        "aws": practice.aws_url(),
        "jenkins": practice.jenkins_url(),
        "sonarqube": practice.sonarqube_url(),
        "gitlab": practice.gitlab_url(),
        "control": practice.control_url(),
        "estate": practice.estate_file(),
        "people": people,
        "pipeline": {
            "aws_access_key_id": pipeline.access_key_id,
            "aws_secret_access_key": pipeline.secret_access_key,
        },
    });
    writeln!(std::io::stdout(), "{line}")?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
        () = end_of_input() => {}
    }
    practice.shutdown()?;
    Ok(())
}

/// Waits for the end of standard input when it is a pipe: whoever started this holds the other end.
async fn end_of_input() {
    let is_pipe = std::fs::metadata("/dev/stdin").is_ok_and(|data| data.file_type().is_fifo());
    if !is_pipe {
        return std::future::pending().await;
    }
    let (done, ended) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = done.send(());
    });
    let _ = ended.await;
}
