//! Who may call the operations of an API that a definition describes, by what the definition asks for.
//!
//! An operation asks for one of several requirements, each of which may need several proofs: "Security
//! Requirement Object" of the OpenAPI specification, which API Gateway follows. How a proof is checked
//! is told apart only.

use super::extent::Extent;
use super::grant::{Dimension, Grant, Kind, Reach};
use crate::plain::Plain;

/// What a path of a definition has besides operations.
const OTHERS: [&str; 5] = ["parameters", "summary", "description", "servers", "$ref"];

/// Who may call the operations of a definition.
pub(super) fn reach(id: &str, body: &Plain, reach: &mut Reach) {
    let Plain::Map(members) = body else {
        reach.unclear.insert(format!("{id} {body:?}"));
        return;
    };
    let schemes = body
        .get("securityDefinitions")
        .or_else(|| body.get("components")?.get("securitySchemes"));
    let everywhere = body.get("security");
    let Some(Plain::Map(paths)) = body.get("paths") else {
        // Includes and macros put together what is not seen here.
        if members.iter().any(|(_, value)| value.has_unknown()) {
            reach.unclear.insert(format!("{id} {body:?}"));
        }
        return;
    };
    reach.speaks |= schemes.is_some() || everywhere.is_some();
    for (path, operations) in paths {
        let Plain::Map(operations) = operations else {
            reach.unclear.insert(format!("{id} {path} {operations:?}"));
            continue;
        };
        for (method, operation) in operations {
            if OTHERS.contains(&method.as_str()) || method.starts_with("x-") && !is_any(method) {
                continue;
            }
            let security = operation.get("security").or(everywhere);
            reach.speaks |= security.is_some();
            let base = Grant::new(Kind::Calls, id).within(
                Dimension::Place,
                Extent::exactly(&format!("{id} {method} {path}")),
            );
            let requirements = security.map_or(&[][..], Plain::items);
            if requirements.is_empty() {
                let open = base.clone().standing(method == "options");
                reach.allows.push(open);
            }
            for requirement in requirements {
                reach
                    .allows
                    .push(needing(base.clone(), requirement, schemes));
            }
        }
    }
}

fn is_any(method: &str) -> bool {
    method == "x-amazon-apigateway-any-method"
}

/// A grant to callers with all the proofs of a requirement.
fn needing(mut grant: Grant, requirement: &Plain, schemes: Option<&Plain>) -> Grant {
    let Plain::Map(proofs) = requirement else {
        let words = format!("{requirement:?}");
        return grant.within(Dimension::Proof, Extent::exactly(&words));
    };
    for (name, _) in proofs {
        let scheme = schemes.and_then(|schemes| schemes.get(name));
        let kind = scheme.and_then(|scheme| scheme.get("type"));
        // An API key is looked at beside whatever else a caller has.
        let is_key = kind.and_then(Plain::as_text) == Some("apiKey")
            && scheme.is_some_and(|one| one.get("x-amazon-apigateway-authtype").is_none());
        grant = if is_key {
            grant.within(Dimension::Key, Extent::exactly("key"))
        } else {
            let proof = format!("the scheme {name}");
            grant
                .within(Dimension::Proof, Extent::exactly(&proof))
                .within(Dimension::Named, Extent::exactly(&format!("{scheme:?}")))
        };
    }
    grant
}
