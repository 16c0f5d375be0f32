//! The steps of a promotion as people take them in the window.

use crate::page::{Name, Page};
use crate::question;
use crate::screens::{act_as, go_to};
use std::time::Duration;

/// How long preparing and running may take on a busy machine.
pub const RUN_PATIENCE: Duration = Duration::from_mins(2);

/// Which service goes where.
#[derive(Debug, Clone)]
pub struct Promotion {
    service: String,
    to: String,
}

impl Promotion {
    /// Names a promotion of a service from qa into an environment.
    pub fn new(service: &str, to: &str) -> Self {
        Self {
            service: service.to_owned(),
            to: to.to_owned(),
        }
    }

    fn effect(&self) -> String {
        format!("Promote {} to {}", self.service, self.to)
    }
}

/// Prepares a promotion from the matrix and waits until it is shown.
pub fn prepare(page: &Page, promotion: &Promotion) {
    let Promotion { service, to } = promotion;
    go_to(page, "Environments");
    page.click(
        "button",
        format!("Promote {service} from qa to {to}").as_str(),
    );
    page.click("button", format!("Prepare promotion to {to}").as_str());
    let heading = format!("Promote {service}");
    page.wait_up_to(RUN_PATIENCE, &heading, || {
        page.all("complementary", "Decision").pop()?;
        page.all("heading", Name::Has(&heading)).into_iter().next()
    });
}

/// Prepares a promotion of two services from the cell of the first; they are named in the order of
/// the matrix.
pub fn prepare_two(page: &Page, first: &str, second: &str, to: &str) -> Promotion {
    go_to(page, "Environments");
    page.click(
        "button",
        format!("Promote {first} from qa to {to}").as_str(),
    );
    page.click("checkbox", Name::Has(second));
    page.click("button", format!("Prepare promotion to {to}").as_str());
    page.wait_up_to(RUN_PATIENCE, "the order of delivery", || {
        page.all("list", "Order of delivery").pop()
    });
    Promotion::new(&format!("{first} and {second}"), to)
}

/// Asks for approval and waits until it is recorded.
pub fn request(page: &Page, promotion: &Promotion) {
    page.click(
        "button",
        format!("Request approval for {}", promotion.to).as_str(),
    );
    wait_for_state(page, "waiting for approval");
}

/// Opens the promotion from the inbox.
pub fn open_from_inbox(page: &Page, promotion: &Promotion) {
    go_to(page, "Promotions");
    page.click("link", Name::Has(&promotion.service));
    page.find("heading", Name::Has(&promotion.service));
}

/// Approves as Luis Prado, whose window it is, and agrees to what the desktop asks.
pub fn approve(page: &Page, promotion: &Promotion) {
    page.click("button", "Approve as Luis Prado");
    question::agree(&format!("Approve for {}?", promotion.to));
}

/// Starts a promotion that was just approved, as Ana Ruiz, typing the environment's name: whoever
/// approved it cannot start it as well.
pub fn start(page: &Page, promotion: &Promotion) {
    page.find("button", promotion.effect().as_str());
    act_as(page, "Ana Ruiz");
    page.click("button", promotion.effect().as_str());
    let dialog = page.find("alertdialog", Name::Any);
    let field = format!("Type {} to confirm", promotion.to);
    page.fill("textbox", &field, &promotion.to);
    page.click_within(Some(&dialog), "button", promotion.effect().as_str());
    question::agree(&format!("Start in {}?", promotion.to));
}

/// Waits until the promotion says that it is in a state.
pub fn wait_for_state(page: &Page, state: &str) {
    page.wait_up_to(RUN_PATIENCE, &format!("the state {state}"), || {
        page.text().contains(state).then_some(())
    });
}
