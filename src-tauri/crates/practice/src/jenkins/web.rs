//! The few web pages that a person reaches by following a link: lists, a build, a console, a job's configuration.

use super::builds::Build;
use super::controller::Controller;
use super::http::Reply;
use super::pages::{escape, shown};
use super::plan::{FolderPlan, JobPlan};
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

fn link(page: &mut String, url: &str, text: &str) {
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "<li><a href=\"{}\">{}</a></li>",
        escape(url),
        escape(text)
    );
}
