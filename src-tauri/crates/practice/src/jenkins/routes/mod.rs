//! Walks an address the way Jenkins resolves it, checks who asks, and hands on to readers and actions.
//!
//! Order of checks: starting, credentials, crumb, login, address, method, permission. An address without its trailing slash
//! is redirected; POST addresses never are. `root` knows what is at the top, `job` folders and jobs, `build` single builds.

mod build;
mod job;
mod root;

use super::access::{Caller, Permission, Proof, User, identify};
use super::api;
use super::controller::Controller;
use super::http::{Reply, Request};
use super::pages;
use super::remote::{self, bean};
use http::Method;

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
    root::walk(controller, &visit)
}

fn anonymous(controller: &mut Controller, request: &Request, session: &str) -> Reply {
    let mut segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    remote::as_json(&mut segments);
    match segments.as_slice() {
        ["robots.txt"] => pages::robots(),
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

/// Redirects a page address that lacks its trailing slash.
fn slashed(visit: &Visit, page: impl FnOnce() -> Reply) -> Reply {
    if visit.request.slash || visit.request.method == Method::POST {
        page()
    } else {
        let query = visit.request.target.split_once('?');
        let query = query.map_or_else(String::new, |(_, query)| format!("?{query}"));
        Reply::redirect(format!("{}/{query}", visit.request.path()))
            .header("cache-control", "private")
    }
}

fn denied(visit: &Visit, permission: Permission) -> Reply {
    pages::access_denied(&visit.user.id, permission, &visit.session)
}

/// Answers an action that nobody but an administrator has here, and that this server does not offer.
fn refused(visit: &Visit, permission: Permission) -> Reply {
    if visit.user.may(permission, &[]) {
        pages::not_found(&visit.session)
    } else {
        denied(visit, permission)
    }
}

fn private(reply: Reply) -> Reply {
    reply.header("cache-control", "private")
}
