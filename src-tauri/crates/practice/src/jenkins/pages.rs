//! The pages that Jenkins and its servlet container answer with instead of JSON: errors, login, starting.
//!
//! A console must recognise them by status and headers; the bodies are HTML whatever `Accept` says, except for the errors
//! that the container makes, which are JSON when the caller asks for it.

use super::access::Permission;
use super::http::{Reply, Request, encode_query};
use serde_json::json;
use sha2::{Digest as _, Sha256};

const HTML: &str = "text/html;charset=utf-8";
/// Version of the Jenkins whose behaviour this server has.
pub const VERSION: &str = "2.516.2";

/// Escapes text for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Adds the headers that pages and remote answers made by Jenkins carry.
pub fn by_jenkins(reply: Reply, session: &str) -> Reply {
    reply
        .header("x-jenkins", VERSION)
        .header("x-jenkins-session", session)
}

fn page(status: u16, title: &str, main: &str, session: &str) -> Reply {
    let body = format!(
        "<!DOCTYPE html><html><head data-rooturl=\"\" data-crumb-header=\"Jenkins-Crumb\">\
         <title>{title}</title></head><body id=\"jenkins\" class=\"jenkins-{VERSION}\" data-version=\"{VERSION}\">\
         <div id=\"main-panel\"><a id=\"skip2content\"></a>{main}</div>\
         <footer class=\"page-footer\">Jenkins {VERSION}</footer></body></html>"
    );
    by_jenkins(
        Reply::with(status, HTML, body)
            .header("expires", "0")
            .header("cache-control", "no-cache,no-store,must-revalidate")
            .header("x-hudson", "1.395"),
        session,
    )
    .header("x-frame-options", "sameorigin")
}

/// Sends an anonymous caller to the login page: 403 with a meta refresh.
pub fn login_wanted(request: &Request, session: &str, cookie: &str) -> Reply {
    let from = encode_query(&request.target);
    let body = format!(
        "<html><head><meta http-equiv='refresh' content='1;url=/login?from={from}'/>\
         <script id='redirect' data-redirect-url='/login?from={from}' src='/static/{session}/scripts/redirect.js'></script></head>\
         <body style='background-color:white; color:white;'>\nAuthentication required\n<!--\n-->\n\n</body></html>{}",
        " ".repeat(300)
    );
    by_jenkins(
        Reply::with(403, HTML, body)
            .header("set-cookie", cookie)
            .header("x-hudson", "1.395"),
        session,
    )
}

/// Refuses a known user who lacks a permission.
pub fn access_denied(user: &str, permission: Permission, session: &str) -> Reply {
    let main = format!(
        "<h1>Access Denied</h1><p class=\"error\">{} is missing the {} permission</p>",
        escape(user),
        permission.title()
    );
    let mut reply = page(403, "Jenkins", &main, session)
        .header("x-you-are-authenticated-as", user)
        .header(
            "x-you-are-in-group-disabled",
            "JENKINS-39402: use -Dhudson.security.AccessDeniedException2.REPORT_GROUP_HEADERS=true or use /whoAmI to diagnose",
        )
        .header("x-required-permission", permission.id());
    for implying in permission.implied_by() {
        reply = reply.header("x-permission-implied-by", *implying);
    }
    reply
}

/// Refuses the administration pages, which name no permission in headers.
pub fn manage_denied(user: &str, session: &str) -> Reply {
    let main = format!(
        "<h1>Access Denied</h1><p class=\"error\">{} is missing the Overall/Administer permission",
        escape(user)
    );
    page(403, "Jenkins", &main, session)
}

/// Says that there is no such page, or not for this user.
pub fn not_found(session: &str) -> Reply {
    page(
        404,
        "Not Found - Jenkins",
        "<h1>Oops!</h1><div id=\"error-description\"><h2>Not Found</h2>\
         <p>This page may not exist, or you may not have permission to see it.</div>",
        session,
    )
}

/// Says that there is nothing below a thing that exists: a short page that leads one level up.
pub fn nothing_here(session: &str) -> Reply {
    Reply::with(
        404,
        HTML,
        format!(
            "<html><head><meta http-equiv='refresh' content='1;url=..'/>\
             <script id='redirect' data-redirect-url='..' src='/static/{session}/scripts/redirect.js'></script></head>\
             <body style='background-color:white; color:white;'>\nNot found\n<!--\n-->\n</body></html>"
        ),
    )
    .header("cache-control", "private")
}

/// Says that something went wrong, with an id for the server's log (409, 422, 500 and others).
pub fn oops(status: u16, session: &str, salt: &str) -> Reply {
    let digest = hex::encode(Sha256::digest(salt));
    let id = [
        &digest[..8],
        &digest[8..12],
        &digest[12..16],
        &digest[16..20],
        &digest[20..32],
    ]
    .join("-");
    let main = format!(
        "<h1>Oops!</h1><div id=\"error-description\"><h2>A problem occurred while processing the request</h2>\
         <p>Logging ID={id}</div>"
    );
    page(status, "Jenkins - Jenkins", &main, session)
}

/// Refuses an answer to an input, with the reason in `X-Error`.
pub fn refused(message: &str, session: &str) -> Reply {
    let main = format!("<h1>Error</h1><p>{}", escape(message));
    page(400, "Jenkins - Jenkins", &main, session).header("x-error", message)
}

/// Asks for a POST.
pub fn post_wanted(session: &str) -> Reply {
    page(
        405,
        "Form post required - Jenkins",
        "<p>You must use POST method to trigger builds.\
         <form method=\"POST\"><input type=\"submit\" value=\"Proceed\"></form>",
        session,
    )
    .header("allow", "POST")
}

/// Shows a plain page of the web interface.
pub fn shown(title: &str, main: &str, session: &str) -> Reply {
    page(200, &format!("{} - Jenkins", escape(title)), main, session)
}

/// Shows the login page.
pub fn login(session: &str) -> Reply {
    page(
        200,
        "Sign in - Jenkins",
        "<h1>Sign in to Jenkins</h1><form method=\"post\" name=\"login\" action=\"j_spring_security_check\">\
         <input name=\"j_username\" type=\"text\"><input name=\"j_password\" type=\"password\">\
         <button type=\"submit\" name=\"Submit\">Sign in</button></form>",
        session,
    )
}

/// Explains the remote API of a bean.
pub fn remote_api(session: &str) -> Reply {
    let main = "<h1>REST API</h1><dl><dt><a href=\"xml\">XML API</a></dt><dt><a href=\"json\">JSON API</a></dt>\
                <dt><a href=\"python\">Python API</a></dt></dl>";
    shown("Remote API", main, session)
}

/// Keeps search engines out.
pub fn robots() -> Reply {
    let body = "# we don't want robots to click \"build\" links\nUser-agent: *\nDisallow: /\n";
    Reply::with(200, "text/plain", body)
}

/// Says that the server is starting; this page does not come from Jenkins itself and has no `X-Jenkins`.
pub fn starting() -> Reply {
    Reply::with(
        503,
        HTML,
        "<!DOCTYPE html><html lang=\"en\"><head><title>Starting Jenkins</title></head><body>\
         <div class=\"simple-page\" role=\"main\"><h1 class=\"loading\">Jenkins is getting ready to work</h1>\
         <p class=\"restarting\">Your browser will reload automatically when Jenkins is ready.</div></body></html>",
    )
    .header("expires", "0")
    .header("cache-control", "no-cache,no-store,must-revalidate")
}

/// Makes an error of the servlet container: JSON for those who accept it, HTML for others.
pub fn container_error(request: &Request, status: u16, message: &str) -> Reply {
    let uri = request.path();
    let wants_json = request
        .header("accept")
        .is_some_and(|accept| accept.contains("application/json"));
    let reply = if wants_json {
        let body = json!({"servlet": "Stapler", "message": message, "url": uri, "status": status.to_string()});
        let fields: Vec<String> = body
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        Reply::with(
            status,
            "application/json",
            format!("{{\n{}\n}}", fields.join(",\n")),
        )
    } else {
        let (uri, message) = (escape(uri), escape(message));
        let body = format!(
            "<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html;charset=ISO-8859-1\"/>\n\
             <title>Error {status} {message}</title>\n</head>\n<body><h2>HTTP ERROR {status} {message}</h2>\n<table>\n\
             <tr><th>URI:</th><td>{uri}</td></tr>\n<tr><th>STATUS:</th><td>{status}</td></tr>\n\
             <tr><th>MESSAGE:</th><td>{message}</td></tr>\n<tr><th>SERVLET:</th><td>Stapler</td></tr>\n</table>\n\
             <hr/>Powered by Jetty:// 12.0.17<hr/>\n\n</body>\n</html>\n"
        );
        Reply::with(status, "text/html;charset=iso-8859-1", body)
    };
    reply.header("cache-control", "must-revalidate,no-cache,no-store")
}

/// Refuses credentials that match nobody.
pub fn bad_credentials(request: &Request) -> Reply {
    container_error(request, 401, "Unauthorized")
        .header("www-authenticate", "Basic realm=\"Jenkins\"")
        .header(
            "set-cookie",
            "remember-me=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; SameSite=Lax",
        )
}
