//! Folders and jobs: their pages and beans, starting builds, and the way down to a build by number or permalink.

use super::super::access::Permission;
use super::super::controller::{Controller, job_path};
use super::super::flow::Verdict;
use super::super::http::Reply;
use super::super::remote::bean;
use super::super::{actions, api, pages, web, wfapi};
use super::{Spot, Visit, build, denied, private, refused, slashed};
use http::Method;

/// Resolves `job/…/job/…` to a folder or job and goes on below it.
pub(super) fn below_root(controller: &mut Controller, visit: &Visit, segments: &[&str]) -> Reply {
    let (name, rest) = match segments {
        ["job", folder, "job", name, rest @ ..] => (format!("{folder}/{name}"), rest),
        ["job", name, rest @ ..] => ((*name).to_owned(), rest),
        _ => return pages::not_found(&visit.session),
    };
    if controller.job(&name).is_some() {
        return below_job(controller, visit, &name, rest);
    }
    let plan = controller.plan();
    match plan.folders.iter().find(|folder| folder.name == name) {
        Some(folder) => match rest {
            [] => slashed(visit, || web::folder(controller, folder, &visit.session)),
            ["api", "json"] => bean(visit.request, &visit.session, |selector| {
                Some(api::folder(controller, folder, selector))
            }),
            ["createItem" | "doDelete"] if visit.request.method != Method::POST => {
                pages::post_wanted(&visit.session)
            }
            ["createItem"] => refused(visit, Permission::JobCreate),
            ["doDelete"] => refused(visit, Permission::JobDelete),
            ["config.xml"] => refused(visit, Permission::JobConfigure),
            _ => pages::not_found(&visit.session),
        },
        None => pages::not_found(&visit.session),
    }
}

fn below_job(controller: &mut Controller, visit: &Visit, name: &str, rest: &[&str]) -> Reply {
    let request = visit.request;
    let session = &visit.session;
    let plan = controller.plan();
    let Some(job) = controller.job_index(name).map(|index| &plan.jobs[index]) else {
        return pages::not_found(session);
    };
    match rest {
        [] => slashed(visit, || web::job(controller, job, session)),
        ["api", "json"] => bean(request, session, |selector| {
            Some(api::job(controller, job, selector))
        }),
        ["wfapi"] | ["wfapi", "describe"] => {
            private(Reply::stage_json(&wfapi::job(controller, name, &job.name)))
        }
        ["wfapi", "runs"] => private(Reply::stage_json(&wfapi::runs(
            controller,
            name,
            request.query("since"),
            request.query("fullStages") == Some("true"),
            visit.now,
        ))),
        ["build"] => actions::build(controller, visit, job, name),
        ["buildWithParameters"] => actions::build_with_parameters(controller, visit, job, name),
        ["config.xml"] => {
            if visit.user.may(Permission::JobConfigure, &job.builders)
                && request.method != Method::POST
            {
                web::config(job)
            } else {
                denied(visit, Permission::JobConfigure)
            }
        }
        ["doDelete" | "enable" | "disable" | "confirmRename" | "configSubmit"]
            if request.method != Method::POST =>
        {
            pages::post_wanted(session)
        }
        ["doDelete"] => refused(visit, Permission::JobDelete),
        ["enable" | "disable" | "confirmRename" | "configSubmit"] => {
            refused(visit, Permission::JobConfigure)
        }
        [number, below @ ..] => match resolve(controller, name, number) {
            Some(found) => {
                let spot = Spot {
                    job: name.to_owned(),
                    number: found,
                    base: format!("{}{number}/", job_path(name)),
                };
                build::below(controller, visit, &spot, below)
            }
            None => pages::not_found(session),
        },
    }
}

/// Resolves a number or a permalink ("lastSuccessfulBuild") to a build's number.
fn resolve(controller: &Controller, name: &str, text: &str) -> Option<u32> {
    use Verdict::{Aborted, Failure, NotBuilt, Success, Unstable};
    let ended_as = |verdicts: &'static [Verdict]| {
        controller
            .builds(name)
            .find(|build| {
                !build.is_building() && build.verdict.is_some_and(|own| verdicts.contains(&own))
            })
            .map(|build| build.number)
    };
    match text {
        "lastBuild" => controller.builds(name).next().map(|build| build.number),
        "lastCompletedBuild" => ended_as(&[Success, Unstable, Failure, NotBuilt, Aborted]),
        "lastSuccessfulBuild" => ended_as(&[Success, Unstable]),
        "lastStableBuild" => ended_as(&[Success]),
        "lastUnstableBuild" => ended_as(&[Unstable]),
        "lastFailedBuild" => ended_as(&[Failure]),
        "lastUnsuccessfulBuild" => ended_as(&[Unstable, Failure, NotBuilt, Aborted]),
        // A number is written in one way only.
        number => number
            .parse()
            .ok()
            .filter(|found: &u32| found.to_string() == number)
            .filter(|number| controller.build(name, *number).is_some()),
    }
}
