//! Starts the practice estate in a directory and prints one JSON line with its addresses and credentials.
//!
//! `practice DIRECTORY [--pace 0.1] [--page-size 100] [--latency-ms 0] [--stacks 0]`; it ends with its standard input.

use interlock_practice::bank::Scale;
use interlock_practice::{Practice, PracticeOptions};
use serde_json::json;
use std::error::Error;
use std::io::{Read as _, Write as _};
use std::time::Duration;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("name a directory")?;
    let mut options = PracticeOptions::new(directory);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("a value is missing")?;
        match name.as_str() {
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
    // Whoever started it holds its standard input; when they end, so does the estate.
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    practice.shutdown()?;
    Ok(())
}
