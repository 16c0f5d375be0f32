//! The top: who asks, the queue, the computers, administration, and the way down to jobs.

use super::super::access::{Permission, Sessions};
use super::super::controller::Controller;
use super::super::http::Reply;
use super::super::remote::{self, bean};
use super::super::{actions, api, pages, web};
use super::{Visit, job, refused, session_cookie, slashed};
use http::Method;
use serde_json::json as object;

/// Resolves an address from the top.
pub(super) fn walk(controller: &mut Controller, visit: &Visit) -> Reply {
    let request = visit.request;
    let session = &visit.session;
    let post = request.method == Method::POST;
    let mut segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    remote::as_json(&mut segments);
    match segments.as_slice() {
        [] => web::root(controller, session),
        ["login"] => pages::login(session),
        ["logout"] => Reply::redirect("/"),
        ["robots.txt"] => pages::robots(),
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
        ["me"] => slashed(visit, || web::user(visit.user, session)),
        ["user", id] => match controller.user(id) {
            Some(user) => slashed(visit, || web::user(user, session)),
            None => pages::not_found(session),
        },
        ["crumbIssuer", "api", "json"] => crumb(controller, visit),
        ["computer", "api", "json"] => bean(request, session, |selector| {
            Some(api::computers(controller, selector))
        }),
        ["computer", "(built-in)" | "(master)", "api", "json"] => {
            bean(request, session, |selector| {
                Some(api::computer(controller, selector))
            })
        }
        ["computer"] => slashed(visit, || web::computers(controller, session)),
        ["queue"] => slashed(visit, || web::queue(controller, session)),
        ["queue", "api", "json"] => bean(request, session, |selector| {
            Some(api::queue(controller, visit.now, selector))
        }),
        ["queue", "item", id, "api", "json"] => bean(request, session, |selector| {
            let item = id.parse().ok().and_then(|id| controller.queue.get(id))?;
            Some(api::item(controller, item, visit.now, selector))
        }),
        ["queue", "cancelItem"]
        | ["queue", "item", _, "cancelQueue"]
        | ["computer", "doCreateItem"]
        | [
            "createItem" | "createView" | "quietDown" | "cancelQuietDown" | "safeRestart"
            | "restart",
        ] if !post => pages::post_wanted(session),
        ["queue", "cancelItem"] => actions::cancel_item(controller, visit),
        ["queue", "item", id, "cancelQueue"] => actions::cancel_queue(controller, visit, id),
        ["createItem"] => refused(visit, Permission::JobCreate),
        ["createView"] => refused(visit, Permission::ViewCreate),
        ["computer", "doCreateItem"] => refused(visit, Permission::AgentCreate),
        [
            "script" | "scriptText" | "systemInfo" | "reload" | "exit" | "safeExit"
            | "configSubmit",
        ]
        | ["log" | "pluginManager", ..] => refused(visit, Permission::Administer),
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
        ["view", "all"] => slashed(visit, || web::root(controller, session)),
        ["view", "all", "api", "json"] => bean(request, session, |selector| {
            Some(api::view(controller, selector))
        }),
        ["view", "all", "config.xml"] => web::view_config(),
        ["view", "all", rest @ ..] if rest.first() == Some(&"job") => {
            job::below_root(controller, visit, rest)
        }
        ["job", ..] => job::below_root(controller, visit, &segments),
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
