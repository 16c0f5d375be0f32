//! What a good policy gives, and what each bad one is told.

use super::*;
use crate::{Comparison, FreezeSpan, Rule, When};

const GOOD: &str = r#"name = "Andes Bank"
[[gates.measure]]
id = "coverage"
metric = "coverage"
op = ">="
value = 80
environments = ["prod"]
[[gates.soak]]
id = "soak"
time = "1d12h"
max_age = "15m"
[[gates.danger]]
id = "access"
of = "access-broadened"
then = "require-approval"
approval = { name = "Security", from = ["security"], assurance = 2 }
[[gates.ticket]]
id = "ticket"
patterns = ["RITM#######"]
[[gates.findings]]
id = "findings"
max_new = { critical = 0 }
[[approvals]]
id = "managers"
environments = ["production"]
from = ["release-manager"]
count = 2
when = ["always"]
[exclusions]
merger = "may-approve"
executor_may_be_requester = "forbidden"
[[freezes]]
name = "month end"
environments = ["production"]
monthly = { from = "last 00:00", to = "2 06:00" }
zone = "America/Bogota"
except = ["2026-12-31"]
[break_glass]
bypasses = ["freeze", "soak"]
review_within = "8h"
"#;

const ENVIRONMENTS: &[&str] = &["dev", "qa", "prod"];

fn read(text: &str) -> Result<Policy, PolicyError> {
    parse(text, "policy.toml", None, Some(ENVIRONMENTS))
}

#[test]
fn a_good_file_is_read() {
    let policy = read(GOOD).unwrap();
    assert_eq!(policy.gates.len(), 5);
    let coverage = &policy.gates[0];
    assert_eq!(
        (coverage.line, coverage.name.as_str()),
        (3, "Measure coverage")
    );
    let Rule::Measure(rule) = &coverage.rule else {
        panic!("{coverage:?}")
    };
    assert_eq!(rule.bound.unwrap().0, Comparison::AtLeast);
    assert_eq!(policy.approvals[0].when, [When::Always]);
    assert_eq!(policy.approvals[0].name, "managers");
    assert!(!policy.exclusions.merger && policy.exclusions.author);
    assert!(policy.exclusions.requester_from_executing);
    assert!(matches!(policy.freezes[0].span, FreezeSpan::Monthly(_)));
    assert_eq!(
        policy.freezes[0].source,
        "policy.toml:33, clock of America/Bogota"
    );
    assert_eq!(policy.break_glass.review_within.0, 8 * 3_600);
}

#[test]
fn everybody_is_excluded_unless_the_file_says_otherwise() {
    let exclusions = read("").unwrap().exclusions;
    assert_eq!(exclusions, crate::Exclusions::default());
    assert!(exclusions.author && exclusions.committer && exclusions.merger);
    assert!(exclusions.requester && exclusions.executor);
    assert!(!exclusions.requester_from_executing);
}

/// Each case: what is replaced, by what, the line it is told, the field, and a part of the message.
#[test]
fn every_bad_file_is_told_its_line_and_field() {
    let cases: &[(&str, &str, u32, &str, &str)] = &[
        (
            "metric =",
            "metrik =",
            4,
            "gates.measure.metrik",
            "unknown key `metrik`",
        ),
        (
            "op = \">=\"",
            "op = \"=>\"",
            5,
            "gates.measure.op",
            "unknown word `=>`",
        ),
        (
            "value = 80",
            "value = \"80\"",
            6,
            "gates.measure.value",
            "invalid type",
        ),
        (
            "value = 80",
            "value = nan",
            6,
            "gates.measure[0].value",
            "not a finite number",
        ),
        (
            "value = 80\n",
            "",
            3,
            "gates.measure[0]",
            "needs `op` and `value`",
        ),
        (
            "[\"prod\"]",
            "[\"prd\"]",
            7,
            "gates.measure[0].environments[0]",
            "`prd` is no environment",
        ),
        (
            "id = \"soak\"",
            "id = \"coverage\"",
            9,
            "gates.soak[0].id",
            "declared twice, first on line 3",
        ),
        (
            "id = \"soak\"",
            "id = \"so ak\"",
            9,
            "gates.soak[0].id",
            "is not an id",
        ),
        (
            "\"1d12h\"",
            "\"1.5d\"",
            10,
            "gates.soak[0].time",
            "not a length of time",
        ),
        (
            "\"15m\"",
            "\"15\"",
            11,
            "gates.soak[0].max_age",
            "not a length of time",
        ),
        (
            "of = \"access-",
            "of = \"acess-",
            14,
            "gates.danger.of",
            "unknown word `acess-broadened`",
        ),
        (
            "then = \"require-approval\"",
            "then = \"fail\"",
            15,
            "gates.danger[0].then",
            "only asked for with",
        ),
        (
            "approval = {",
            "#",
            15,
            "gates.danger[0].approval",
            "not said who must approve",
        ),
        (
            "[\"RITM#######\"]",
            "[\"RITM [0-9]\"]",
            19,
            "gates.ticket[0].patterns[0]",
            "not a pattern",
        ),
        (
            "{ critical = 0 }",
            "{ crit = 0 }",
            22,
            "gates.findings.max_new",
            "unknown word `crit`",
        ),
        (
            "{ critical = 0 }",
            "{}",
            21,
            "gates.findings[0].max_new",
            "no severity is limited",
        ),
        (
            "count = 2",
            "count = 0",
            27,
            "approvals[0].count",
            "no approval is asked for",
        ),
        (
            "count = 2",
            "count = \"two\"",
            27,
            "approvals[0].count",
            "not a number of approvals",
        ),
        (
            "[\"always\"]",
            "[\"allways\"]",
            28,
            "approvals.when",
            "unknown word `allways`",
        ),
        (
            "\"may-approve\"",
            "\"yes\"",
            30,
            "exclusions.merger",
            "unknown word `yes`",
        ),
        (
            "\"last 00:00\"",
            "\"ultimo 00:00\"",
            35,
            "freezes[0].monthly.from",
            "not a day and a time",
        ),
        (
            "\"2 06:00\"",
            "\"last 00:00\"",
            35,
            "freezes[0].monthly.to",
            "ends when it begins",
        ),
        (
            "monthly =",
            "from = \"2026-12-24T00:00:00Z\"\nmonthly =",
            33,
            "freezes[0]",
            "exactly one of",
        ),
        (
            "zone = \"America/Bogota\"",
            "zone = \"Bogota\"",
            36,
            "freezes[0].zone",
            "not a time zone",
        ),
        (
            "[\"2026-12-31\"]",
            "[\"2026-02-30\"]",
            37,
            "freezes[0].except[0]",
            "is not a day",
        ),
        (
            "\"freeze\", \"soak\"",
            "\"freez\"",
            39,
            "break_glass.bypasses[0]",
            "not a kind of gate",
        ),
        (
            "\"freeze\", \"soak\"",
            "\"target_ready\"",
            39,
            "break_glass.bypasses[0]",
            "never passed over",
        ),
    ];
    for (from, to, line, field, part) in cases {
        assert!(GOOD.contains(from), "{from}");
        let error = read(&GOOD.replacen(from, to, 1)).unwrap_err();
        let problem = &error.problems[0];
        assert!(problem.message.contains(part), "{to}: {}", problem.message);
        assert_eq!(problem.line, *line, "{to}: {}", problem.message);
        assert_eq!(problem.field.as_deref(), Some(*field), "{to}");
        assert!(
            error
                .to_string()
                .starts_with(&format!("policy.toml:{line}:"))
        );
    }
}

#[test]
fn what_is_nearly_known_is_told_the_known_one() {
    for (from, to, hint) in [
        ("metric =", "metrik =", "Did you mean `metric`?"),
        (
            "of = \"access-",
            "of = \"acess-",
            "Did you mean `access-broadened`?",
        ),
        ("[\"prod\"]", "[\"prd\"]", "Did you mean `prod`?"),
        (
            "\"freeze\", \"soak\"",
            "\"freez\"",
            "Did you mean `freeze`?",
        ),
        ("[[gates.soak]]", "[[gates.soke]]", "Did you mean `soak`?"),
    ] {
        let error = read(&GOOD.replacen(from, to, 1)).unwrap_err();
        let told = error.problems[0].hint.clone().unwrap_or_default();
        assert!(told.starts_with(hint), "{to}: {told}");
    }
}

#[test]
fn several_problems_are_told_at_once_in_file_order() {
    let text = GOOD
        .replace("\"1d12h\"", "\"soon\"")
        .replace("count = 2", "count = 0");
    let error = read(&text).unwrap_err();
    let lines: Vec<_> = error.problems.iter().map(|p| p.line).collect();
    assert_eq!(lines, [10, 27]);
}

#[test]
fn a_gate_that_is_never_waived_cannot_be_said_to_be() {
    for kind in ["target_ready", "freeze"] {
        let text = format!("[[gates.{kind}]]\nid = \"x\"\nwaivable = true\n");
        let error = read(&text).unwrap_err();
        assert_eq!(error.problems[0].line, 3);
        assert!(read(&text.replace("true", "false")).is_ok());
    }
}

#[test]
fn cedar_policies_are_read_with_the_file_that_names_them() {
    let text = format!("cedar = \"own.cedar\"\n{GOOD}");
    assert_eq!(cedar_file(&text).as_deref(), Some("own.cedar"));
    assert_eq!(cedar_file(GOOD), None);
    let missing = read(&text).unwrap_err();
    assert_eq!(missing.problems[0].field.as_deref(), Some("cedar"));
    let own = |cedar: &str| parse(&text, "policy.toml", Some(cedar), None);
    assert!(own("permit (principal, action, resource);").is_ok());
    let error = own("permit (principal, action, resource)\nwhen { principal.rolle == \"x\" };");
    let error = error.unwrap_err();
    assert!(
        error.problems[0].message.starts_with("own.cedar:"),
        "{error}"
    );
    assert!(error.to_string().contains("rolle"), "{error}");
}

#[test]
fn the_built_in_policy_is_a_good_one() {
    let policy = Policy::built_in();
    assert_eq!(policy.gates.len(), 7);
    assert_eq!(policy.exclusions, crate::Exclusions::default());
}

#[test]
fn approvals_expire_after_whole_hours_or_never() {
    let read = |line: &str| parse(line, "policy.toml", None, None);
    assert_eq!(read("").unwrap().approvals_expire_hours, None);
    for (text, hours) in [("24h", 24), ("3d", 72), ("1d12h", 36)] {
        let policy = read(&format!("approvals_expire_after = \"{text}\"\n")).unwrap();
        assert_eq!(policy.approvals_expire_hours, Some(hours));
    }
    for text in ["90m", "0h", "soon"] {
        let error = read(&format!(
            "name = \"x\"\napprovals_expire_after = \"{text}\"\n"
        ));
        let problem = error.unwrap_err().problems.remove(0);
        assert_eq!(problem.line, 2);
        assert_eq!(problem.field.as_deref(), Some("approvals_expire_after"));
    }
}
