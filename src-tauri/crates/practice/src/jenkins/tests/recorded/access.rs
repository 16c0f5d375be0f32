//! Who asks and what is refused, as a real Jenkins answered it: status, headers, pages.

use super::*;

#[test]
fn who_a_caller_is_decides_the_answer() {
    let fixture = Fixture::new();
    for name in [
        "01-anon-api",
        "01-anon-job",
        "52-anon-log",
        "60-jetty-anon-json",
    ] {
        let reply = again(&fixture, name, "token");
        assert!(text(&reply).contains("http-equiv='refresh'"), "{name}");
        assert!(reply.get("set-cookie").unwrap().starts_with("JSESSIONID"));
    }
    assert!(
        text(&again(&fixture, "01-anon-api", "token")).contains("url=/login?from=%2Fapi%2Fjson'")
    );
    let reply = again(&fixture, "60-jetty-401", "wrong");
    assert_eq!(
        text(&reply).contains("Error 401 Unauthorized"),
        recording("60-jetty-401")
            .body
            .contains("Error 401 Unauthorized")
    );
    let reply = again(&fixture, "60-jetty-401-json", "wrong");
    assert_eq!(body(&reply), recording("60-jetty-401-json").json());
    for name in ["03-me", "03-user"] {
        let reply = again(&fixture, name, "token");
        same_shape(&body(&reply), &recording(name).json(), name);
    }
}

#[test]
fn a_password_needs_a_crumb_and_its_session() {
    let fixture = Fixture::new();
    let reply = again(&fixture, "60-jetty-403-crumb-json", "password");
    assert_eq!(body(&reply), recording("60-jetty-403-crumb-json").json());
    let page = text(&again(&fixture, "60-jetty-403-crumb", "password"));
    assert!(page.contains("<title>Error 403 No valid crumb was included in the request</title>"));

    let issued = again(&fixture, "04-crumb-password", "password");
    same_shape(
        &body(&issued),
        &recording("04-crumb-password").json(),
        "crumb",
    );
    let crumb = body(&issued)["crumb"].as_str().unwrap().to_owned();
    let cookie = issued.get("set-cookie").unwrap().split(';').next().unwrap();
    let build = |headers: &[(&str, &str)]| {
        let mut all = vec![
            ("authorization", basic("gil", "gil-password")),
            ("jenkins-crumb", crumb.clone()),
        ];
        all.extend(
            headers
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        let all: Vec<(&str, &str)> = all
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        fixture
            .ask(Method::POST, "/job/freestyle-params/build", &all, "")
            .status
    };
    assert_eq!(build(&[]), 403);
    // With crumb and cookie the request gets as far as the permission, which gil lacks.
    let reply = fixture.ask(
        Method::POST,
        "/job/freestyle-params/buildWithParameters",
        &[
            ("authorization", &basic("gil", "gil-password")),
            ("jenkins-crumb", &crumb),
            ("cookie", cookie),
        ],
        "",
    );
    assert_eq!(
        reply.get("x-required-permission"),
        Some("hudson.model.Item.Build")
    );
}

#[test]
fn refusals_have_the_recorded_status_and_headers() {
    let fixture = Fixture::new();
    for name in [
        "08-404",
        "08-disabled",
        "08-get-bwp",
        "08-manage-gil",
        "08-config-gil",
        "08-no-permission-build",
        "08-bwp-on-nonparam",
        "09-bad-choice",
        "40-quietDown-rita",
        "41-cancel-unknown",
        "41-unknown-item",
        "47-bad-tree",
        "47-lastBuild-404",
        "55-safeRestart",
        "60-jetty-400-nothing",
        "60-jetty-403-perm-json",
        "60-jetty-404-json",
        "60-jetty-409-json",
        "60-jetty-500-choice-json",
    ] {
        let target = recording(name).target.replace("lastBuild-404", "lastBuild");
        let target = target.replace("freestyle-params/api", "serial/api");
        let reply = again_kind(&fixture, name, &target);
        if reply.status == 403 {
            assert!(text(&reply).contains("Access Denied"), "{name}");
        }
    }
    let denied = again_kind(&fixture, "08-no-permission-build", "/job/serial/build");
    let implied = denied
        .headers
        .iter()
        .filter(|(name, _)| *name == "x-permission-implied-by")
        .count();
    assert_eq!(implied, 3);
    assert!(text(&denied).contains("gil is missing the Job/Build permission"));
}

/// As `again_at`, for pages whose content type Tomcat and Jetty write differently.
fn again_kind(fixture: &Fixture, name: &str, target: &str) -> super::super::Reply {
    again_at(fixture, name, target, "token")
}

#[test]
fn an_address_without_its_slash_is_redirected() {
    let fixture = Fixture::new();
    let reply = again(&fixture, "48-no-slash", "token");
    assert_eq!(
        reply.get("location"),
        recording("48-no-slash").header("location")
    );
}

#[test]
fn a_starting_server_answers_503_without_its_version() {
    let fixture = Fixture::new();
    fixture.jenkins.restart(10_000);
    let reply = again(&fixture, "61-restart-01", "token");
    assert!(text(&reply).contains("<title>Starting Jenkins</title>"));
    fixture.pass(10_000);
    assert_eq!(fixture.get("admin", "/api/json").status, 200);
}
