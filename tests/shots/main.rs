//! Takes pictures of every screen and of the states that matter, in the real window on a practice
//! bank. `make demo-shots` takes all of them, light and dark, small and large; `make screens` takes
//! those of `docs/screens`. A person looks at them.

mod album;

use album::Album;
use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::journey::{self, Promotion, RUN_PATIENCE, wait_for_state};
use interlock_acceptance::keys::{CONTROL, ESCAPE};
use interlock_acceptance::matrix::wait_for_versions;
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::screens::{act_as, go_to, show};
use interlock_acceptance::window::Desk;
use serde_json::json;
use std::fs;
use std::path::PathBuf;

/// Where the template of the stack payments-api lies in the repository `payments`.
const TEMPLATE: &str = "templates/lambda/payments-api.yaml";

/// A pace at which a run is still running when its pictures are taken.
const SLOW: f64 = 3.0;

/// What is taken together, and its name.
type Part = (&'static str, fn(&Album));

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let folder = PathBuf::from(words.first().map_or("shots", String::as_str));
    let album = Album::new(
        folder.clone(),
        words.iter().any(|word| word == "--documents"),
    );
    let parts: [Part; 5] = [
        ("looking-around", looking_around),
        ("running", running),
        ("together", together),
        ("ended", ended),
        ("in-trouble", in_trouble),
    ];
    // Without a name every part is taken.
    let named = |name: &str| words.iter().skip(1).any(|word| word == name);
    let all = !parts.iter().any(|(name, _)| named(name));
    for (name, take) in parts {
        if all || named(name) {
            take(&album);
        }
    }
    #[expect(clippy::print_stdout, reason = "this program talks to a person")]
    {
        println!("the pictures are in {}", folder.display());
    }
}

fn wait_for_the_matrix(page: &Page) {
    wait_for_versions(page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.find("button", "Refresh");
}

/// What is seen before anything is begun.
fn looking_around(album: &Album) {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    // A branch that exports the function's name under another name.
    let template = bank.file("payments", TEMPLATE);
    let renamed = template.replace("-FunctionName\n", "-Function\n");
    bank.push("payments", "renamed", TEMPLATE, renamed.as_bytes());
    let page = desk.open_with(&bank.words());
    wait_for_the_matrix(&page);
    act_as(&page, "Ana Ruiz");
    album.take(&page, "environments");
    let places = [
        ("differences", "/environments?view=differences"),
        (
            "drawer",
            "/environments?service=payments-api&environment=prod",
        ),
        (
            "compare",
            "/compare?service=payments-api&left=prod&right=qa",
        ),
        (
            "compare-everything",
            "/compare?service=payments-api&left=prod&right=qa&show=everything",
        ),
        (
            "compare-variables",
            "/compare?service=payments-api&left=prod&right=qa&tab=variables",
        ),
        (
            "compare-all-variables",
            "/compare?service=payments-api&left=prod&right=qa&tab=variables&show=everything",
        ),
        (
            "compare-past",
            "/compare?service=payments-api&left=prod%402026-01-01T00%3A00%3A00Z&right=prod",
        ),
        (
            "compare-commits",
            "/compare?service=payments-api&left=prod&right=qa&tab=commits",
        ),
        (
            "compare-importers",
            "/compare?service=payments-api&left=prod&right=renamed%40prod",
        ),
        (
            "compare-raw",
            "/compare?service=payments-api&left=prod&right=qa&tab=raw",
        ),
    ];
    for (name, address) in places {
        show(&page, address);
        page.wait_for("what is loading", || {
            let loads = page.text().contains("Loading ");
            (!loads).then_some(())
        });
        if name == "compare-all-variables" {
            page.click("button", Name::Is("All environments"));
            page.wait_for_text("ReservedConcurrency");
        }
        if name == "compare-commits" {
            page.click("button", Name::Has("Where "));
            page.wait_for_text("prod has it not");
        }
        album.take(&page, name);
    }
    go_to(&page, "Settings");
    page.click("button", "Test every connection");
    page.find("button", "Test again");
    album.take(&page, "settings");
    show(&page, "/environments");
    page.chord(&[CONTROL], &['k']);
    page.find("dialog", "Search and commands");
    // Behind a dialog nothing can be pressed, so its pictures keep the theme.
    page.wait_until_still();
    page.press(&['p', 'a', 'y']);
    album.take_as_it_is(&page, "palette");
    page.press(&[ESCAPE]);
}

fn bring_to_run(page: &Page, album: Option<&Album>, promotion: &Promotion) {
    let picture = |name: &str| {
        if let Some(album) = album {
            album.take(page, name);
        }
    };
    act_as(page, "Ana Ruiz");
    journey::prepare(page, promotion);
    picture("draft");
    journey::request(page, promotion);
    picture("waiting-as-requester");
    act_as(page, "Luis Prado");
    go_to(page, "Promotions");
    picture("inbox");
    journey::open_from_inbox(page, promotion);
    picture("decide");
    journey::approve(page, promotion);
    journey::start(page, promotion);
}

/// Runs that go on.
fn running(album: &Album) {
    let bank = Bank::open(SLOW);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_the_matrix(&page);
    bring_to_run(&page, Some(album), &Promotion::new("payments-api", "prod"));
    wait_for_state(&page, "_COMPLETE");
    album.take(&page, "running-cloudformation");
    bring_to_run(&page, None, &Promotion::new("customer-portal", "prod"));
    page.wait_up_to(RUN_PATIENCE, "the pipeline's question", || {
        page.text().contains("Deploy to prod?").then_some(())
    });
    album.take(&page, "running-jenkins");
}

/// Services that go together: chosen, decided, and one of them failing.
fn together(album: &Album) {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_the_matrix(&page);
    act_as(&page, "Ana Ruiz");
    page.click("button", Name::Has("Promote what qa runs to prod"));
    page.find("alertdialog", Name::Any);
    // The theme is not changed while a dialog is open.
    album.take_as_it_is(&page, "together-chosen");
    page.press(&[ESCAPE]);
    bank.fail_next(&json!({
        "stack": "payments-api-prod", "resource": "PaymentsFn", "times": 1,
        "reason": "Resource handler returned message: the reserved concurrency is above the account's limit",
    }));
    let promotion = journey::prepare_two(&page, "customer-portal", "payments-api", "prod");
    album.take(&page, "together-draft");
    journey::request(&page, &promotion);
    act_as(&page, "Luis Prado");
    journey::open_from_inbox(&page, &promotion);
    journey::approve(&page, &promotion);
    journey::start(&page, &promotion);
    page.wait_up_to(RUN_PATIENCE, "the pipeline's question", || {
        page.text().contains("Deploy to prod?").then_some(())
    });
    page.click("button", "Deploy");
    wait_for_state(&page, "It ended as");
    album.take(&page, "together-partially-applied");
}

/// Runs that have ended, well and badly, and what is recorded of them.
fn ended(album: &Album) {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_the_matrix(&page);
    bank.fail_next(&json!({
        "stack": "payments-api-prod", "resource": "PaymentsFn", "times": 1,
        "reason": "Resource handler returned message: the reserved concurrency is above the account's limit",
    }));
    bring_to_run(&page, None, &Promotion::new("payments-api", "prod"));
    wait_for_state(&page, "It ended as");
    album.take(&page, "failed");
    bring_to_run(&page, None, &Promotion::new("transactions-table", "prod"));
    wait_for_state(&page, "Applied, stable, verified");
    album.take(&page, "verified");
    go_to(&page, "Promotions");
    album.take(&page, "promotions");
    go_to(&page, "Audit");
    album.take(&page, "audit");
    page.click("button", Name::Has("approved manifest"));
    album.take(&page, "audit-entry");
}

/// Servers that are gone, and an estate file with a fault.
fn in_trouble(album: &Album) {
    let desk = Desk::new();
    let file = desk.data().join("interlock.toml");
    let words = ["--estate".to_owned(), file.display().to_string()];
    {
        let bank = Bank::open(QUICK);
        bank.keep_estate(&file);
        let page = desk.open_with(&words);
        wait_for_the_matrix(&page);
        page.close().expect("the window closes");
    }
    let page = desk.open_with(&words);
    page.wait_for_text("No scope answers");
    page.find("button", "Refresh");
    album.take(&page, "servers-gone");
    page.close().expect("the window closes");

    let good = fs::read_to_string(&file).expect("the estate file is there");
    fs::write(&file, good.replacen("account = ", "acount = ", 1)).expect("it can be written");
    let page = desk.open_with(&words);
    page.wait_for_text("acount");
    album.take(&page, "bad-estate-file");
}
