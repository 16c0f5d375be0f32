//! Cases that hold, cases that do not, and files that cannot be read.

use super::*;
use crate::parse;

const POLICY: &str = r#"
[[gates.tests]]
id = "tests"
at_least = 100
[[gates.danger]]
id = "data"
of = "stateful-loss"
then = "require-approval"
approval = { name = "Data owners", from = ["data"] }
[[gates.measure]]
id = "coverage"
metric = "coverage"
max_drop = 1
[[freezes]]
name = "weekend"
environments = ["production"]
weekly = { from = "Fri 18:00", to = "Mon 06:00" }
zone = "America/Bogota"
"#;

const CASES: &str = r#"
[[cases]]
name = "in order"
[cases.facts]
measures = { coverage = { value = 80, target = 80 } }
[cases.expect]
blocks = false
approvals = ["1 Release managers"]
verdicts = { tests = "pass", freeze = "pass", data = "pass", nothing = "left-out" }
[[cases.may]]
action = "execute"
role = "release-manager"
is = ["requester"]
allowed = true
[[cases.may]]
action = "approve"
role = "release-manager"
is = ["author"]
allowed = false

[[cases]]
name = "a table goes on a Saturday"
break_glass = { reason = "r", incident = "i" }
waivers = [{ rule = "tests", expires = "2027-01-01T00:00:00Z" }]
[cases.facts]
now = "2026-11-21T12:00:00-05:00"
tests = { passed = 99 }
measures = { coverage = { value = 70, target = 80 } }
changes = ["Remove AWS::DynamoDB::Table", "Modify AWS::SNS::Topic True"]
[cases.expect]
blocks = true
approvals = ["1 Data owners"]
verdicts = { tests = "waived", freeze = "passed-over", coverage = "fail" }

[[cases]]
name = "nothing is known"
[cases.facts]
unknown = ["tests"]
absent = ["measures", "changes"]
[cases.expect]
blocks = true
verdicts = { tests = "unknown", coverage = "unknown", data = "unknown" }
"#;

fn run(cases: &str) -> Result<Vec<CaseResult>, PolicyError> {
    let policy = parse(POLICY, "policy.toml", None, None).unwrap();
    run_cases(&policy, cases, "cases.toml")
}

#[test]
fn cases_that_hold_have_no_differences() {
    let results = run(CASES).unwrap();
    assert_eq!(results.len(), 3);
    for result in &results {
        assert!(result.differences.is_empty(), "{result:?}");
    }
    assert_eq!(
        (results[1].name.as_str(), results[1].line),
        ("a table goes on a Saturday", 22)
    );
}

#[test]
fn what_is_not_as_expected_is_told_with_what_was_seen() {
    let results = run(&CASES
        .replace("tests = \"pass\"", "tests = \"fail\"")
        .replace("\"1 Release managers\"]", "\"2 Release managers\"]")
        .replace("allowed = true", "allowed = false")
        .replace("blocks = true", "blocks = false"))
    .unwrap();
    assert_eq!(
        results[0].differences,
        [
            "tests is pass, expected fail: 1000 tests passed in the build",
            "it needs approvals [1 Release managers], expected [2 Release managers]",
            "a release manager may execute, expected that not",
        ]
    );
    assert_eq!(
        results[1].differences,
        ["it is stopped by coverage: coverage is 70; the target has 80, and 1 worse is allowed"]
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told_its_line() {
    for (from, to, line, words) in [
        (
            "[[cases]]\nname = \"in order\"",
            "[[cases]]\nnome = \"in order\"",
            3,
            "unknown key `nome`",
        ),
        (
            "tests = \"pass\"",
            "tests = \"passed\"",
            9,
            "unknown word `passed`",
        ),
        (
            "now = \"2026-11-21T12:00:00-05:00\"",
            "now = \"Saturday\"",
            26,
            "not a time",
        ),
        (
            "[\"Remove AWS::DynamoDB::Table\"",
            "[\"Delete it now please\"",
            29,
            "not a change",
        ),
        (
            "unknown = [\"tests\"]",
            "unknown = [\"test\"]",
            38,
            "`test` is not such a fact",
        ),
        (
            "absent = [\"measures\"",
            "absent = [\"soak\"",
            39,
            "`soak` is not such a fact",
        ),
    ] {
        assert!(CASES.contains(from), "{from}");
        let error = run(&CASES.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.problems[0].line, line, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(
        run("")
            .unwrap_err()
            .to_string()
            .contains("there is no case")
    );
}
