//! Systems that do not answer, or answer something else: the rest stays, unknown is said to be unknown.

use crate::support::{Bank, Desk};
use interlock_practice::faults::FaultKind;

const QA: &str = "222222222222/*";

/// The line of a service.
fn line<'t>(text: &'t str, service: &str) -> &'t str {
    let found = text.lines().find(|line| line.starts_with(service));
    found.unwrap_or_else(|| panic!("no line of {service} in:\n{text}"))
}

#[test]
fn a_wrong_account_behind_a_role_is_told_and_its_environment_is_unknown() {
    let mut bank = Bank::open();
    let file = bank
        .as_real(|text| text.replace("account = \"222222222222\"", "account = \"999999999999\""));
    let ended = bank.run_on(&file, &["status"]).ends(1).says(&[
        "opens account 222222222222",
        "says that qa is account 999999999999",
    ]);
    let payments = line(&ended.out, "payments-api");
    assert!(
        payments.contains("9.3.1") && payments.contains("unknown") && payments.contains("9.1.4")
    );
}

#[test]
fn expired_credentials_of_one_account_leave_the_others() {
    let bank = Bank::open();
    bank.fault("*", "*", Some(QA), FaultKind::ExpiredCredentials);
    let ended = bank
        .run(&["status"])
        .ends(1)
        .says(&["credentials for qa ran out"]);
    let payments = line(&ended.out, "payments-api");
    assert!(
        payments.contains("9.3.1") && payments.contains("unknown") && payments.contains("9.1.4")
    );
}

#[test]
fn a_missing_permission_names_who_what_and_where() {
    let bank = Bank::open();
    let code = "AccessDenied".to_owned();
    let refusal = FaultKind::Error { code, status: 403 };
    bank.fault(
        "cloudformation",
        "DescribeStacks",
        Some("333333333333/*"),
        refusal,
    );
    bank.run(&["status"])
        .ends(1)
        .says(&["a.ruiz", "cloudformation:DescribeStacks", "prod"]);
}

#[test]
fn a_login_page_instead_of_an_answer_is_called_that() {
    let bank = Bank::open();
    bank.fault("jenkins", "*", None, FaultKind::HtmlLogin200);
    let ended = bank
        .run(&["status"])
        .ends(1)
        .says(&["Jenkins is unreachable", "web page"]);
    assert!(line(&ended.out, "payments-api").contains("9.3.1"));
}

#[test]
fn a_server_that_is_down_is_named_and_its_gate_is_unknown() {
    let mut bank = Bank::open();
    let file = bank.as_real(|text| {
        let (before, after) = text.split_once("[sonarqube]").unwrap();
        let (_, rest) = after.split_once("\nurl").unwrap();
        let (_, rest) = rest.split_once('\n').unwrap();
        format!("{before}[sonarqube]\nurl = \"http://127.0.0.1:9\"\n{rest}")
    });
    let ended = bank.run_on(&file, &["status"]).ends(1);
    let ended = ended.says(&["SonarQube is unreachable", "127.0.0.1:9"]);
    assert!(line(&ended.out, "payments-api").contains("gate unknown"));
}

#[test]
fn what_was_known_stays_when_every_server_is_gone() {
    let bank = Bank::open();
    bank.run(&["status"]).ends(1);
    bank.fault("*", "*", None, FaultKind::Reset);
    let ended = bank.run(&["status"]).says(&["AWS is"]);
    assert!(
        line(&ended.out, "payments-api").contains("9.1.4"),
        "{ended:?}"
    );
}

#[test]
fn a_ledger_that_is_no_ledger_is_left_alone() {
    let bank = Bank::open();
    bank.run(&["log"]).ends(0);
    let data = find(&bank.desk, "ledger.db");
    std::fs::write(
        &data,
        "this is no database, it is a note of somebody else's",
    )
    .unwrap();
    let before = std::fs::read(&data).unwrap();
    bank.run(&["log"]).ends(8).says(&["ledger.db"]);
    assert_eq!(std::fs::read(&data).unwrap(), before, "it is kept as it is");
}

fn find(desk: &Desk, name: &str) -> std::path::PathBuf {
    let mut folders = vec![desk.path("")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("bank") {
                folders.push(path);
            } else if path.file_name().is_some_and(|found| found == name) {
                return path;
            }
        }
    }
    panic!("there is no {name}");
}
