//! What a good file gives, and what each bad one is told.

mod ledger;

use super::{Promote, parse};

const GOOD: &str = r#"
name = "Andes Bank"
[[environments]]
name = "dev"
tier = "development"
account = "111111111111"
regions = ["us-east-1"]
[[environments]]
name = "prod"
tier = "production"
account = "333333333333"
regions = ["us-east-1", "sa-east-1"]
role = "arn:aws:iam::333333333333:role/InterlockReader"
[[environments.freezes]]
name = "weekend"
weekly = { from = "Fri 18:00", to = "Mon 06:00" }
zone = "America/Bogota"
[[repositories]]
name = "payments"
url = "git/payments.git"
[[services]]
name = "payments-api"
stacks = ["payments-api-{env}"]
repository = "payments"
template = { "payments-api-{env}" = "templates/payments-api.yaml" }
variables = "variables/{env}/payments-api.json"
promote = "jenkins"
jenkins_job = "payments/deploy-payments-api"
[jenkins]
url = "http://127.0.0.1:8080/"
"#;

#[test]
fn a_good_file_is_read() {
    let estate = parse(GOOD, "interlock.toml").unwrap();
    assert_eq!(estate.environments.len(), 2);
    assert_eq!(
        estate.environments[1].approvals, 1,
        "production asks for one approval unless told otherwise"
    );
    assert_eq!(estate.environments[0].approvals, 0);
    assert!(matches!(
        estate.services[0].promote,
        Promote::Jenkins { .. }
    ));
    assert_eq!(
        estate.services[0].stacks[0].variables.as_deref(),
        Some("variables/{env}/payments-api.json")
    );
    assert_eq!(estate.jenkins.unwrap().url, "http://127.0.0.1:8080");
}

/// Each case: what is replaced, by what, the line it is told, the field, and a part of the message.
#[test]
fn every_bad_file_is_told_its_line_and_field() {
    let cases: &[(&str, &str, u32, Option<&str>, &str)] = &[
        (
            "name = \"Andes Bank\"",
            "name = \"Andes Bank",
            2,
            None,
            "string",
        ),
        (
            "regions = [\"us-east-1\"]",
            "regions = [\"us-east-1\"]\ncolour = 1",
            8,
            None,
            "unknown key `colour`",
        ),
        (
            "account = \"333333333333\"",
            "account = \"33333\"",
            11,
            Some("environments[1].account"),
            "exactly twelve digits",
        ),
        (
            "account = \"333333333333\"",
            "account = 333333333333",
            11,
            None,
            "invalid type",
        ),
        (
            "account = \"333333333333\"",
            "account = \"111111111111\"",
            11,
            Some("environments[1].account"),
            "declared twice, first on line 6",
        ),
        (
            "name = \"prod\"",
            "name = \"dev\"",
            9,
            Some("environments[1].name"),
            "declared twice, first on line 4",
        ),
        (
            "tier = \"production\"",
            "tier = \"live\"",
            10,
            Some("environments[1].tier"),
            "`live` is not a tier",
        ),
        (
            "zone = \"America/Bogota\"",
            "zone = \"Bogota\"",
            17,
            Some("environments[1].freezes[0].zone"),
            "not a time zone",
        ),
        (
            "\"Fri 18:00\"",
            "\"Friday 18\"",
            16,
            Some("environments[1].freezes[0].weekly.from"),
            "not a day and a time",
        ),
        (
            "repository = \"payments\"",
            "repository = \"cards\"",
            24,
            Some("services[0].repository"),
            "no [[repositories]] entry",
        ),
        (
            "promote = \"jenkins\"",
            "promote = \"ftp\"",
            27,
            Some("services[0].promote"),
            "not a way to promote",
        ),
        (
            "[jenkins]\nurl = \"http://127.0.0.1:8080/\"",
            "",
            27,
            Some("services[0].promote"),
            "no [jenkins] is declared",
        ),
        (
            "http://127.0.0.1:8080/",
            "http://ana:pw@127.0.0.1",
            30,
            Some("jenkins.url"),
            "must not carry",
        ),
        (
            "http://127.0.0.1:8080/",
            "jenkins.bank",
            30,
            Some("jenkins.url"),
            "not a web address",
        ),
    ];
    for (from, to, line, field, part) in cases {
        assert!(GOOD.contains(from), "{from}");
        let error = parse(&GOOD.replacen(from, to, 1), "interlock.toml").unwrap_err();
        let problem = &error.problems[0];
        assert!(problem.message.contains(part), "{to}: {}", problem.message);
        assert_eq!(problem.line, *line, "{to}: {}", problem.message);
        assert_eq!(problem.field.as_deref(), *field, "{to}");
        assert!(
            error
                .to_string()
                .starts_with(&format!("interlock.toml:{line}:"))
        );
    }
}

#[test]
fn a_key_that_is_nearly_known_is_told_the_known_one() {
    for (from, to, hint) in [
        (
            "regions = [\"us-east-1\"]",
            "region = [\"us-east-1\"]",
            "Did you mean `regions`? Known here: name, tier, account, regions, profile",
        ),
        ("[jenkins]", "[jenkin]", "Did you mean `jenkins`?"),
        (
            "url = \"http://127.0.0.1:8080/\"",
            "colour = \"red\"",
            "Known here: url, user, ca.",
        ),
        (
            "repository = \"payments\"",
            "repository = \"payment\"",
            "Did you mean `payments`?",
        ),
    ] {
        let error = parse(&GOOD.replacen(from, to, 1), "interlock.toml").unwrap_err();
        let told = error.problems[0].hint.clone().unwrap_or_default();
        assert!(told.starts_with(hint), "{to}: {told}");
    }
}

#[test]
fn a_line_that_would_silently_count_for_nothing_is_a_problem() {
    let two = "[[people]]\nid = \"ana\"\nname = \"Ana\"\nrole = \"lead\"\nknown_as = [\"a@bank\"]\n\
        [[people]]\nid = \"luis\"\nname = \"Luis\"\nrole = \"lead\"\nknown_as = [\"a@bank\"]\n[jenkins]";
    for (from, to, field, part) in [
        (
            "{ \"payments-api-{env}\" = \"templates",
            "{ \"payment-api-{env}\" = \"templates",
            "services[0].template",
            "`payment-api-{env}` is none of the stacks of `payments-api`",
        ),
        (
            "to = \"Mon 06:00\"",
            "to = \"Fri 18:00\"",
            "environments[1].freezes[0].weekly.to",
            "ends when it begins",
        ),
        (
            "zone = \"America/Bogota\"",
            "from = \"2026-12-24T00:00:00Z\"",
            "environments[1].freezes[0]",
            "both weekly and from a time",
        ),
        (
            "weekly = { from = \"Fri 18:00\", to = \"Mon 06:00\" }",
            "from = \"2026-12-24T00:00:00Z\"\nto = \"2026-12-23T00:00:00Z\"",
            "environments[1].freezes[0].to",
            "ends before it begins",
        ),
        (
            "[jenkins]",
            two,
            "people[1].known_as[0]",
            "`a@bank` already means Ana, so it cannot mean Luis",
        ),
    ] {
        let error = parse(&GOOD.replacen(from, to, 1), "interlock.toml").unwrap_err();
        let problem = &error.problems[0];
        assert!(problem.message.contains(part), "{}", problem.message);
        assert_eq!(problem.field.as_deref(), Some(field));
    }
}

#[test]
fn a_duplicate_service_is_told_with_the_line_of_the_first() {
    let text = format!("{GOOD}\n[[services]]\nname = \"payments-api\"\nstacks = [\"x\"]\n");
    let error = parse(&text, "interlock.toml").unwrap_err();
    assert!(
        error.problems[0]
            .message
            .contains("service `payments-api` is declared twice, first on line 22"),
        "{error}"
    );
}

#[test]
fn several_problems_are_told_at_once() {
    let text = GOOD
        .replace("tier = \"production\"", "tier = \"live\"")
        .replace("repository = \"payments\"", "repository = \"x\"");
    assert_eq!(parse(&text, "f").unwrap_err().problems.len(), 2);
}

#[test]
fn the_policy_that_is_named_counts_beside_the_freezes_of_the_estate() {
    let text = format!("policy = \"policy.toml\"\n{GOOD}");
    let estate = parse(&text, "interlock.toml").unwrap();
    assert_eq!(estate.policy_file.as_deref(), Some("policy.toml"));
    let text = "[[freezes]]\nname = \"audit\"\nenvironments = [\"test\"]\n\
        from = \"2026-12-01T00:00:00Z\"\nto = \"2026-12-02T00:00:00Z\"\n\
        [[freezes]]\nname = \"cards\"\nservices = [\"cards-*\"]\n\
        from = \"2026-12-01T00:00:00Z\"\nto = \"2026-12-02T00:00:00Z\"\n";
    let policy = interlock_policy::parse(text, "policy.toml", None, None).unwrap();
    let estate = estate.with_policy(policy);
    let names = |index: usize| -> Vec<&str> {
        let environment = &estate.environments[index].environment;
        let all = estate.freezes_in(environment, None);
        all.map(|freeze| freeze.name.as_str()).collect()
    };
    assert_eq!(
        names(0),
        Vec::<&str>::new(),
        "neither a test environment nor frozen in the estate"
    );
    assert_eq!(names(1), ["weekend"]);
    let prod = &estate.environments[1].environment;
    let of_payments = estate.freezes_in(prod, Some(&estate.services[0]));
    assert_eq!(
        of_payments.count(),
        1,
        "the freeze of cards is for cards alone"
    );
}
