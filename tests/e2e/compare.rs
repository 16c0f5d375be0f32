//! Compare: documents that cannot be read are named with file and line, and the rest stays.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::matrix::wait_for_versions;
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::screens::show;
use interlock_acceptance::window::Desk;
use std::fmt::Write as _;

/// Where the template of the stack payments-api lies in the repository `payments`.
const TEMPLATE: &str = "templates/lambda/payments-api.yaml";

fn compare_with(page: &Page, branch: &str) {
    show(
        page,
        &format!("/compare?service=payments-api&left=prod&right={branch}%40prod"),
    );
    page.find("heading", "payments-api");
}

#[test]
fn templates_that_cannot_be_read_are_named_with_their_line_and_the_rest_stays() {
    let bank = Bank::open(QUICK);
    let mut levels = String::from("Metadata:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        let all = vec![before; 10].join(", ");
        writeln!(levels, "  a{level}: &a{level} [{all}]").unwrap();
    }
    let huge = format!(
        "Description: |\n{}",
        "  nothing but text\n".repeat(1_100_000)
    );
    assert!(huge.len() > 20_000_000);
    let good = bank.file("payments", TEMPLATE);
    let lines = good.lines().count();
    let cases = [
        (
            "broken",
            format!("{good}\n  Broken: [1, 2\n"),
            format!("{TEMPLATE}:{}", lines + 3),
        ),
        ("bomb", format!("{levels}{good}"), TEMPLATE.to_owned()),
        ("huge", huge, TEMPLATE.to_owned()),
        (
            "other",
            "just: a document\n".to_owned(),
            "not a CloudFormation template".to_owned(),
        ),
    ];
    for (branch, text, _) in &cases {
        bank.push("payments", branch, TEMPLATE, text.as_bytes());
    }
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    for (branch, _, said) in &cases {
        compare_with(&page, branch);
        page.wait_for_text(said);
        // The other stack of the service is compared all the same.
        page.wait_for_text("payments-alarms");
        let services = page.find("navigation", "Services");
        page.find_within(Some(&services), "button", Name::Has("customer-portal"));
    }
}
