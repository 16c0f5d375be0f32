//! The few web pages that a person reaches by following a link: lists, a build, a console, a job's configuration.

use super::access::User;
use super::builds::Build;
use super::controller::Controller;
use super::http::{Reply, encode_segment};
use super::pages::{escape, shown};
use super::plan::{FolderPlan, JobPlan};
use super::program::Outcome;
use std::fmt::Write as _;

/// Shows the top level.
pub fn root(controller: &Controller, session: &str) -> Reply {
    let plan = controller.plan_ref();
    let mut main = String::from("<h1>Jenkins</h1><ul>");
    for folder in &plan.folders {
        link(
            &mut main,
            &controller.job_url(&folder.name),
            &folder.display_name,
        );
    }
    for job in controller.jobs_in(None) {
        link(&mut main, &controller.job_url(&job.full_name()), &job.name);
    }
    main.push_str("</ul>");
    shown("Dashboard", &main, session)
}

/// Shows a folder.
pub fn folder(controller: &Controller, folder: &FolderPlan, session: &str) -> Reply {
    let mut main = format!("<h1>{}</h1><ul>", escape(&folder.display_name));
    for job in controller.jobs_in(Some(&folder.name)) {
        link(&mut main, &controller.job_url(&job.full_name()), &job.name);
    }
    main.push_str("</ul>");
    shown(&folder.display_name, &main, session)
}

/// Shows a job with its newest builds.
pub fn job(controller: &Controller, job: &JobPlan, session: &str) -> Reply {
    let full_name = job.full_name();
    let mut main = format!(
        "<h1>{}</h1><p>{}</p><ul>",
        escape(&job.name),
        escape(job.description.as_deref().unwrap_or_default())
    );
    for build in controller.builds(&full_name).take(20) {
        let url = format!("{}{}/", controller.job_url(&full_name), build.number);
        let result = build.verdict.map_or("running", super::flow::Verdict::name);
        link(&mut main, &url, &format!("#{} {result}", build.number));
    }
    main.push_str("</ul>");
    shown(&job.name, &main, session)
}

/// Shows a build.
pub fn build(build: &Build, session: &str) -> Reply {
    let title = format!("{} #{}", build.job.name, build.number);
    let result = build.verdict.map_or("running", super::flow::Verdict::name);
    let main = format!(
        "<h1>{}</h1><p>{result}</p><p><a href=\"console\">Console Output</a></p>",
        escape(&title)
    );
    shown(&title, &main, session)
}

/// Shows a build's console.
pub fn console(build: &Build, session: &str) -> Reply {
    let title = format!("{} #{} Console", build.job.name, build.number);
    let text = escape(&build.run().log.plain());
    let main = format!("<h1>Console Output</h1><pre class=\"console-output\">{text}</pre>");
    shown(&title, &main, session)
}

/// Writes a job's configuration.
pub fn config(job: &JobPlan) -> Reply {
    let body = format!(
        "<?xml version='1.1' encoding='UTF-8'?>\n<flow-definition plugin=\"workflow-job\">\n\
         \u{20} <description>{}</description>\n  <disabled>{}</disabled>\n</flow-definition>",
        escape(job.description.as_deref().unwrap_or_default()),
        job.disabled
    );
    Reply::with(200, "application/xml", body)
}

/// Writes the configuration of the one view.
pub fn view_config() -> Reply {
    let body = "<?xml version=\"1.1\" encoding=\"UTF-8\"?>\n<hudson.model.AllView>\n  <name>all</name>\n\
                \u{20} <filterExecutors>false</filterExecutors>\n  <filterQueue>false</filterQueue>\n\
                </hudson.model.AllView>";
    Reply::with(200, "application/xml", body)
}

/// Shows a user.
pub fn user(user: &User, session: &str) -> Reply {
    let main = format!(
        "<h1>{}</h1><p>Jenkins User ID: {}</p>",
        escape(&user.full_name),
        escape(&user.id)
    );
    shown(&user.full_name, &main, session)
}

/// Shows the one computer and what it runs.
pub fn computers(controller: &Controller, session: &str) -> Reply {
    let mut main = String::from("<h1>Nodes</h1><p>Built-In Node</p><ul>");
    for (name, number) in controller.running() {
        let url = format!("{}{number}/", controller.job_url(&name));
        link(&mut main, &url, &format!("{name} #{number}"));
    }
    main.push_str("</ul>");
    shown("Nodes", &main, session)
}

/// Shows what waits in the queue.
pub fn queue(controller: &Controller, session: &str) -> Reply {
    let mut main = String::from("<h1>Build Queue</h1><ul>");
    for item in controller.queue.waiting() {
        link(&mut main, &controller.job_url(&item.job), &item.job);
    }
    main.push_str("</ul>");
    shown("Build Queue", &main, session)
}

/// Shows which tests failed.
pub fn test_report(build: &Build, session: &str) -> Reply {
    let run = build.run();
    let cases = || run.tests.iter().flat_map(|(.., suite)| &suite.cases);
    let mut main = format!("<h1>Test Result</h1><p>{} tests</p><ul>", cases().count());
    for case in cases() {
        if let Outcome::Failed { message, .. } = &case.outcome {
            let (name, message) = (escape(&case.name), escape(message));
            let _ = write!(main, "<li>{name}: {message}</li>");
        }
    }
    main.push_str("</ul>");
    shown("Test Result", &main, session)
}

/// Shows the commits of a build.
pub fn changes(build: &Build, session: &str) -> Reply {
    let mut main = String::from("<h1>Changes</h1><ol>");
    for commit in build.changes {
        let (message, author) = (escape(&commit.message), escape(&commit.author));
        let _ = write!(
            main,
            "<li id=\"{}\">{message} ({author})</li>",
            escape(&commit.id)
        );
    }
    main.push_str("</ol>");
    shown("Changes", &main, session)
}

/// Shows the question that waits for a person.
pub fn inputs(build: &Build, session: &str) -> Reply {
    let run = build.run();
    let mut main = String::from("<h1>Input</h1>");
    if let Some(gate) = run.pending() {
        let _ = write!(
            main,
            "<form method=\"post\" action=\"{}/submit\"><p>{}</p><button name=\"proceed\" value=\"{2}\">{2}</button>\
             <button name=\"abort\">Abort</button></form>",
            escape(&gate.public_id()),
            escape(&gate.message),
            escape(&gate.ok)
        );
    }
    shown("Paused for Input", &main, session)
}

/// Shows the files that a build archived.
pub fn artifacts(build: &Build, session: &str) -> Reply {
    let run = build.run();
    let mut main = String::from("<h1>Build Artifacts</h1><ul>");
    for artifact in &run.artifacts {
        let path: Vec<String> = artifact.path.split('/').map(encode_segment).collect();
        link(&mut main, &path.join("/"), &artifact.path);
    }
    main.push_str("</ul>");
    shown("Build Artifacts", &main, session)
}

fn link(page: &mut String, url: &str, text: &str) {
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "<li><a href=\"{}\">{}</a></li>",
        escape(url),
        escape(text)
    );
}
