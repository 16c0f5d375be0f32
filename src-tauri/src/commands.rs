//! One Tauri command for each row of the command table.
//!
//! The rows come from the table itself, so a command cannot be forgotten here. Tauri has checked
//! the calling window's permission before a message gets this far. A defect in a command (a panic) is answered like any other error: the window never waits for ever. What nobody can see in
//! a text reaches the window as a box.

use crate::confirm::{Confirmer, Decision, OnMain};
use crate::core::Core;
use crate::links::Browser;
use interlock_contract::commands::Commands;
use interlock_contract::connections::OpenLinkRequest;
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_contract::lifted::{EmergencyRequest, WaiverRequest};
use interlock_contract::promotion::{DecisionRequest, PromotionView};
use interlock_contract::visible::to_visible_json;
use interlock_contract::with_commands;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tauri::ipc::{Invoke, InvokeBody, InvokeError, InvokeResponseBody};
use tauri::{Manager as _, Runtime};
use tracing::Instrument as _;

macro_rules! dispatch {
    ($($name:ident: $request:ty => $response:ty, $effect:ident;)*) => {
        /// Names of the commands, in table order.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Makes the handler that answers every command of the table from the core.
        pub fn handler<R: Runtime, C: Commands + 'static>(
            core: Core<C>,
            browser: Browser,
            confirmer: Confirmer,
        ) -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            move |invoke| {
                match invoke.message.command() {
                    OPEN_LINK => open_link(invoke, core.clone(), browser.clone()),
                    APPROVE => decide(
                        (APPROVE, Decision::Approve),
                        invoke,
                        core.clone(),
                        confirmer.clone(),
                        |it: &DecisionRequest| (it.id.clone(), it.digest.clone()),
                        |core: Arc<C>, it| async move { core.promotion_approve(it).await },
                    ),
                    START => decide(
                        (START, Decision::Start),
                        invoke,
                        core.clone(),
                        confirmer.clone(),
                        |it: &DecisionRequest| (it.id.clone(), it.digest.clone()),
                        |core: Arc<C>, it| async move { core.promotion_execute(it).await },
                    ),
                    WAIVE => decide(
                        (WAIVE, Decision::Waive),
                        invoke,
                        core.clone(),
                        confirmer.clone(),
                        |it: &WaiverRequest| (it.id.clone(), it.digest.clone()),
                        |core: Arc<C>, it| async move { core.promotion_waive(it).await },
                    ),
                    BREAK_GLASS => decide(
                        (BREAK_GLASS, Decision::BreakGlass),
                        invoke,
                        core.clone(),
                        confirmer.clone(),
                        |it: &EmergencyRequest| (it.id.clone(), it.digest.clone()),
                        |core: Arc<C>, it| async move { core.promotion_break_glass(it).await },
                    ),
                    $(stringify!($name) => answer(
                        stringify!($name),
                        invoke,
                        core.clone(),
                        |core: Arc<C>, request: $request| async move { core.$name(request).await },
                    ),)*
                    _ => return false,
                }
                true
            }
        }
    };
}
with_commands!(dispatch);

/// The commands that need the user's desktop as well as the core.
const OPEN_LINK: &str = "open_link";
const APPROVE: &str = "promotion_approve";
const START: &str = "promotion_execute";
const WAIVE: &str = "promotion_waive";
const BREAK_GLASS: &str = "promotion_break_glass";

/// Has the person agree outside the page before the core is asked for what decides.
fn decide<R, C, Q, F>(
    (name, decision): (&'static str, Decision),
    invoke: Invoke<R>,
    core: Core<C>,
    confirmer: Confirmer,
    about: impl FnOnce(&Q) -> (String, String) + Send + 'static,
    then: impl FnOnce(Arc<C>, Q) -> F + Send + 'static,
) where
    R: Runtime,
    C: Commands + 'static,
    Q: DeserializeOwned + Send + 'static,
    F: Future<Output = Result<PromotionView, ErrorEnvelope>> + Send + 'static,
{
    let app = invoke.message.webview_ref().app_handle().clone();
    let on_main: OnMain = Box::new(move |task| {
        if let Err(error) = app.run_on_main_thread(task) {
            tracing::error!("the question could not be shown: {error}");
        }
    });
    answer(
        name,
        invoke,
        core,
        move |core: Arc<C>, request: Q| async move {
            let (id, digest) = about(&request);
            confirmer
                .confirm(&*core, decision, (&id, &digest), on_main)
                .await?;
            then(core, request).await
        },
    );
}

/// Opens a link after the core has agreed that the estate names its host.
fn open_link<R: Runtime, C: Commands + 'static>(
    invoke: Invoke<R>,
    core: Core<C>,
    browser: Browser,
) {
    answer(
        OPEN_LINK,
        invoke,
        core,
        |core: Arc<C>, request: OpenLinkRequest| async move {
            let agreed = core.open_link(request.clone()).await?;
            browser.open(&request.url)?;
            Ok(agreed)
        },
    );
}

/// Decodes the request, runs the command apart from the window's thread, and sends the answer.
fn answer<R, C, Q, A, F>(
    name: &'static str,
    invoke: Invoke<R>,
    core: Core<C>,
    command: impl FnOnce(Arc<C>, Q) -> F + Send + 'static,
) where
    R: Runtime,
    C: Commands + 'static,
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
    F: Future<Output = Result<A, ErrorEnvelope>> + Send + 'static,
{
    let request = decode::<Q>(name, invoke.message.payload());
    let span = tracing::debug_span!("command", name);
    invoke.resolver.respond_async(async move {
        let work = async move {
            let request = request?;
            command(core.ready().await?, request).await
        };
        // A task of its own turns a panic into an answer.
        let outcome = tauri::async_runtime::spawn(work.instrument(span)).await;
        outcome
            .unwrap_or_else(|error| Err(defect(name, &error.to_string())))
            .and_then(|view| {
                to_visible_json(&view).map_err(|error| defect(name, &error.to_string()))
            })
            .map(InvokeResponseBody::Json)
            .map_err(|envelope| refused(&envelope))
    });
}

/// An error for the window, its texts as visible as those of an answer.
fn refused(envelope: &ErrorEnvelope) -> InvokeError {
    let told = to_visible_json(envelope).and_then(|json| serde_json::from_str(&json));
    InvokeError(told.unwrap_or_default())
}

/// Reads the `request` argument of a message.
fn decode<Q: DeserializeOwned>(name: &str, body: &InvokeBody) -> Result<Q, ErrorEnvelope> {
    let InvokeBody::Json(arguments) = body else {
        return Err(malformed(name, "the message is not JSON"));
    };
    let Some(request) = arguments.get("request") else {
        return Err(malformed(name, "the argument `request` is missing"));
    };
    Q::deserialize(request).map_err(|error| malformed(name, &error.to_string()))
}

fn malformed(name: &str, cause: &str) -> ErrorEnvelope {
    ErrorEnvelope {
        code: ErrorCode::InvalidRequest,
        message: format!("The request of `{name}` cannot be read: {cause}."),
        hints: Vec::new(),
        retryable: false,
        location: None,
        correlation: correlation(),
    }
}

fn defect(name: &str, cause: &str) -> ErrorEnvelope {
    let correlation = correlation();
    tracing::error!(command = name, %correlation, cause, "a command broke");
    ErrorEnvelope {
        code: ErrorCode::Internal,
        message: format!("`{name}` broke because of a defect in Interlock."),
        hints: vec!["Look for the correlation id in the log and report it.".into()],
        retryable: false,
        location: None,
        correlation,
    }
}

/// Makes an id that joins an envelope of the shell to a line of the log.
pub(crate) fn correlation() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!(
        "desktop-{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}
