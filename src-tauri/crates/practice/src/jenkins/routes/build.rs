//! A build: what may be done to it, what can be read of it, its log and its files.

use super::super::access::Permission;
use super::super::builds::Build;
use super::super::controller::Controller;
use super::super::http::{Reply, Request};
use super::super::remote::bean;
use super::super::{actions, api, pages, web, wfapi, zip};
use super::{Spot, Visit, denied, private, slashed};
use http::Method;
use serde_json::Value;

/// Goes on below a build.
pub(super) fn below(
    controller: &mut Controller,
    visit: &Visit,
    spot: &Spot,
    rest: &[&str],
) -> Reply {
    let session = &visit.session;
    let post = visit.request.method == Method::POST;
    match rest {
        ["stop" | "term" | "kill" | "submitDescription" | "toggleLogKeep" | "doDelete"]
        | ["input", _, "proceedEmpty" | "submit" | "abort"]
        | ["wfapi", "inputSubmit"]
            if !post =>
        {
            pages::post_wanted(session)
        }
        ["stop" | "term" | "kill"] => actions::stop(controller, visit, spot),
        ["submitDescription"] => actions::describe(controller, visit, spot),
        ["toggleLogKeep"] => actions::keep(controller, visit, spot),
        ["doDelete"] => denied(visit, Permission::RunDelete),
        ["input", id, verb @ ("proceedEmpty" | "submit" | "abort")] => {
            actions::answer_input(controller, visit, spot, id, verb)
        }
        ["wfapi", "inputSubmit"] => {
            let id = visit
                .request
                .query("inputId")
                .unwrap_or_default()
                .to_owned();
            actions::answer_input(controller, visit, spot, &id, "inputSubmit")
        }
        _ => match controller.build(&spot.job, spot.number) {
            Some(build) => read_build(controller, visit, spot, &build, rest),
            None => pages::not_found(session),
        },
    }
}

fn read_build(
    controller: &Controller,
    visit: &Visit,
    spot: &Spot,
    build: &Build,
    rest: &[&str],
) -> Reply {
    let request = visit.request;
    let session = &visit.session;
    let base = &spot.base;
    let stages = |value: Option<Value>| match value {
        Some(value) => private(Reply::stage_json(&value)),
        None => pages::nothing_here(session),
    };
    match rest {
        [] => slashed(visit, || web::build(build, session)),
        ["api", "json"] => bean(request, session, |selector| {
            Some(api::build(controller, build, selector))
        }),
        ["testReport", "api", "json"] => {
            let run = build.run();
            if run.tests.is_empty() {
                return pages::nothing_here(session);
            }
            bean(request, session, |selector| {
                api::test_report(controller, build, selector)
            })
        }
        ["testReport"] if !build.run().tests.is_empty() => {
            slashed(visit, || web::test_report(build, session))
        }
        ["changes"] => web::changes(build, session),
        ["input"] => slashed(visit, || web::inputs(build, session)),
        ["buildNumber"] => private(Reply::with(200, "text/plain", build.number.to_string())),
        ["consoleText"] => private(Reply::with(
            200,
            "text/plain;charset=utf-8",
            build.run().log.plain(),
        )),
        ["console" | "consoleFull"] => web::console(build, session),
        ["logText", "progressiveText"] => progressive(request, build, false),
        ["logText", "progressiveHtml"] => progressive(request, build, true),
        ["wfapi"] | ["wfapi", "describe"] => {
            let full = request.query("fullStages") == Some("true");
            stages(Some(wfapi::describe(build, base, full, visit.now)))
        }
        ["wfapi", "pendingInputActions"] => {
            stages(Some(Value::Array(wfapi::pending_inputs(build, base))))
        }
        ["wfapi", "nextPendingInputAction"] => stages(Some(
            wfapi::pending_inputs(build, base)
                .into_iter()
                .next()
                .unwrap_or(Value::Null),
        )),
        ["wfapi", "artifacts"] => stages(Some(wfapi::artifacts(build, base))),
        ["wfapi", "changesets"] => stages(Some(wfapi::change_sets(controller, build, base))),
        ["execution", "node", id, "wfapi"] | ["execution", "node", id, "wfapi", "describe"] => {
            stages(
                id.parse()
                    .ok()
                    .and_then(|id| wfapi::node(build, id, base, visit.now)),
            )
        }
        ["execution", "node", id, "wfapi", "log"] => stages(
            id.parse()
                .ok()
                .and_then(|id| wfapi::node_log(build, id, base)),
        ),
        ["artifact"] => slashed(visit, || web::artifacts(build, session)),
        ["artifact", folder @ .., "*zip*", name] => {
            archive(build, &folder.join("/"), name, session)
        }
        ["artifact", path @ ..] => artifact(build, &path.join("/"), session),
        ["wfapi" | "execution" | "testReport", ..] => pages::nothing_here(session),
        _ => pages::not_found(session),
    }
}

fn progressive(request: &Request, build: &Build, html: bool) -> Reply {
    let start = request
        .query("start")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let run = build.run();
    let reply = if html {
        let chunk = run.log.chunk(start);
        let from = if start > chunk.next { 0 } else { start };
        let text = run.log.plain_between(from, chunk.next);
        Reply::with(200, "text/html;charset=utf-8", pages::escape(&text))
            .header("x-text-size", chunk.next.to_string())
    } else {
        let chunk = run.log.chunk(start);
        Reply::with(200, "text/plain;charset=utf-8", chunk.body)
            .header("x-text-size", chunk.next.to_string())
    };
    let reply = private(reply);
    if build.is_building() {
        reply.header("x-more-data", "true")
    } else {
        reply
    }
}

/// The files of a folder in one archive, which has the folder's name; all of them are `archive.zip`.
fn archive(build: &Build, folder: &str, name: &str, session: &str) -> Reply {
    let run = build.run();
    let own = folder.rsplit('/').next().filter(|own| !own.is_empty());
    let begin = own.map_or_else(String::new, |_| format!("{folder}/"));
    let files: Vec<(&str, &[u8])> = run
        .artifacts
        .iter()
        .filter(|artifact| artifact.path.starts_with(&begin))
        // Paths in the archive begin with the folder itself.
        .map(|artifact| {
            let above = begin.len() - own.map_or(0, |own| own.len() + 1);
            (&artifact.path[above..], artifact.content.as_bytes())
        })
        .collect();
    if files.is_empty() || name != format!("{}.zip", own.unwrap_or("archive")) {
        return pages::not_found(session);
    }
    let bytes = zip::archive(files.into_iter());
    private(Reply::with(200, "application/zip", bytes))
}

fn artifact(build: &Build, path: &str, session: &str) -> Reply {
    const SANDBOX: &str =
        "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';";
    let run = build.run();
    let Some(found) = run.artifacts.iter().find(|artifact| artifact.path == path) else {
        return pages::not_found(session);
    };
    let kind = if std::path::Path::new(path)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
    {
        "application/json"
    } else {
        "text/plain"
    };
    let modified = jiff::Timestamp::from_millisecond(build.ended.unwrap_or(build.started))
        .map(|instant| instant.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .unwrap_or_default();
    private(Reply::with(200, kind, found.content.as_bytes()))
        .header("content-security-policy", SANDBOX)
        .header("last-modified", modified)
        .header("accept-ranges", "bytes")
}
