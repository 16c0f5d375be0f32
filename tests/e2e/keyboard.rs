//! The main job without a mouse.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::journey::wait_for_state;
use interlock_acceptance::keys::{CONTROL, DOWN, ENTER, HOME, RIGHT, TAB};
use interlock_acceptance::matrix::{wait_for_versions, wait_until_gone};
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::question;
use interlock_acceptance::window::Desk;

/// More stops than any screen has between two of its controls.
const STOPS: usize = 140;

/// Whether the focus is on something of the role whose name has the words.
fn is_on(page: &Page, role: &str, name: &str) -> bool {
    let (found, label) = page.focus();
    found == role && label.to_lowercase().contains(&name.to_lowercase())
}

/// Presses Tab until the focus is there.
fn tab_to(page: &Page, role: &str, name: &str) {
    let mut met = Vec::new();
    page.wait_for(&format!("a {role} {name:?} to be there"), || {
        page.all(role, Name::Has(name)).pop()
    });
    for _ in 0..STOPS {
        if is_on(page, role, name) {
            return;
        }
        page.press(&[TAB]);
        met.push(page.focus());
    }
    panic!("{role} {name:?} is not reached by Tab; there were {met:?}");
}

/// Reaches a control that can be used, and presses Enter.
fn enter(page: &Page, role: &str, name: &str) {
    page.wait_for(&format!("{role} {name:?} that can be used"), || {
        let found = page.all(role, Name::Has(name)).pop()?;
        page.is_enabled(&found).then_some(())
    });
    tab_to(page, role, name);
    page.press(&[ENTER]);
}

fn type_text(page: &Page, text: &str) {
    page.press(&text.chars().collect::<Vec<_>>());
}

fn act_as(page: &Page, person: &str) {
    enter(page, "button", "Acting as");
    page.find("menuitem", Name::Has(person));
    for _ in 0..8 {
        if is_on(page, "menuitem", person) {
            break;
        }
        page.press(&[DOWN]);
    }
    assert!(is_on(page, "menuitem", person), "{:?}", page.focus());
    page.press(&[ENTER]);
    page.find("button", Name::Has(&format!("Acting as {person}")));
}

#[test]
fn the_main_job_is_done_by_keyboard_alone() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.find("button", Name::Has("Acting as Ana Ruiz"));

    tab_to(&page, "searchbox", "Filter services");
    type_text(&page, "payments-api");
    wait_until_gone(&page, "limits");
    tab_to(&page, "gridcell", "");
    page.chord(&[CONTROL], &[HOME]);
    page.press(&[RIGHT, RIGHT, ENTER]);
    page.find("complementary", "payments-api in prod");
    enter(&page, "button", "Promote 9.3.1 to prod");
    enter(&page, "button", "Prepare promotion to prod");
    enter(&page, "button", "Request approval for prod");
    wait_for_state(&page, "waiting for approval");

    act_as(&page, "Luis Prado");
    enter(&page, "button", "Approve as Luis Prado");
    question::agree("Approve for prod?");
    // Whoever approved it cannot start it as well.
    page.find("button", "Promote payments-api to prod");
    act_as(&page, "Ana Ruiz");
    enter(&page, "button", "Promote payments-api to prod");
    page.find("alertdialog", Name::Any);
    page.wait_for("the field to have the focus", || {
        is_on(&page, "textbox", "Type prod to confirm").then_some(())
    });
    type_text(&page, "prod");
    page.press(&[ENTER]);
    question::agree("Start in prod?");
    wait_for_state(&page, "Applied, stable, verified");

    enter(&page, "link", "Audit");
    page.find("heading", "Audit");
    page.wait_for_text("payments-api");
    enter(&page, "button", "approved manifest");
    page.wait_for_text("leaf");
}
