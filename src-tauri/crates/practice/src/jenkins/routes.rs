//! Walks an address the way Jenkins resolves it, checks who asks, and hands on to readers and actions.
//!
//! Order of checks: starting, credentials, crumb, login, address, method, permission. An address without its trailing slash
//! is redirected; POST addresses never are.

use super::access::{Caller, Permission, Proof, Sessions, User, identify};
use super::actions;
use super::api;
use super::builds::Build;
use super::controller::{Controller, job_path};
use super::http::{Reply, Request};
use super::json;
use super::pages;
use super::tree::Selector;
use super::web;
use super::wfapi;
use http::Method;
use serde_json::{Value, json as object};

/// A request on its way: who asks, when, and what for.
pub struct Visit<'a> {
    /// The request.
    pub request: &'a Request,
    /// The caller.
    pub user: &'a User,
    /// Current instant, milliseconds since the epoch.
    pub now: i64,
    /// Id of this start of the server.
    pub session: String,
}

/// A build's place: the path that the caller used and the build's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Full name of the job.
    pub job: String,
    /// Number.
    pub number: u32,
    /// Path as the caller wrote it ("…/lastBuild/"), with slashes around.
    pub base: String,
}

/// Answers a request.
pub fn answer(controller: &mut Controller, request: &Request, now: i64) -> Reply {
    if controller.is_starting(now) {
        return pages::starting();
    }
    controller.advance(now);
    let session = controller.session();
    let plan = controller.plan();
    let (user, proof) = match identify(&plan.users, request.header("authorization")) {
        Caller::Known(user, proof) => (user, proof),
        Caller::Refused => return pages::bad_credentials(request),
        Caller::Anonymous => return anonymous(controller, request, &session),
    };
    if request.method == Method::POST
        && proof == Proof::Password
        && !has_crumb(controller, request, user, &session)
    {
        return pages::container_error(request, 403, "No valid crumb was included in the request");
    }
    let visit = Visit {
        request,
        user,
        now,
        session,
    };
    if request.method == Method::POST {
        controller.changed();
    }
    walk(controller, &visit)
}

fn anonymous(controller: &mut Controller, request: &Request, session: &str) -> Reply {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["login"] => pages::login(session),
        ["whoAmI", "api", "json"] => bean(request, session, |selector| {
            Some(api::who_am_i(None, selector))
        }),
        _ => {
            let cookie = controller.sessions.open(session, "");
            pages::login_wanted(request, session, &session_cookie(&cookie))
        }
    }
}

fn session_cookie(value: &str) -> String {
    format!("JSESSIONID.d2fc0427={value}; Path=/; HttpOnly; SameSite=Lax")
}

fn has_crumb(controller: &Controller, request: &Request, user: &User, session: &str) -> bool {
    let sent = request
        .header("jenkins-crumb")
        .map(str::to_owned)
        .or_else(|| {
            let form = request.form();
            form.into_iter()
                .find(|(name, _)| name == "Jenkins-Crumb")
                .map(|(_, value)| value)
        });
    match (request.cookie("JSESSIONID"), sent) {
        (Some(cookie), Some(crumb)) => controller
            .sessions
            .accepts(session, cookie, &user.id, &crumb),
        _ => false,
    }
}

fn walk(controller: &mut Controller, visit: &Visit) -> Reply {
    let request = visit.request;
    let session = &visit.session;
    let post = request.method == Method::POST;
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        [] => web::root(controller, session),
        ["login"] => pages::login(session),
        ["api", "json"] => bean(request, session, |selector| {
            Some(api::root(controller, selector))
        }),
        ["me", "api", "json"] => bean(request, session, |selector| {
            Some(api::user(controller, visit.user, selector))
        }),
        ["user", id, "api", "json"] => bean(request, session, |selector| {
            controller
                .user(id)
                .map(|user| api::user(controller, user, selector))
        }),
        ["whoAmI", "api", "json"] => bean(request, session, |selector| {
            Some(api::who_am_i(Some(visit.user), selector))
        }),
        ["crumbIssuer", "api", "json"] => crumb(controller, visit),
        ["computer", "api", "json"] => bean(request, session, |selector| {
            Some(api::computers(controller, selector))
        }),
        ["computer", "(built-in)" | "(master)", "api", "json"] => {
            bean(request, session, |selector| {
                Some(api::computer(controller, selector))
            })
        }
        ["queue", "api", "json"] => bean(request, session, |selector| {
            Some(api::queue(controller, visit.now, selector))
        }),
        ["queue", "item", id, "api", "json"] => bean(request, session, |selector| {
            let item = id.parse().ok().and_then(|id| controller.queue.get(id))?;
            Some(api::item(controller, item, visit.now, selector))
        }),
        ["queue", "cancelItem"] | ["quietDown" | "cancelQuietDown" | "safeRestart" | "restart"]
            if !post =>
        {
            pages::post_wanted(session)
        }
        ["queue", "cancelItem"] => actions::cancel_item(controller, visit),
        ["quietDown"] => administer(visit, || {
            let reason = request.query("reason").or(request.query("message"));
            controller.quiet_down(reason.map(str::to_owned));
        }),
        ["cancelQuietDown"] => administer(visit, || controller.cancel_quiet_down()),
        ["safeRestart" | "restart"] => {
            let now = visit.now;
            administer(visit, || controller.restart(now, 20_000))
        }
        ["manage", ..] => pages::manage_denied(&visit.user.id, session),
        ["view", _, "api", "json"] => bean(request, session, |selector| {
            Some(api::view(controller, selector))
        }),
        ["view", _, rest @ ..] if rest.first() == Some(&"job") => {
            below_root(controller, visit, rest)
        }
        ["job", ..] => below_root(controller, visit, &segments),
        _ => pages::not_found(session),
    }
}

fn administer(visit: &Visit, act: impl FnOnce()) -> Reply {
    if visit.user.may(Permission::Administer, &[]) {
        act();
        Reply::redirect("/")
    } else {
        pages::access_denied(&visit.user.id, Permission::Administer, &visit.session)
    }
}

fn crumb(controller: &mut Controller, visit: &Visit) -> Reply {
    let cookie = controller.sessions.open(&visit.session, &visit.user.id);
    let value = Sessions::crumb(&visit.session, &cookie);
    bean(visit.request, &visit.session, |_| {
        Some(object!({
            "_class": "hudson.security.csrf.DefaultCrumbIssuer",
            "crumb": value,
            "crumbRequestField": "Jenkins-Crumb",
        }))
    })
    .header("set-cookie", session_cookie(&cookie))
}

/// Answers a remote API request with a bean, or 404 when there is none.
pub fn bean(
    request: &Request,
    session: &str,
    make: impl FnOnce(&Selector) -> Option<Value>,
) -> Reply {
    let Ok(selector) = Selector::from_query(request.query("tree"), request.query("depth")) else {
        return pages::oops(500, session, &request.target);
    };
    match make(&selector) {
        Some(value) => {
            let pretty = request.query("pretty") == Some("true");
            let body = json::render(&value, pretty);
            pages::by_jenkins(
                Reply::with(200, "application/json;charset=utf-8", body),
                session,
            )
            .header("x-frame-options", "deny")
        }
        None => pages::not_found(session),
    }
}

/// Resolves `job/…/job/…` to a folder or job and goes on below it.
fn below_root(controller: &mut Controller, visit: &Visit, segments: &[&str]) -> Reply {
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
            _ => pages::not_found(&visit.session),
        },
        None => pages::not_found(&visit.session),
    }
}

/// Redirects a page address that lacks its trailing slash.
fn slashed(visit: &Visit, page: impl FnOnce() -> Reply) -> Reply {
    if visit.request.slash || visit.request.method == Method::POST {
        page()
    } else {
        Reply::redirect(format!("{}/", visit.request.path())).header("cache-control", "private")
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
            if visit.user.may(Permission::JobConfigure, &job.builders) {
                web::config(job)
            } else {
                pages::access_denied(&visit.user.id, Permission::JobConfigure, session)
            }
        }
        [number, below @ ..] => match resolve(controller, name, number) {
            Some(found) => {
                let spot = Spot {
                    job: name.to_owned(),
                    number: found,
                    base: format!("{}{number}/", job_path(name)),
                };
                below_build(controller, visit, &spot, below)
            }
            None => pages::not_found(session),
        },
    }
}

fn private(reply: Reply) -> Reply {
    reply.header("cache-control", "private")
}

/// Resolves a number or a permalink ("lastSuccessfulBuild") to a build's number.
fn resolve(controller: &Controller, name: &str, text: &str) -> Option<u32> {
    use super::flow::Verdict::{Aborted, Failure, NotBuilt, Success, Unstable};
    let ended_as = |verdicts: &'static [super::flow::Verdict]| {
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
        number => number
            .parse()
            .ok()
            .filter(|number| controller.build(name, *number).is_some()),
    }
}

fn below_build(controller: &mut Controller, visit: &Visit, spot: &Spot, rest: &[&str]) -> Reply {
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
        ["doDelete"] => pages::access_denied(&visit.user.id, Permission::RunDelete, session),
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
        ["artifact", path @ ..] => artifact(build, &path.join("/"), session),
        ["wfapi" | "execution", ..] => pages::nothing_here(session),
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
