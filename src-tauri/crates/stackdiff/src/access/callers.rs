//! Interfaces and how their callers prove who they are.

use super::extent::{Extent, Item};
use super::glob::Pattern;
use super::grant::{Dimension, Grant, Kind, Reach};
use super::names::Names;
use super::openapi;
use super::statement;
use super::switches;
use crate::plain::Plain;

/// Whether a type is an interface with callers.
pub(super) fn concerns(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "AWS::Lambda::Url"
            | "AWS::ApiGateway::Method"
            | "AWS::ApiGateway::RestApi"
            | "AWS::ApiGatewayV2::Api"
            | "AWS::ApiGatewayV2::Route"
            | "AWS::AppSync::GraphQLApi"
            | "AWS::Serverless::Function"
            | "AWS::Serverless::Api"
            | "AWS::Serverless::HttpApi"
    )
}

/// Who may call.
pub(super) fn reach(id: &str, resource_type: &str, properties: &Plain, names: &Names) -> Reach {
    let mut reach = Reach::default();
    match resource_type {
        "AWS::Lambda::Url" => url(id, id, properties, names, &mut reach),
        "AWS::ApiGateway::Method" | "AWS::ApiGatewayV2::Route" => {
            method(id, properties, names, &mut reach);
        }
        "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api" => {
            if let Some(body) = properties.get("Body") {
                openapi::reach(id, body, &mut reach);
            }
        }
        "AWS::AppSync::GraphQLApi" => graph(id, properties, names, &mut reach),
        "AWS::Serverless::Function" => {
            if let Some(config) = properties.get("FunctionUrlConfig") {
                url(id, &format!("{id} URL"), config, names, &mut reach);
            }
            if let Some(Plain::Map(events)) = properties.get("Events") {
                for (name, event) in events {
                    let is_api = matches!(
                        event.get("Type").and_then(Plain::as_text),
                        Some("Api" | "HttpApi")
                    );
                    if is_api {
                        let place = format!("{id} {name}");
                        let auth = event.get("Properties").and_then(|one| one.get("Auth"));
                        serverless(id, &place, auth, "Authorizer", names, &mut reach);
                    }
                }
            }
        }
        "AWS::Serverless::Api" | "AWS::Serverless::HttpApi" => {
            let auth = properties.get("Auth");
            serverless(id, id, auth, "DefaultAuthorizer", names, &mut reach);
        }
        _ => {}
    }
    reach
}

fn grant(id: &str, place: &str) -> Grant {
    Grant::new(Kind::Calls, id).within(Dimension::Place, Extent::exactly(place))
}

fn proof(grant: Grant, words: &str) -> Grant {
    grant.within(Dimension::Proof, Extent::exactly(words))
}

fn url(id: &str, place: &str, config: &Plain, names: &Names, reach: &mut Reach) {
    reach.speaks |= config.get("AuthType").is_some();
    let base = grant(id, place);
    let given = config.get("AuthType").map(|value| names.raw(value));
    reach.allows.push(match given.as_deref() {
        Some("NONE") => base,
        Some(other) => proof(base, other).standing(true),
        None => proof(base, "AWS_IAM").standing(true),
    });
}

fn method(id: &str, properties: &Plain, names: &Names, reach: &mut Reach) {
    let text = |key: &str| properties.get(key).map(|value| names.raw(value));
    let is_true = |key: &str| text(key).is_some_and(|text| text.eq_ignore_ascii_case("true"));
    reach.speaks = true;
    // Browsers ask with OPTIONS before they may send anything with a proof.
    let is_preflight = text("HttpMethod").as_deref() == Some("OPTIONS");
    let mut one = grant(id, id);
    let kind = text("AuthorizationType").unwrap_or_else(|| "NONE".to_owned());
    let is_open = kind == "NONE";
    if !is_open {
        let words = match properties.get("AuthorizerId") {
            Some(authorizer) => format!("the authorizer {} ({kind})", names.of(authorizer)),
            None => kind,
        };
        one = proof(one, &words);
    }
    if is_true("ApiKeyRequired") {
        one = one.within(Dimension::Key, Extent::exactly("key"));
    } else if properties
        .get("ApiKeyRequired")
        .is_some_and(Plain::has_unknown)
    {
        reach
            .unclear
            .insert(format!("{id} ApiKeyRequired {properties:?}"));
    }
    if let Some(scopes) = properties
        .get("AuthorizationScopes")
        .filter(|scopes| !scopes.items().is_empty())
    {
        let scope = |scope| Item::Text(Pattern::exact(&names.raw(scope), false));
        one = one.within(
            Dimension::Scope,
            Extent::of(scopes.items().iter().map(scope).collect()),
        );
    }
    reach.allows.push(one.standing(!is_open || is_preflight));
}

fn graph(id: &str, properties: &Plain, names: &Names, reach: &mut Reach) {
    let mut kinds = Vec::new();
    for path in [
        &["AuthenticationType"][..],
        &[
            "AdditionalAuthenticationProviders",
            "*",
            "AuthenticationType",
        ][..],
    ] {
        switches::find(properties, path, &mut kinds);
    }
    reach.speaks |= !kinds.is_empty();
    for kind in kinds {
        let one = grant(id, id);
        reach.allows.push(match names.raw(kind).as_str() {
            "API_KEY" => one.within(Dimension::Key, Extent::exactly("key")),
            other => proof(one, other).standing(true),
        });
    }
}

/// What SAM's `Auth` asks for.
fn serverless(
    id: &str,
    place: &str,
    auth: Option<&Plain>,
    authorizer: &str,
    names: &Names,
    reach: &mut Reach,
) {
    reach.speaks |= auth.is_some();
    if let Some(policy) = auth.and_then(|auth| auth.get("ResourcePolicy")) {
        resource_policy(id, place, policy, reach);
    }
    let is_whole_api = authorizer == "DefaultAuthorizer";
    let text = |key: &str| {
        auth.and_then(|auth| auth.get(key))
            .map(|one| names.raw(one))
    };
    let mut one = grant(id, place);
    let mut is_standard = true;
    match text(authorizer).as_deref() {
        Some("NONE") => is_standard = false,
        Some(name) => one = proof(one, &format!("the authorizer {name}")),
        None if is_whole_api => {}
        None => one = proof(one, "what the API asks for"),
    }
    if text("ApiKeyRequired").is_some_and(|text| text.eq_ignore_ascii_case("true")) {
        one = one.within(Dimension::Key, Extent::exactly("key"));
    }
    reach.allows.push(one.standing(is_standard));
}

/// SAM's short form of a policy: statements are read, lists of whom to let in are told apart only.
fn resource_policy(id: &str, place: &str, policy: &Plain, reach: &mut Reach) {
    let Plain::Map(parts) = policy else {
        reach.unclear.insert(format!("{id} {policy:?}"));
        return;
    };
    for (key, value) in parts {
        if key == "CustomStatements" {
            let base =
                Grant::new(Kind::Resource, id).within(Dimension::Place, Extent::exactly(place));
            for one in value.items() {
                statement::add(one, &base, true, reach);
            }
        } else {
            reach.unclear.insert(format!("{id} {key} {value:?}"));
        }
    }
}
