//! Compare: documents that cannot be read are named with file and line, and the rest stays.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::matrix::wait_for_versions;
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::screens::show;
use interlock_acceptance::window::Desk;
use serde_json::json;
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
            vec![
                format!("{TEMPLATE}:{}:", lines + 3),
                "Correct the document".to_owned(),
            ],
        ),
        (
            "bomb",
            format!("{levels}{good}"),
            vec![
                format!("{TEMPLATE}:"),
                "the document has more than".to_owned(),
                "so it was not read".to_owned(),
                "Split the stack".to_owned(),
            ],
        ),
        (
            "huge",
            huge,
            vec![
                format!("{TEMPLATE}:"),
                "the document has more than 2000000 bytes".to_owned(),
                "Split the stack".to_owned(),
            ],
        ),
        (
            "other",
            "just: a document\n".to_owned(),
            vec!["not a CloudFormation template".to_owned()],
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
        for part in said {
            page.wait_for_text(part);
        }
        // The other stack of the service is compared all the same.
        page.wait_for_text("payments-alarms");
        let services = page.find("navigation", "Services");
        page.find_within(Some(&services), "button", Name::Has("customer-portal"));
    }
}

#[test]
fn an_environment_that_the_estate_file_does_not_define_is_named_with_those_that_there_are() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    for address in [
        "/compare?service=payments-api&left=staging&right=qa",
        "/environments?service=payments-api&environment=staging",
    ] {
        show(&page, address);
        page.wait_for("staging to be refused", || {
            let alerts = page.all("alert", Name::Any);
            let told = alerts.iter().map(|alert| page.text_of(alert));
            let names = |text: &String| {
                ["staging", "dev", "qa", "prod"]
                    .iter()
                    .all(|name| text.contains(name))
            };
            told.into_iter().find(names).map(|_| ())
        });
        // The rest of the window goes on.
        show(&page, "/environments");
        wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    }
}

#[test]
fn a_commit_tells_where_it_is_and_a_broken_export_names_who_imports_it() {
    let bank = Bank::open(QUICK);
    let good = bank.file("payments", TEMPLATE);
    let other = "payments-api-${Environment}-Function\n";
    let renamed = good.replace("payments-api-${Environment}-FunctionName\n", other);
    assert_ne!(renamed, good);
    bank.push("payments", "renamed", TEMPLATE, renamed.as_bytes());
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    show(
        &page,
        "/compare?service=payments-api&left=prod&right=qa&tab=commits",
    );
    page.click("button", Name::Has("Where "));
    page.wait_for_text("qa has it");
    page.wait_for_text("prod has it not");
    assert_eq!(page.axe_violations(), Vec::<String>::new());
    compare_with(&page, "renamed");
    page.wait_for_text("Used by another stack");
    page.wait_for_text("payments-alarms-prod imports payments-api-prod-FunctionName");
    // The stack with something to decide stands before the others.
    let text = page.text();
    let place = |words: &str| text.find(words).unwrap();
    assert!(place("Used by another stack") < place("payments-alarms-prod against"));
}

#[test]
fn files_of_this_computer_take_the_place_of_what_runs() {
    let bank = Bank::open(QUICK);
    let template = bank.file("payments", TEMPLATE);
    let edited = template.replace("MemorySize: 1024", "MemorySize: 3008");
    assert_ne!(template, edited);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    show(&page, "/compare?service=payments-api&left=qa&right=qa");
    page.wait_for_text("payments-alarms");
    page.click("button", Name::Has("Right side: point"));
    page.click("option", Name::Has("with files"));
    page.find("button", Name::Has("Right side: choose files"));
    // What a dialog of the desktop would hand over.
    let choose = "const data = new DataTransfer();\
        data.items.add(new File([arguments[0]], 'payments-api.yaml'));\
        const input = document.querySelector('input[type=file]');\
        input.files = data.files;\
        input.dispatchEvent(new Event('change', { bubbles: true }));";
    page.session().script(choose, &json!([edited])).unwrap();
    page.wait_for_text("qa with payments-api.yaml");
    page.wait_for_text("3008");
    page.find("button", Name::Has("payments-api.yaml"));
}

#[test]
fn an_entry_of_a_nested_stack_opens_its_own_template_at_its_line() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    show(&page, "/compare?service=cards&left=qa&right=dev");
    page.click("button", Name::Has("of VaultTable at line"));
    page.wait_for("the template of the nested stack", || {
        // The editors stand in a tree of their own.
        let lines = "const all = document.querySelector('.raw').shadowRoot;\
            return [...all.querySelectorAll('.cm-content')].map((one) => one.textContent);";
        let texts = page.session().script(lines, &json!([])).ok()?.to_string();
        (texts.contains("VaultTable") && !texts.contains("CardsRole")).then_some(())
    });
}
