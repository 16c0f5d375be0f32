//! The progressive log read as a client reads it while the build runs.

use super::{Fixture, text};

#[test]
fn reading_on_from_each_offset_gives_the_whole_log_once() {
    let fixture = Fixture::new();
    let build = fixture.start("rita", "/job/long-log/", "");
    let mut offset = 0;
    let mut read = String::new();
    let mut chunks = 0;
    loop {
        let reply = fixture.get(
            "gil",
            &format!("{build}logText/progressiveText?start={offset}"),
        );
        let next: usize = reply.get("x-text-size").unwrap().parse().unwrap();
        let lines = text(&reply).matches("\r\n").count();
        assert_eq!(reply.body.len(), next - offset + lines);
        read.push_str(&text(&reply));
        offset = next;
        chunks += 1;
        if reply.get("x-more-data").is_none() {
            break;
        }
        fixture.pass(1_000);
    }
    assert!(chunks > 15, "{chunks}");
    let whole = text(&fixture.get("gil", &format!("{build}logText/progressiveText?start=0")));
    assert_eq!(read, whole);
    assert!(read.contains("\u{1b}[8mha:////"), "notes are there");
    assert!(
        read.contains("\u{1b}[31mred\u{1b}[0m"),
        "colours pass through"
    );
    assert!(read.ends_with("Finished: SUCCESS\r\n"));
    let console = fixture.console(&build);
    assert!(!console.contains("[8mha:") && !console.contains('\r'));
    assert_eq!(console.matches("line 7 éü – ✓").count(), 1);
}

#[test]
fn a_start_at_the_end_is_empty_and_one_beyond_it_gives_everything() {
    let fixture = Fixture::new();
    let build = fixture.start("rita", "/job/long-log/", "");
    fixture.pass(60_000);
    let ask = |start: usize| {
        fixture.get(
            "rita",
            &format!("{build}logText/progressiveText?start={start}"),
        )
    };
    let whole = ask(0);
    let size: usize = whole.get("x-text-size").unwrap().parse().unwrap();
    assert!(ask(size).body.is_empty());
    assert_eq!(ask(999_999).body, whole.body);
    assert_eq!(ask(999_999).get("x-text-size"), whole.get("x-text-size"));
}

#[test]
fn the_log_has_the_shape_of_a_declarative_pipeline() {
    let fixture = Fixture::new();
    let build = fixture.start("rita", "/job/freestyle-params/", "WHO=you");
    fixture.pass(10_000);
    assert_eq!(
        fixture.console(&build),
        "Started by user Rita Releaser\n[Pipeline] Start of Pipeline\n[Pipeline] node\n\
         Running on Jenkins in /var/jenkins_home/workspace/freestyle-params\n[Pipeline] {\n\
         [Pipeline] stage\n[Pipeline] { (Say)\n[Pipeline] echo\nhello you\n[Pipeline] }\n\
         [Pipeline] // stage\n[Pipeline] }\n[Pipeline] // node\n[Pipeline] End of Pipeline\n\
         Finished: SUCCESS\n"
    );
}

#[test]
fn a_faster_pace_shortens_the_steps() {
    let mut plan = super::plan();
    plan.pace = 0.1;
    let fixture = Fixture::with(plan, std::sync::Arc::new(super::Stacks::default()));
    let build = fixture.start("rita", "/job/long-log/", "");
    fixture.pass(2_500);
    assert_eq!(fixture.result(&build), "SUCCESS");
}
