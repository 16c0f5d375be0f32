//! The decisive question, asked outside the web view.
//!
//! What the page shows and what it sends are two things. Before an approval is signed or a promotion
//! started, the person is asked by the desktop itself, with words that come from the core: nothing
//! that runs in the page can answer, or change what is read.

use crate::commands::correlation;
use interlock_contract::commands::Commands;
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_contract::promotion::{PromotionAction, PromotionRequest, PromotionView};
use interlock_contract::visible::visible_line;
use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::oneshot;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question itself.
    pub title: String,
    /// What it is about: environment, content, digest, person.
    pub text: String,
    /// What saying yes does.
    pub yes: String,
}

/// Runs something on the thread that owns the windows.
pub type OnMain = Box<dyn FnOnce(Box<dyn FnOnce() + Send>) + Send>;
type Answer = Pin<Box<dyn Future<Output = bool> + Send>>;
type Ask = dyn Fn(Question, OnMain) -> Answer + Send + Sync;

/// Asks the person at the desktop.
#[derive(Clone)]
pub struct Confirmer {
    ask: Arc<Ask>,
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// To approve.
    Approve,
    /// To start.
    Start,
    /// To answer for a gate that stops it.
    Waive,
    /// To let it go without all approvals.
    BreakGlass,
}

impl Confirmer {
    /// Asks with a dialog of the desktop.
    pub fn native() -> Self {
        Self::with(|question, on_main| {
            let (said, answer) = oneshot::channel();
            on_main(Box::new(move || {
                let asked = rfd::AsyncMessageDialog::new()
                    .set_level(rfd::MessageLevel::Warning)
                    .set_title(&question.title)
                    .set_description(&question.text)
                    .set_buttons(rfd::MessageButtons::OkCancelCustom(
                        question.yes.clone(),
                        "Go back".into(),
                    ))
                    .show();
                tauri::async_runtime::spawn(async move {
                    let is_yes = match asked.await {
                        rfd::MessageDialogResult::Ok | rfd::MessageDialogResult::Yes => true,
                        rfd::MessageDialogResult::Custom(button) => button == question.yes,
                        _ => false,
                    };
                    // Who asked may have gone; then nobody needs the answer.
                    let _ = said.send(is_yes);
                });
            }));
            // A dialog that could not be shown was not agreed to.
            Box::pin(async move { answer.await.unwrap_or(false) })
        })
    }

    /// Asks in the given way.
    pub fn with(ask: impl Fn(Question, OnMain) -> Answer + Send + Sync + 'static) -> Self {
        Self { ask: Arc::new(ask) }
    }

    /// Whether the person agrees to a decision about what the core holds under this id and digest.
    pub async fn confirm(
        &self,
        core: &impl Commands,
        decision: Decision,
        (id, digest): (&str, &str),
        on_main: OnMain,
    ) -> Result<(), ErrorEnvelope> {
        let about = PromotionRequest { id: id.to_owned() };
        let promotion = core.promotion_view(about).await?;
        if promotion.digest != digest {
            return Err(refusal(
                ErrorCode::ManifestMoved,
                "It was prepared again since the page was read.",
                "Read the new content, then decide.",
            ));
        }
        // What cannot be done now is refused here: let through without a question, it might have
        // become possible on its way.
        let wanted = match decision {
            Decision::Approve => PromotionAction::Approve,
            Decision::Start => PromotionAction::Execute,
            Decision::Waive => PromotionAction::Waive,
            Decision::BreakGlass => PromotionAction::BreakGlass,
        };
        let mut actions = promotion.actions.iter();
        let found = actions.find(|action| action.action == wanted);
        if !found.is_some_and(|action| action.enabled) {
            let reason = found.and_then(|action| action.reason.as_deref());
            return Err(refusal(
                ErrorCode::PreconditionFailed,
                reason.unwrap_or("It cannot be decided now."),
                "Look at the promotion again.",
            ));
        }
        let me = core.identity_view(interlock_contract::Nothing {}).await?;
        let question = question(decision, &promotion, &me.name);
        if (self.ask)(question, on_main).await {
            Ok(())
        } else {
            Err(refusal(
                ErrorCode::Cancelled,
                "You went back: nothing was signed or started.",
                "Decide again whenever you want.",
            ))
        }
    }
}

fn question(decision: Decision, promotion: &PromotionView, me: &str) -> Question {
    // Each part is foreign: none may end a line of the question or turn it round.
    let summary = &promotion.summary;
    let [from, to, id, manifest, me] = [
        &summary.from,
        &summary.to,
        &summary.id,
        &summary.digest_short,
        me,
    ]
    .map(visible_line);
    let each = promotion.services.iter().map(|part| {
        let version = part.version.as_deref().unwrap_or("of no known version");
        visible_line(&format!("{} {version}", part.service)).into_owned()
    });
    let services = each.collect::<Vec<_>>().join(", ");
    let elements = promotion.elements.iter();
    let accounts: BTreeSet<&str> = elements
        .filter(|element| element.name == "account")
        .map(|element| element.value.as_str())
        .collect();
    let account = match Vec::from_iter(accounts).join(", ") {
        none if none.is_empty() => none,
        accounts => format!(" (account {})", visible_line(&accounts)),
    };
    let (title, yes) = match decision {
        Decision::Approve => (format!("Approve for {to}?"), format!("Approve for {to}")),
        Decision::Start => (format!("Start in {to}?"), format!("Start in {to}")),
        Decision::Waive => (
            format!("Waive a gate for {to}?"),
            "Waive the gate".to_owned(),
        ),
        Decision::BreakGlass => (
            format!("Break the glass for {to}?"),
            "Break the glass".to_owned(),
        ),
    };
    Question {
        text: format!(
            "{services}, from {from} to {to}{account}\n\
             Promotion {id}, manifest {manifest}\nAs {me}",
        ),
        title,
        yes,
    }
}

fn refusal(code: ErrorCode, message: &str, hint: &str) -> ErrorEnvelope {
    ErrorEnvelope {
        code,
        message: message.into(),
        hints: vec![hint.into()],
        retryable: false,
        location: None,
        correlation: correlation(),
    }
}
