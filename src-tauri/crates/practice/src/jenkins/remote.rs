//! The remote API of every bean: `api/json`, `api/xml`, `api/python`, and the page behind `api/` that explains them.
//!
//! `api/json` is what programs use. XML keeps XPath for older scripts; JSONP and paths that give text alone are forbidden,
//! because a foreign web page could read them.

use super::http::{Reply, Request};
use super::json;
use super::pages;
use super::tree::Selector;
use super::xml::{Element, NoElement};
use serde_json::Value;

/// Replaces the flavour of a remote address by `json`, so that routes know one only.
pub fn as_json(segments: &mut Vec<&str>) {
    match segments.as_mut_slice() {
        [.., "api", flavour @ ("xml" | "python")] => *flavour = "json",
        // A job may have the name `api`.
        [.., "job", "api"] => {}
        [.., "api"] => segments.push("json"),
        _ => {}
    }
}

/// Answers a remote API request with a bean, or 404 when there is none.
pub fn bean(
    request: &Request,
    session: &str,
    make: impl FnOnce(&Selector) -> Option<Value>,
) -> Reply {
    let depth = request.query("depth");
    if depth.is_some_and(|depth| depth.parse::<i32>().is_err()) {
        return pages::oops(500, session, &request.target);
    }
    let Ok(selector) = Selector::from_query(request.query("tree"), depth) else {
        return pages::oops(500, session, &request.target);
    };
    let Some(value) = make(&selector) else {
        return pages::not_found(session);
    };
    let reply = match request.segments.last().map(String::as_str) {
        Some("xml") => as_xml(request, session, &value),
        Some("python") => Reply::with(200, "text/x-python;charset=utf-8", python(&value)),
        Some("json") if request.query("jsonp").is_some() => {
            let why = "jsonp forbidden; implement jenkins.security.SecureRequester";
            return pages::container_error(request, 403, why);
        }
        Some("json") => {
            let pretty = request.query("pretty") == Some("true");
            let body = json::render(&value, pretty);
            Reply::with(200, "application/json;charset=utf-8", body)
        }
        _ => return pages::remote_api(session),
    };
    pages::by_jenkins(reply, session).header("x-frame-options", "deny")
}

fn as_xml(request: &Request, session: &str, value: &Value) -> Reply {
    if value["_class"] == "hudson.security.csrf.DefaultCrumbIssuer"
        && let Some(text) = crumb_text(request.query("xpath"), value)
    {
        return Reply::with(200, "text/plain;charset=utf-8", text);
    }
    selected(request, Element::of(value)).unwrap_or_else(|why| match why {
        NoElement::Primitive => {
            let why =
                "primitive XPath result sets forbidden; implement jenkins.security.SecureRequester";
            pages::container_error(request, 403, why)
        }
        NoElement::NotUnderstood => pages::oops(500, session, &request.target),
    })
}

/// The crumb as text, for exactly the paths that Jenkins permits.
fn crumb_text(path: Option<&str>, value: &Value) -> Option<String> {
    let field = value["crumbRequestField"].as_str()?;
    let crumb = value["crumb"].as_str()?;
    match path? {
        "/*/crumbRequestField/text()" => Some(field.to_owned()),
        "/*/crumb/text()" => Some(crumb.to_owned()),
        "concat(//crumbRequestField,\":\",//crumb)" => Some(format!("{field}:{crumb}")),
        _ => None,
    }
}

fn selected(request: &Request, document: Element) -> Result<Reply, NoElement> {
    let mut document = document;
    for (_, path) in request.query.iter().filter(|(name, _)| name == "exclude") {
        document = document.without(path)?;
    }
    let shown = match (request.query("xpath"), request.query("wrapper")) {
        (None, _) => document,
        (Some(path), Some(wrapper)) => {
            let found = document.select(path)?.into_iter().cloned().collect();
            Element::wrapping(wrapper, found)
        }
        (Some(path), None) => match document.select(path)?.as_slice() {
            [one] => (*one).clone(),
            [] => {
                let why = format!("XPath {path} didn't match");
                return Ok(Reply::with(404, "text/plain;charset=utf-8", why));
            }
            many => {
                let why = format!(
                    "XPath \"{path}\" matched {} nodes. Create XPath that only matches one, or use the \
                     \"wrapper\" query parameter to wrap them all under a root element.",
                    many.len()
                );
                return Ok(Reply::with(500, "text/plain;charset=utf-8", why));
            }
        },
    };
    let body = shown.render();
    Ok(Reply::with(200, "application/xml;charset=utf-8", body))
}

/// Writes a value as Python reads it.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(python).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), python(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        other => other.to_string(),
    }
}
