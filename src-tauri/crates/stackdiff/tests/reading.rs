//! What templates are read into, and how unreadable ones are refused.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]
#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "test data is small"
)]

mod common;

use common::template;
use interlock_stackdiff::{
    Budget, Format, Limit, Location, Node, ReadError, ReadProblem, Template, Value,
};
use std::time::{Duration, Instant};

/// The value of the only property `V` of the only resource.
fn value(yaml: &str) -> Node {
    let read = template(&format!(
        "Resources:\n  R:\n    Type: T\n    Properties:\n      V: {yaml}\n"
    ));
    let properties = read.resource("R").unwrap().properties().unwrap();
    properties.get("V").unwrap().clone()
}

fn json(text: &str) -> Node {
    let read = template(&format!(
        "{{\"Resources\":{{\"R\":{{\"Type\":\"T\",\"Properties\":{{\"V\":{text}}}}}}}}}"
    ));
    let properties = read.resource("R").unwrap().properties().unwrap();
    properties.get("V").unwrap().clone()
}

fn refused(text: impl AsRef<[u8]>) -> ReadError {
    let started = Instant::now();
    let error = Template::read(text.as_ref(), "t.yaml", &Budget::default()).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(30));
    assert_eq!(error.location(), error.at);
    error
}

fn limit(error: &ReadError) -> Limit {
    match error.problem {
        ReadProblem::TooLarge { limit, .. } => limit,
        ref other => panic!("{other}"),
    }
}

#[test]
fn short_and_long_forms_read_the_same_as_json() {
    for (yaml, long) in [
        ("!Ref P", r#"{"Ref":"P"}"#),
        ("!Condition C", r#"{"Condition":"C"}"#),
        ("!GetAtt A.B.C", r#"{"Fn::GetAtt":["A","B.C"]}"#),
        ("!GetAtt [A, B]", r#"{"Fn::GetAtt":["A","B"]}"#),
        ("!GetAtt [A, B, C]", r#"{"Fn::GetAtt":"A.B.C"}"#),
        ("{Fn::GetAtt: A.B}", r#"{"Fn::GetAtt":["A","B"]}"#),
        ("!Sub '${A}-x'", r#"{"Fn::Sub":"${A}-x"}"#),
        (
            "!Sub ['${A}', {A: !Ref B}]",
            r#"{"Fn::Sub":["${A}",{"A":{"Ref":"B"}}]}"#,
        ),
        (
            "!Join [',', [a, !Ref B]]",
            r#"{"Fn::Join":[",",["a",{"Ref":"B"}]]}"#,
        ),
        (
            "!If [C, a, !Ref AWS::NoValue]",
            r#"{"Fn::If":["C","a",{"Ref":"AWS::NoValue"}]}"#,
        ),
        ("!Equals [a, b]", r#"{"Fn::Equals":["a","b"]}"#),
        (
            "!And [!Or [!Condition C], !Not [!Condition D]]",
            r#"{"Fn::And":[{"Fn::Or":[{"Condition":"C"}]},{"Fn::Not":[{"Condition":"D"}]}]}"#,
        ),
        ("!FindInMap [M, a, b]", r#"{"Fn::FindInMap":["M","a","b"]}"#),
        (
            "!Select [0, !Split [',', a]]",
            r#"{"Fn::Select":[0,{"Fn::Split":[",","a"]}]}"#,
        ),
        ("!Base64 x", r#"{"Fn::Base64":"x"}"#),
        ("!Cidr [a, 1, 2]", r#"{"Fn::Cidr":["a",1,2]}"#),
        ("!ImportValue x", r#"{"Fn::ImportValue":"x"}"#),
        ("!GetAZs ''", r#"{"Fn::GetAZs":""}"#),
        ("!Transform {Name: N}", r#"{"Fn::Transform":{"Name":"N"}}"#),
        ("!Length [a]", r#"{"Fn::Length":["a"]}"#),
        ("!ToJsonString {a: b}", r#"{"Fn::ToJsonString":{"a":"b"}}"#),
        (
            "!GetStackOutput {StackName: s}",
            r#"{"Fn::GetStackOutput":{"StackName":"s"}}"#,
        ),
        ("!Ref 123", r#"{"Ref":"123"}"#),
    ] {
        assert_eq!(value(yaml), json(long), "{yaml}");
    }
}

#[test]
fn scalars_are_those_that_cloudformation_reads() {
    for (yaml, text) in [
        ("Yes", "true"),
        ("0755", "493"),
        ("1:30", "90"),
        ("065115117704", "7133765572"),
        ("012345678901", "012345678901"),
        ("'0755'", "0755"),
        ("\"Yes\"", "Yes"),
        ("2012-10-17", "2012-10-17"),
        ("13.10", "13.10"),
        ("9007199254740993", "9007199254740993"),
        ("!!str 0755", "0755"),
        ("!!int '5'", "5"),
        ("! 5", "5"),
    ] {
        assert_eq!(value(yaml).scalar_text().as_deref(), Some(text), "{yaml}");
    }
    assert_eq!(value("~").value, Value::Null);
    assert_ne!(json("13.1"), json("13.10"));
    assert_ne!(json("9007199254740993"), json("9007199254740992"));
    let Value::Number(number) = value("0755").value else {
        panic!("0755 is a number");
    };
    assert_eq!((number.source(), number.text()), ("0755", "493"));
}

#[test]
fn keys_are_read_like_values() {
    let map = value("{On: 1, 010: 2, 'On': 3}");
    let keys: Vec<&str> = map
        .as_map()
        .unwrap()
        .entries()
        .iter()
        .map(|entry| entry.key.as_str())
        .collect();
    assert_eq!(keys, ["true", "8", "On"]);
}

#[test]
fn anchors_aliases_and_merge_keys_are_expanded() {
    let read = template(
        "Resources:\n  A: &a\n    Type: T\n    Properties: &p {X: 1, Y: 2}\n  B: *a\n  C:\n    Type: U\n    Properties:\n      <<: [{Y: 9, Z: 9}, *p]\n      X: 3\n",
    );
    assert_eq!(
        read.resource("A").unwrap().body,
        read.resource("B").unwrap().body
    );
    let merged = read.resource("C").unwrap().properties().unwrap();
    let text = |key: &str| merged.get(key).unwrap().scalar_text().unwrap().into_owned();
    assert_eq!(
        (text("X"), text("Y"), text("Z")),
        ("3".into(), "9".into(), "9".into())
    );
    assert_eq!(value("{'<<': x}"), json(r#"{"<<":"x"}"#));
}

#[test]
fn byte_order_mark_line_ends_and_comments_change_nothing() {
    let yaml = "# c\nResources:\n  R:\n    Type: T\n    Properties:\n      V: |\n        one\n        two\n      W: >-\n        one\n        two\n";
    let unix = template(yaml);
    let windows = template(&yaml.replace('\n', "\r\n"));
    let marked = template(&format!("\u{FEFF}{yaml}"));
    assert_eq!(unix.root(), windows.root());
    assert_eq!(unix.root(), marked.root());
    let properties = windows.resource("R").unwrap().properties().unwrap();
    assert_eq!(properties.get("V").unwrap().as_text(), Some("one\ntwo\n"));
    assert_eq!(properties.get("W").unwrap().as_text(), Some("one two"));
    assert_eq!(
        properties.entry("V").unwrap().key_at,
        Location { line: 6, column: 7 }
    );
}

#[test]
fn every_node_of_yaml_knows_its_place() {
    let read = template("Resources:\n  ñandú:\n    Type: T\n    Properties: {V: [a, !Ref b]}\n");
    let resource = read.resource("ñandú").unwrap();
    assert_eq!(resource.at, Location { line: 2, column: 3 });
    let list = resource.properties().unwrap().get("V").unwrap();
    assert_eq!(
        list.at,
        Location {
            line: 4,
            column: 21
        }
    );
    assert_eq!(
        list.as_list().unwrap()[0].at,
        Location {
            line: 4,
            column: 22
        }
    );
}

#[test]
fn flow_yaml_that_is_not_json_is_still_read() {
    let read = template("{Resources: {R: {Type: T,}}} # end\n");
    assert_eq!(read.format(), Format::Yaml);
    let error = Template::read(b"{Resources: {}}", "t.json", &Budget::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "t.json:1:2: a key in double quotes is expected here."
    );
}

#[test]
fn broken_text_is_refused_with_its_place() {
    for (text, line, words) in [
        ("Resources:\n  R:\n    Type: T\n   Bad: x\n", 4, ""),
        ("Resources:\n  R: [a\n", 3, ""),
        ("Resources:\n\tR: x\n", 2, ""),
        (
            "{\"Resources\": {\"R\": {\"Type\": \"T\" \"X\": 1}}}",
            1,
            "`,` or `}`",
        ),
        ("Resources: {}\n---\nResources: {}\n", 2, "second document"),
        ("Resources:\n  R: \u{1}\n", 2, "control character"),
        ("Resources: &a\n  R: *a\n", 2, ""),
        ("Resources:\n  R: *nobody\n", 2, ""),
        ("Resources:\n  R:\n    ? [a]\n    : b\n", 3, "a key must be"),
        ("Resources:\n  R:\n    <<: 3\n", 3, "`<<`"),
        ("Resources:\n  R: !!int x\n", 2, "`!!int`"),
    ] {
        let error = refused(text);
        assert!(
            matches!(error.problem, ReadProblem::Syntax { .. }),
            "{text} {error}"
        );
        assert_eq!(error.at.line, line, "{text} {error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_key_that_stands_twice_is_refused_with_both_lines() {
    let error = refused("Resources:\n  Q: {Type: T}\n  R: {Type: T}\n  Q: {Type: U}\n");
    assert_eq!(
        error.to_string(),
        "t.yaml:4:3: the key `Q` stands twice in one mapping: in line 2 and in line 4."
    );
    let error = refused("{\"Resources\":{},\n\"Resources\":{}}");
    assert!(matches!(error.problem, ReadProblem::DuplicateKey { .. }));
}

#[test]
fn tags_that_cloudformation_does_not_know_are_refused() {
    for (tag, shown) in [
        ("!Foo x", "!Foo"),
        ("!Fn::Sub x", "!Fn::Sub"),
        ("!!binary AAAA", "!!binary"),
        ("!!set {a}", "!!set"),
        ("!<tag:x.org,2020:y> z", "!<tag:x.org,2020:y>"),
        ("!Rain::Embed f", "!Rain::Embed"),
    ] {
        let error = refused(format!("Resources:\n  R: {tag}\n"));
        assert_eq!(
            error.problem,
            ReadProblem::UnknownTag {
                tag: shown.to_owned()
            },
            "{error}"
        );
        assert_eq!(error.at.line, 2);
    }
}

#[test]
fn what_is_no_template_is_refused_with_the_reason() {
    for (text, words) in [
        ("", "the document is empty"),
        ("# nothing\n", "the document is empty"),
        ("just words", "the document is not a mapping"),
        ("- a\n", "the document is not a mapping"),
        ("{\"Parameters\": {}}", "it has no `Resources`"),
        ("Resources: [a]\n", "`Resources` is not a mapping"),
        ("Resources:\n  Q: 3\n", "the resource `Q` is not a mapping"),
        (
            "<html><body>Sign in</body></html>",
            "the document is not a mapping",
        ),
    ] {
        let error = refused(text);
        assert!(
            matches!(error.problem, ReadProblem::NotATemplate { .. }),
            "{error}"
        );
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn text_that_is_not_utf8_is_refused_at_the_first_wrong_byte() {
    let error = refused(b"Resources:\n  R: \xE1\n");
    assert_eq!(error.problem, ReadProblem::NotUtf8);
    assert_eq!(error.at, Location { line: 2, column: 6 });
}

#[test]
fn twenty_megabytes_are_refused_before_they_are_read() {
    let error = refused(vec![b'a'; 20_000_000]);
    assert_eq!(limit(&error), Limit::Bytes);
    assert_eq!(
        error.to_string(),
        "t.yaml:1:1: the document has more than 2000000 bytes, so it was not read."
    );
}

#[test]
fn threat_05_alias_bombs_are_refused_in_bounded_time() {
    let mut doubling = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let previous = format!("*a{}", level - 1);
        let items = vec![previous; 10].join(", ");
        doubling.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    let error = refused(&doubling);
    assert_eq!(limit(&error), Limit::Nodes);
    assert!(error.at.line > 1);

    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(100_000),
        vec!["*a"; 1_000].join(", ")
    );
    assert_eq!(limit(&refused(&long)), Limit::Bytes);

    let many = format!("a: &a x\nb: [{}]\n", vec!["*a"; 3_000].join(", "));
    assert_eq!(limit(&refused(&many)), Limit::AliasExpansions);

    let mut nested = "x: &x0 1\n".to_owned();
    for level in 1..400 {
        nested.push_str(&format!("k{level}: &x{level} [*x{}]\n", level - 1));
    }
    assert_eq!(limit(&refused(&nested)), Limit::Depth);

    let anchors_in_anchors: String = (0..100).map(|level| format!("&n{level} [")).collect();
    let wide = format!("{anchors_in_anchors}{}", "0,".repeat(400_000));
    assert_eq!(limit(&refused(&wide)), Limit::Nodes);
}

#[test]
fn threat_05_deep_nesting_is_refused_whatever_writes_it() {
    for text in [
        "[".repeat(1_000_000),
        "{\"a\":".repeat(300_000),
        "{a: ".repeat(300_000),
        "- ".repeat(1_000_000),
        "? ".repeat(1_000_000),
        "!Not [".repeat(300_000),
    ] {
        let error = refused(&text);
        let is_depth = matches!(
            error.problem,
            ReadProblem::TooLarge {
                limit: Limit::Depth,
                ..
            }
        );
        let is_syntax = matches!(error.problem, ReadProblem::Syntax { .. });
        assert!(is_depth || is_syntax, "{error}");
    }
    let deepest = Budget {
        depth: usize::MAX,
        ..Budget::default()
    };
    let text = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let json = format!("{{\"Resources\":{text}}}");
    let error = Template::read(json.as_bytes(), "t.json", &deepest).unwrap_err();
    assert_eq!(limit(&error), Limit::Depth);
}

#[test]
fn many_nodes_are_refused() {
    let text = format!("{{\"Resources\":[{}0]}}", "0,".repeat(300_000));
    assert_eq!(limit(&refused(&text)), Limit::Nodes);
    let yaml = format!("Resources:\n  R:\n{}", "  - 0\n".repeat(300_000));
    assert_eq!(limit(&refused(&yaml)), Limit::Nodes);
}
