//! `interlock policy`: files that hold, that do not, and that cannot be used.

use crate::support::{Bank, Desk};

const POLICY: &str = "[[gates.soak]]\nid = \"soak\"\ntime = \"24h\"\n";
const CASES: &str = "[[cases]]\nname = \"too young\"\n[cases.facts]\nsoak = \"23h\"\n\
    [cases.expect]\nverdicts = { soak = \"fail\" }\n";

fn desk(policy: &str, cases: &str) -> Desk {
    let desk = Desk::new();
    desk.write("policy.toml", policy);
    desk.write("policy-cases.toml", cases);
    desk
}

const TEST: [&str; 4] = ["policy", "test", "--policy", "policy.toml"];

#[test]
fn cases_end_with_0_with_1_or_with_3() {
    let good = desk(POLICY, CASES).run(&TEST).ends(0);
    good.prints(&["too young"])
        .says(&["1 of 1 cases are as expected."]);
    let weaker = desk(&POLICY.replace("24h", "12h"), CASES)
        .run(&TEST)
        .ends(1);
    weaker
        .prints(&["policy-cases.toml:2: soak is pass, expected fail: in qa for 23 h"])
        .says(&["0 of 1 cases"]);
    let wrong = desk(&POLICY.replace("time", "tme"), CASES)
        .run(&TEST)
        .ends(3);
    wrong.says(&["policy.toml:3: Unknown key `tme`", "Did you mean `time`?"]);
    let wrong = desk(POLICY, &CASES.replace("\"fail\"", "\"failed\"")).run(&TEST);
    wrong
        .ends(3)
        .says(&["policy-cases.toml:6", "Unknown word `failed`"]);
    let desk = Desk::new();
    desk.write("policy.toml", POLICY);
    desk.run(&TEST)
        .ends(3)
        .says(&["policy-cases.toml cannot be read"]);
    desk.run(&["policy", "test"]).ends(3).says(&["estate file"]);
}

#[test]
fn the_default_policy_can_be_begun_with() {
    let desk = Desk::new();
    let text = desk.run(&["policy", "show", "--default"]).ends(0).out;
    desk.write("policy.toml", text);
    desk.write(
        "policy-cases.toml",
        "[[cases]]\nname = \"in order\"\n[cases.expect]\nblocks = false\n",
    );
    desk.run(&TEST).ends(0);
}

#[test]
fn cedar_policies_beside_the_policy_are_read_and_validated() {
    let desk = desk(
        &format!("cedar = \"own.cedar\"\n{POLICY}"),
        &format!("{CASES}[[cases.may]]\naction = \"approve\"\nrole = \"lead\"\nallowed = true\n"),
    );
    desk.run(&TEST).ends(3).says(&["own.cedar cannot be read"]);
    desk.write("own.cedar", "permit (principal, action, resource);");
    desk.run(&TEST).ends(0);
    desk.write("own.cedar", "forbid (principal, action, resource);");
    desk.run(&TEST).ends(1).prints(&["a lead may not approve"]);
    desk.write(
        "own.cedar",
        "permit (principal, action, resource)\nwhen { principal.rank == 1 };",
    );
    desk.run(&TEST).ends(3).says(&["own.cedar:2", "rank"]);
}

#[test]
fn an_estate_names_its_policy_and_a_wrong_one_is_told_before_anything_else() {
    let mut bank = Bank::open();
    let file = bank.as_real(|text| {
        let (head, tail) = text.split_once("policy = ").unwrap();
        let (_, tail) = tail.split_once('\n').unwrap();
        format!("{head}policy = \"own.toml\"\n{tail}")
    });
    let missing = bank.run_on(&file, &["policy", "show"]).ends(3);
    missing.says(&["own.toml cannot be read"]);
    bank.desk.write(
        "real/own.toml",
        "[[gates.soak]]\nid = \"soak\"\nenvironments = [\"prd\"]\ntime = \"1h\"\n",
    );
    let wrong = bank.run_on(&file, &["status"]).ends(3);
    wrong.says(&[
        "own.toml:3",
        "`prd` is no environment",
        "Did you mean `prod`?",
    ]);
    bank.desk.write("real/own.toml", POLICY);
    let explain = ["policy", "explain", "payments-api", "--to", "prod"];
    let told = bank.run_on(&file, &explain).ends(0);
    told.prints(&[
        "(soak): 1 d in the source environment",
        "own.toml:2; it applies everywhere",
    ]);
}

#[test]
fn what_cannot_be_explained_is_told() {
    let bank = Bank::open();
    let explain = |words: &[&str]| bank.run(&[&["policy", "explain"], words].concat());
    explain(&["payment-api", "--to", "prod"])
        .ends(6)
        .says(&["Did you mean `payments-api`?"]);
    explain(&["payments-api", "--to", "prd"])
        .ends(6)
        .says(&["Did you mean `prod`?"]);
    explain(&["payments-api", "--to", "dev"])
        .ends(5)
        .says(&["first environment"]);
    explain(&["payments-api", "--to", "prod", "--promotion", "PR-NONE00"]).ends(6);
}
