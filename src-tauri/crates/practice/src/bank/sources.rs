//! Templates, variable documents and pipelines of the bank, at any version.
//!
//! A template is kept once, with the lines that a version brought or took marked by `#@since 9.2.0`,
//! `#@before 9.2.0` and `#@end`; `@version@` and `@service@` are filled in. Variables are kept once
//! for each stack and written out for each environment in the shape that the repository's team uses.

use super::{Version, model::environment};
use serde_json::{Map, Value, json};

macro_rules! files {
    ($folder:literal: $($path:literal = $file:literal,)*) => {
        &[$(($path, include_str!(concat!("data/", $folder, "/", $file))),)*]
    };
}

/// Path in the repository, marked text.
const TEMPLATES: &[(&str, &str)] = files! { "templates":
    "templates/cloudwatch/payments-alarms.json" = "payments-alarms.json",
    "templates/cognito/users-pool.yaml" = "users-pool.yaml",
    "templates/dynamodb/transactions-table.json" = "transactions-table.json",
    "templates/lambda/accounts-api.yaml" = "accounts-api.yaml",
    "templates/lambda/exchange-rates.json" = "exchange-rates.json",
    "templates/lambda/fraud-scoring.yaml" = "fraud-scoring.yaml",
    "templates/lambda/generated.yaml" = "generated.yaml",
    "templates/lambda/instant-payments.yaml" = "instant-payments.yaml",
    "templates/lambda/ledger-export.yaml" = "ledger-export.yaml",
    "templates/lambda/limits.yaml" = "limits.yaml",
    "templates/lambda/mobile-bff.yaml" = "mobile-bff.yaml",
    "templates/lambda/payments-api.yaml" = "payments-api.yaml",
    "templates/lambda/statements.yaml" = "statements.yaml",
    "templates/lambda/transfers.yaml" = "transfers.yaml",
    "templates/nested/cards-token-vault.yaml" = "cards-token-vault.yaml",
    "templates/nested/cards.yaml" = "cards.yaml",
    "templates/s3-cloudfront/customer-portal.yaml" = "customer-portal.yaml",
    "templates/s3/audit-trail.yaml" = "audit-trail.yaml",
    "templates/sns-sqs/notifications.yaml" = "notifications.yaml",
    "templates/stepfunctions/onboarding.yaml" = "onboarding.yaml",
    "templates/wafv2/edge-waf.json" = "edge-waf.json",
};

/// Name of the document, its compact form.
const VARIABLES: &[(&str, &str)] = files! { "variables":
    "accounts-api" = "accounts-api.json",
    "audit-trail" = "audit-trail.json",
    "cards" = "cards.json",
    "customer-portal" = "customer-portal.json",
    "edge-waf" = "edge-waf.json",
    "exchange-rates" = "exchange-rates.json",
    "fraud-scoring" = "fraud-scoring.json",
    "generated" = "generated.json",
    "instant-payments" = "instant-payments.json",
    "ledger-export" = "ledger-export.json",
    "limits" = "limits.json",
    "mobile-bff" = "mobile-bff.json",
    "notifications" = "notifications.json",
    "onboarding" = "onboarding.json",
    "payments-alarms" = "payments-alarms.json",
    "payments-api" = "payments-api.json",
    "statements" = "statements.json",
    "transactions-table" = "transactions-table.json",
    "transfers" = "transfers.json",
    "users-pool" = "users-pool.json",
};

/// Path in the repository `pipelines`, text.
pub(super) const PIPELINES: &[(&str, &str)] = files! { "pipelines":
    "pipelines/data-store.groovy" = "data-store.groovy",
    "pipelines/edge.groovy" = "edge.groovy",
    "pipelines/identity.groovy" = "identity.groovy",
    "pipelines/lambda-api.groovy" = "lambda-api.groovy",
    "pipelines/messaging.groovy" = "messaging.groovy",
    "pipelines/static-site.groovy" = "static-site.groovy",
    "pipelines/workflow.groovy" = "workflow.groovy",
};

/// Values that no document holds because they are secret: document name, parameter, value.
const SECRETS: &[(&str, &str, &str)] = &[
    ("payments-api", "PartnerApiKey", "practice-partner-key-0001"),
    (
        "instant-payments",
        "NetworkSecret",
        "practice-network-secret-0001",
    ),
    (
        "onboarding",
        "IdentityProviderKey",
        "practice-identity-key-0001",
    ),
];

/// Templates that are a part of another stack: service, path, last part of the address.
const NESTED: &[(&str, &str, &str)] = &[(
    "cards",
    "templates/nested/cards-token-vault.yaml",
    "token-vault.yaml",
)];

/// Where pipelines put the templates of nested stacks.
const NESTED_HOME: &str = "https://andes-templates.s3.amazonaws.com/";

/// Paths of the nested templates of a service.
pub(super) fn nested_paths(service: &str) -> impl Iterator<Item = &'static str> {
    NESTED
        .iter()
        .filter(move |(of, _, _)| *of == service)
        .map(|(_, path, _)| *path)
}

/// The template behind an address that a `TemplateURL` names.
pub(super) fn nested_template(url: &str) -> Option<String> {
    let mut parts = url.strip_prefix(NESTED_HOME)?.split('/');
    let (service, version, file) = (parts.next()?, parts.next()?, parts.next()?);
    let (_, path, _) = NESTED
        .iter()
        .find(|(of, _, name)| *of == service && *name == file)?;
    let version = version.parse().ok()?;
    template(service, path, &version, &version)
}

/// Folder of the templates of generated services; they share one text.
pub(super) const GENERATED_FOLDER: &str = "templates/generated/";

/// A template with what `features` brought, stamped with `stamp`; the two differ between the
/// commit that changes a template and the one that makes the release.
pub(super) fn template(
    service: &str,
    path: &str,
    features: &Version,
    stamp: &Version,
) -> Option<String> {
    let path = if path.starts_with(GENERATED_FOLDER) {
        "templates/lambda/generated.yaml"
    } else {
        path
    };
    let (_, marked) = TEMPLATES.iter().find(|(known, _)| *known == path)?;
    let text = at_version(marked, features)
        .replace("@version@", &stamp.to_string())
        .replace("@service@", service);
    Some(text)
}

/// Leaves the lines that exist at a version.
fn at_version(marked: &str, version: &Version) -> String {
    let holds = |condition: Option<&str>, is_since: bool| {
        let limit: Version = condition
            .and_then(|text| text.trim().parse().ok())
            .expect("marks in our own templates name a version");
        (*version >= limit) == is_since
    };
    let mut kept = String::with_capacity(marked.len());
    let mut keeps = true;
    for line in marked.lines() {
        match line.strip_prefix("#@").map(|mark| {
            let mut words = mark.splitn(2, ' ');
            (words.next().unwrap_or_default(), words.next())
        }) {
            Some(("since", condition)) => keeps = holds(condition, true),
            Some(("before", condition)) => keeps = holds(condition, false),
            Some(_) => keeps = true,
            None if keeps => {
                kept.push_str(line);
                kept.push('\n');
            }
            None => {}
        }
    }
    kept
}

/// The shape of a team's variable documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// List of `ParameterKey` and `ParameterValue`, as the AWS command line takes it.
    List,
    /// Object with `Parameters` and `Tags`, as CodePipeline takes it.
    Sections,
    /// Plain map.
    Map,
}

fn shape(repository: &str) -> Shape {
    match repository {
        "payments" | "risk" => Shape::List,
        "channels" | "cards" => Shape::Sections,
        _ => Shape::Map,
    }
}

/// Values of a document for an environment at a version.
pub(super) fn values(
    document: &str,
    environment: &str,
    version: &Version,
) -> Vec<(String, String)> {
    let compact = VARIABLES
        .iter()
        .find(|(name, _)| *name == document)
        .or_else(|| VARIABLES.iter().find(|(name, _)| *name == "generated"))
        .map_or("{}", |(_, text)| text);
    let map: Map<String, Value> =
        serde_json::from_str(compact).expect("our own variables are JSON objects");
    let account = super::environment(environment).map_or("", |e| e.account);
    map.iter()
        .filter_map(|(key, value)| {
            let mut words = key.split(' ');
            let name = words.next()?;
            let stands = match (words.next(), words.next()) {
                (Some("since"), Some(limit)) => *version >= limit.parse().ok()?,
                (Some("before"), Some(limit)) => *version < limit.parse().ok()?,
                _ => true,
            };
            let text = value
                .as_str()
                .or_else(|| value.get(environment)?.as_str())?;
            let text = text
                .replace("{env}", environment)
                .replace("{account}", account);
            stands.then(|| (name.to_owned(), text))
        })
        .collect()
}

/// Every secret value, for searches of what must not hold one.
pub fn secret_values() -> impl Iterator<Item = (&'static str, &'static str)> {
    SECRETS.iter().map(|(_, name, value)| (*name, *value))
}

/// Secret parameters of a document's stack.
pub(super) fn secrets(document: &str) -> impl Iterator<Item = (String, String)> {
    SECRETS
        .iter()
        .filter(move |(of, _, _)| *of == document)
        .map(|(_, name, value)| ((*name).to_owned(), (*value).to_owned()))
}

/// The document as its team writes it.
pub(super) fn document(
    repository: &str,
    team: &str,
    document: &str,
    environment: &str,
    version: &Version,
) -> String {
    let values = values(document, environment, version);
    let as_map = || -> Value {
        values
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
            .collect::<Map<_, _>>()
            .into()
    };
    let value = match shape(repository) {
        Shape::List => values
            .iter()
            .map(|(name, value)| json!({"ParameterKey": name, "ParameterValue": value}))
            .collect(),
        Shape::Sections => json!({
            "Parameters": as_map(),
            "Tags": {"equipo": team, "ambiente": environment, "propósito": "atención al cliente"},
        }),
        Shape::Map => as_map(),
    };
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// Values of the SSM parameters that templates name, in one environment.
pub(super) fn ssm_parameters(name: &str, transactions: &Version) -> Vec<(String, String)> {
    let Some(environment) = environment(name) else {
        return Vec::new();
    };
    let table = if *transactions >= Version::new([1, 12, 0]) {
        format!("transactions-v2-{name}")
    } else {
        format!("transactions-{name}")
    };
    let limit = match environment.tier {
        "production" => "40000000",
        "test" => "10000000",
        _ => "1000000",
    };
    vec![
        (format!("/andes/{name}/limits/daily"), limit.to_owned()),
        (format!("/andes/{name}/transactions/table"), table),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn marked_lines_come_and_go_with_versions() {
        let marked = "a\n#@since 2.0.0\nb\n#@end\n#@before 2.0.0\nc\n#@end\nd\n";
        assert_eq!(at_version(marked, &version("1.9.9")), "a\nc\nd\n");
        assert_eq!(at_version(marked, &version("2.0.0")), "a\nb\nd\n");
    }

    #[test]
    fn the_three_shapes_hold_the_same_values() {
        let list = document(
            "payments",
            "Payments",
            "transfers",
            "prod",
            &version("5.2.0"),
        );
        let list: Value = serde_json::from_str(&list).unwrap();
        assert!(
            list.as_array()
                .unwrap()
                .contains(&json!({"ParameterKey": "MaximumAmount", "ParameterValue": "25000000"}))
        );
        let sections = document("cards", "Cards", "limits", "dev", &version("1.9.0"));
        let sections: Value = serde_json::from_str(&sections).unwrap();
        assert_eq!(sections["Parameters"]["DailyLimit"], "1000000");
        assert_eq!(sections["Tags"]["ambiente"], "dev");
        let map = document(
            "accounts",
            "Accounts",
            "statements",
            "qa",
            &version("2.1.8"),
        );
        let map: Value = serde_json::from_str(&map).unwrap();
        assert_eq!(map["Environment"], "qa");
    }

    #[test]
    fn variables_follow_versions() {
        let amount = |v: &str| {
            values("transfers", "prod", &version(v))
                .into_iter()
                .find(|(name, _)| name == "MaximumAmount")
                .unwrap()
                .1
        };
        assert_eq!(
            (amount("5.1.9"), amount("5.2.0")),
            ("20000000".into(), "25000000".into())
        );
    }

    #[test]
    fn json_templates_are_json_at_every_step() {
        for (path, marked) in TEMPLATES.iter().filter(|(_, text)| text.starts_with('{')) {
            for step in [
                "0.1.0", "1.3.0", "1.9.0", "1.12.0", "9.1.0", "9.3.1", "99.0.0",
            ] {
                let text = at_version(marked, &version(step));
                let parsed: Result<Value, _> = serde_json::from_str(&text);
                assert!(parsed.is_ok(), "{path} at {step}: {parsed:?}");
            }
        }
    }

    #[test]
    fn nested_templates_are_found_by_their_address() {
        let url = "https://andes-templates.s3.amazonaws.com/cards/3.0.0-rc.2/token-vault.yaml";
        assert!(
            nested_template(url)
                .unwrap()
                .contains("TimeToLiveSpecification")
        );
        let old = url.replace("3.0.0-rc.2", "2.9.7");
        assert!(
            !nested_template(&old)
                .unwrap()
                .contains("TimeToLiveSpecification")
        );
        assert_eq!(
            nested_template("https://elsewhere.example/cards/1.0.0/x.yaml"),
            None
        );
    }
}
