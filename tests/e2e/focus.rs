//! Where the keyboard is: it is seen at every stop, it comes back, and it is never lost.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::journey::wait_for_state;
use interlock_acceptance::keys::{
    CONTROL, DOWN, END, ENTER, ESCAPE, HOME, PAGE_DOWN, RIGHT, SHIFT, TAB,
};
use interlock_acceptance::matrix::wait_for_versions;
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::screens::show;
use interlock_acceptance::window::Desk;
use serde_json::{Value, json};

/// What is seen of the element with the focus, and a word for it; nothing at the page's end.
const STOP: &str = r"
let e = document.activeElement;
while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
if (!e || e === document.body) return null;
const box = e.getBoundingClientRect();
const drawn = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
const around = [e, e.closest('.box'), e.closest('.cm-editor')].filter(Boolean);
return {
  name: `${e.tagName} ${(e.ariaLabel ?? e.textContent).trim().slice(0, 40)}`,
  ring: around.some((one) => drawn(getComputedStyle(one))),
  inside: box.width > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
};";

/// More stops than any screen has.
const STOPS: usize = 90;

fn script(page: &Page, text: &str) -> Value {
    page.session().script(text, &json!([])).unwrap()
}

/// Walks once around the page with Tab; tells stops that are not seen, and whether the walk closed.
fn unseen_stops(page: &Page, address: &str) -> Vec<String> {
    script(page, "document.activeElement?.blur()");
    let mut bad = Vec::new();
    let mut first = None;
    for _ in 0..STOPS {
        page.press(&[TAB]);
        let stop = script(page, STOP);
        let Some(name) = stop["name"].as_str().map(str::to_owned) else {
            continue;
        };
        if first.as_ref() == Some(&name) {
            return bad;
        }
        first.get_or_insert_with(|| name.clone());
        if stop["ring"] != true || stop["inside"] != true {
            bad.push(format!("{address}: {stop}"));
        }
    }
    bad.push(format!("{address}: Tab does not come around"));
    bad
}

fn focused_row(page: &Page) -> String {
    let text = "return document.activeElement.closest('.mx-row')?.querySelector('.mx-service').textContent ?? ''";
    script(page, text).as_str().unwrap_or_default().to_owned()
}

fn wait_for_row(page: &Page, service: &str) {
    page.wait_for(&format!("the focus on a cell of {service}"), || {
        (focused_row(page) == service).then_some(())
    });
}

fn wait_for_focus(page: &Page, role: &str, name: &str) {
    page.wait_for(&format!("the focus on {role} {name:?}"), || {
        let (found, label) = page.focus();
        (found == role && label.contains(name)).then_some(())
    });
}

/// The focus goes onto an element that a selector names, as if Tab had gone there.
fn focus_on(page: &Page, selector: &str) {
    let text = "document.querySelector(arguments[0]).focus()";
    page.session().script(text, &json!([selector])).unwrap();
}

fn wait_until_gone(page: &Page, role: &str) {
    page.wait_for(&format!("the {role} to close"), || {
        page.all(role, Name::Any).is_empty().then_some(())
    });
}

#[test]
fn every_stop_of_the_tab_key_is_seen_and_none_is_a_trap() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.find("button", "Refresh");
    let compare = "/compare?service=payments-api&left=prod&right=qa";
    let mut bad = Vec::new();
    for address in [
        "/environments".to_owned(),
        "/environments?service=payments-api&environment=prod".to_owned(),
        compare.to_owned(),
        format!("{compare}&tab=variables"),
        format!("{compare}&tab=raw"),
        "/promotions".to_owned(),
        "/audit".to_owned(),
        "/settings".to_owned(),
    ] {
        show(&page, &address);
        page.wait_for("what is loading", || {
            (!page.text().contains("Loading ")).then_some(())
        });
        bad.extend(unseen_stops(&page, &address));
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn escape_closes_what_lies_above_and_the_focus_goes_back_to_what_opened_it() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.find("button", "Refresh");

    // From a cell: the palette, the keys, the drawer, the question before a promotion, a refusal.
    focus_on(&page, "[role=gridcell][tabindex='0']");
    page.chord(&[CONTROL], &[HOME]);
    page.press(&[DOWN, DOWN, DOWN, RIGHT, RIGHT]);
    wait_for_row(&page, "payments-api");
    page.chord(&[CONTROL], &['k']);
    page.find("dialog", "Search and commands");
    page.press(&[ESCAPE]);
    wait_for_row(&page, "payments-api");
    page.press(&['?']);
    page.find("dialog", "Keys");
    page.press(&[ESCAPE]);
    wait_for_row(&page, "payments-api");
    page.press(&[ENTER]);
    page.find("complementary", "payments-api in prod");
    page.press(&[ESCAPE]);
    wait_until_gone(&page, "complementary");
    wait_for_row(&page, "payments-api");
    page.chord(&[SHIFT], &[ENTER]);
    page.find("alertdialog", Name::Any);
    // What waits for an answer is not covered by the palette.
    page.chord(&[CONTROL], &['k']);
    assert!(page.all("dialog", "Search and commands").is_empty());
    page.press(&[ESCAPE]);
    wait_until_gone(&page, "alertdialog");
    wait_for_row(&page, "payments-api");
    page.press(&[DOWN]);
    wait_for_row(&page, "transfers");
    page.chord(&[SHIFT], &[ENTER]);
    page.find("dialog", "Why transfers cannot be promoted to prod");
    page.press(&[ESCAPE]);
    wait_for_row(&page, "transfers");

    // From the top bar.
    for (selector, layer, name) in [
        (".sources", "dialog", "Freshness"),
        (".me", "menu", "Acting as"),
        (".team button", "listbox", "Team"),
    ] {
        focus_on(&page, selector);
        page.press(&[ENTER]);
        page.find(layer, Name::Any);
        page.press(&[ESCAPE]);
        wait_until_gone(&page, layer);
        wait_for_focus(&page, "button", name);
    }
}

#[test]
fn the_focus_stays_near_when_what_had_it_goes_away() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.find("button", Name::Has("Acting as Ana Ruiz"));

    // A row that is filtered away, with the focus in it.
    focus_on(&page, "[role=gridcell][tabindex='0']");
    page.chord(&[CONTROL], &[END]);
    page.press(&[HOME]);
    show(&page, "/environments?filter=payments-api");
    wait_for_row(&page, "payments-api");

    // A matrix that was scrolled by the mouse is still reached by Tab and walked from there.
    show(&page, "/environments");
    script(&page, "document.activeElement.blur()");
    script(&page, "document.querySelector('.matrix').scrollTop = 0");
    page.wait_until_still();
    focus_on(&page, "[role=gridcell][tabindex='0']");
    page.chord(&[CONTROL], &[HOME]);
    wait_for_row(&page, "customer-portal");
    script(&page, "document.querySelector('.matrix').scrollTop = 99999");
    page.wait_until_still();
    page.press(&[PAGE_DOWN]);
    page.wait_for("the focus on a cell in view", || {
        (!focused_row(&page).is_empty() && script(&page, STOP)["inside"] == true).then_some(())
    });

    // Controls that a step of a promotion takes away.
    show(&page, "/environments?service=payments-api&environment=prod");
    page.find("complementary", "payments-api in prod");
    page.click("button", "Promote 9.3.1 to prod");
    page.find("alertdialog", Name::Any);
    wait_for_focus_inside_dialog(&page);
    focus_on(&page, ".dialog .btn.primary");
    page.press(&[ENTER]);
    page.find("button", "Request approval for prod");
    page.wait_for("the focus on the screen", || {
        script(
            &page,
            "return document.activeElement.closest('main') !== null",
        )
        .as_bool()
        .filter(|kept| *kept)
    });
    focus_on(&page, "aside .btn.primary");
    page.press(&[ENTER]);
    wait_for_state(&page, "waiting for approval");
    wait_for_focus(&page, "complementary", "Decision");
}

fn wait_for_focus_inside_dialog(page: &Page) {
    page.wait_for("the focus in the dialog", || {
        let text = "return document.activeElement.closest('[role=alertdialog]') !== null";
        script(page, text).as_bool().filter(|inside| *inside)
    });
}
