//! Who may do what, and what each is told about himself.

use super::Fixture;

#[test]
fn everybody_is_told_who_he_is() {
    let fixture = Fixture::new();
    let me = fixture.json("rita", "/whoAmI/api/json");
    assert_eq!(me["name"], "rita");
    assert_eq!(me["authorities"][1], "release-managers");
    let nobody = fixture.ask(http::Method::GET, "/whoAmI/api/json", &[], "");
    assert_eq!(nobody.status, 200);
    assert!(super::text(&nobody).contains("\"anonymous\":true"));
    assert_eq!(fixture.json("gil", "/me/api/json")["fullName"], "Gil Guest");
}

#[test]
fn readers_read_and_start_nothing() {
    let fixture = Fixture::new();
    for target in [
        "/api/json",
        "/job/serial/api/json",
        "/queue/api/json",
        "/computer/api/json",
    ] {
        assert_eq!(fixture.get("gil", target).status, 200, "{target}");
    }
    for target in [
        "/job/serial/build",
        "/job/serial/buildWithParameters",
        "/quietDown",
        "/safeRestart",
    ] {
        assert_eq!(fixture.post("gil", target, "").status, 403, "{target}");
    }
}

#[test]
fn pages_for_people_escape_what_they_show() {
    let fixture = Fixture::new();
    let build = fixture.start("rita", "/job/freestyle-params/", "WHO=%3Cscript%3E");
    fixture.pass(5_000);
    let page = super::text(&fixture.get("gil", &format!("{build}console")));
    assert!(page.contains("hello &lt;script&gt;"), "{page}");
    for target in ["/", "/job/team%20a/", "/job/serial/", &build] {
        let reply = fixture.get("gil", target);
        assert_eq!(
            (reply.status, reply.get("x-jenkins")),
            (200, Some("2.516.2")),
            "{target}"
        );
    }
}

#[test]
fn what_changes_something_wants_a_post() {
    let fixture = Fixture::new();
    let build = fixture.start("rita", "/job/simple-input/", "");
    for target in ["/queue/cancelItem?id=1", "/quietDown", "/job/serial/build"] {
        assert_eq!(fixture.get("admin", target).status, 405, "{target}");
    }
    for verb in [
        "stop",
        "doDelete",
        "input/140e317e/abort",
        "wfapi/inputSubmit",
    ] {
        let reply = fixture.get("admin", &format!("{build}{verb}"));
        assert_eq!(
            (reply.status, reply.get("allow")),
            (405, Some("POST")),
            "{verb}"
        );
    }
}
