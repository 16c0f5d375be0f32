//! A core that answers by rule, and a shell around it without a display.

use interlock_contract::commands::Commands;
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_contract::estate::IdentityView;
use interlock_contract::events::HostEvent;
use interlock_contract::promotion::{PromotionView, PromotionsView};
use interlock_contract::{Nothing, with_commands};
use interlock_desktop::confirm::{Confirmer, Question};
use interlock_desktop::core::OpenCore;
use interlock_desktop::desktop::{self, Doors};
use interlock_desktop::links::Browser;
use interlock_desktop::notices::{Notice, Notifier};
use serde_json::{Value, json};
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::MockRuntime;
use tauri::webview::InvokeRequest;
use tauri::{App, Manager as _, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tokio::sync::broadcast;

/// Refuses every command with `not-found` and its own name, but for those below.
#[derive(Default)]
pub struct Fake {
    /// What is otherwise about the one promotion: set fields of its view.
    pub twist: Arc<Mutex<Vec<(&'static str, Value)>>>,
    /// Which decisions reached the core.
    pub reached: Arc<Mutex<Vec<&'static str>>>,
    /// How many promotions wait in the inbox.
    pub waiting: Arc<AtomicUsize>,
    /// How often somebody looked into it.
    pub looks: Arc<AtomicUsize>,
}

/// A host that the fake's estate names.
pub const KNOWN_LINK: &str = "https://jenkins.example/job/portal/";

pub fn envelope(code: ErrorCode, message: &str) -> ErrorEnvelope {
    ErrorEnvelope {
        code,
        message: message.into(),
        hints: vec!["a hint".into()],
        retryable: true,
        location: None,
        correlation: "c-1".into(),
    }
}

macro_rules! fake_rows {
    ($($name:ident: $request:ty => $response:ty, $effect:ident;)*) => {
        impl Commands for Fake {
            $(fake_rows!(@one $name, $request, $response);)*
        }
    };
    (@one overview_cancel, $request:ty, $response:ty) => {
        async fn overview_cancel(&self, _: $request) -> Result<$response, ErrorEnvelope> {
            Ok(Nothing {})
        }
    };
    (@one overview_refresh, $request:ty, $response:ty) => {
        async fn overview_refresh(&self, _: $request) -> Result<$response, ErrorEnvelope> {
            panic!("a defect")
        }
    };
    (@one open_link, $request:ty, $response:ty) => {
        async fn open_link(&self, request: $request) -> Result<$response, ErrorEnvelope> {
            if request.url == KNOWN_LINK || request.url.starts_with("file:") {
                Ok(Nothing {})
            } else {
                Err(envelope(ErrorCode::Forbidden, "the estate does not name this host"))
            }
        }
    };
    (@one promotion_view, $request:ty, $response:ty) => {
        async fn promotion_view(&self, _: $request) -> Result<$response, ErrorEnvelope> {
            Ok(twisted(&self.twist.lock().unwrap()))
        }
    };
    (@one promotions_view, $request:ty, $response:ty) => {
        async fn promotions_view(&self, _: $request) -> Result<$response, ErrorEnvelope> {
            let promotions: Vec<_> = (0..self.waiting.load(Ordering::Relaxed))
                .map(|_| promotion().summary)
                .collect();
            let needs_me = u32::try_from(promotions.len()).unwrap();
            self.looks.fetch_add(1, Ordering::Relaxed);
            Ok(PromotionsView { promotions, needs_me })
        }
    };
    (@one identity_view, $request:ty, $response:ty) => {
        async fn identity_view(&self, _: $request) -> Result<$response, ErrorEnvelope> {
            Ok(IdentityView {
                person: Some("l.prado".into()),
                name: "Luis Prado".into(),
                role: "release manager".into(),
                identities: Vec::new(),
                mismatch: None,
            })
        }
    };
    (@one promotion_approve, $request:ty, $response:ty) => {
        async fn promotion_approve(&self, _: $request) -> Result<$response, ErrorEnvelope> {
            self.reached.lock().unwrap().push("promotion_approve");
            Ok(promotion())
        }
    };
    (@one $name:ident, $request:ty, $response:ty) => {
        async fn $name(&self, _: $request) -> Result<$response, ErrorEnvelope> {
            self.reached.lock().unwrap().push(stringify!($name));
            Err(envelope(ErrorCode::NotFound, stringify!($name)))
        }
    };
}
with_commands!(fake_rows);

/// The digest of the one promotion that the fake knows.
pub const DIGEST: &str = "3f2a9c1d77e0";

fn promotion() -> PromotionView {
    serde_json::from_value(json!({
        "summary": {
            "id": "PR-1", "title": "cards", "services": ["cards"],
            "from": "qa", "to": "prod", "version": "9.3.1",
            "via": "cloudformation", "state": "waiting for approval", "tone": "waiting",
            "requestedBy": "Ana Ruiz", "createdAt": "2026-01-01T00:00:00Z",
            "updatedAt": "2026-01-01T00:00:00Z", "digestShort": "3f2a 9c1d 77e0",
            "waitingOn": null, "group": "needs-me",
        },
        "digest": DIGEST,
        "elements": [
            { "group": "cards-prod", "name": "account", "value": "333333333333" },
            { "group": "cards-alarms-prod", "name": "account", "value": "333333333333" },
        ],
        "manifest": "", "changeSets": [], "changeNote": null,
        "services": [{
            "service": "cards", "version": "9.3.1", "commit": null, "via": "cloudformation",
            "after": [], "stacks": ["cards-prod", "cards-alarms-prod"], "note": null,
            "commits": [], "commitsNote": null, "originNote": null,
        }],
        "gates": [], "approvalsNeeded": 1, "approvalsHave": 0, "people": [], "voided": null,
        "waivers": [], "owners": [],
        "actions": [
            { "action": "approve", "label": "Approve", "enabled": true, "reason": null, "confirm": null },
            { "action": "execute", "label": "Promote", "enabled": true, "reason": null, "confirm": null },
            { "action": "waive", "label": "Waive", "enabled": true, "reason": null, "confirm": null },
            { "action": "break-glass", "label": "Break", "enabled": true, "reason": null, "confirm": "prod" },
        ],
        "run": null, "record": [],
    }))
    .unwrap()
}

/// The promotion with some of its fields set, named as a JSON pointer.
fn twisted(twists: &[(&'static str, Value)]) -> PromotionView {
    let mut view = serde_json::to_value(promotion()).unwrap();
    for (place, value) in twists {
        *view.pointer_mut(place).unwrap() = value.clone();
    }
    serde_json::from_value(view).unwrap()
}

/// The shell over a core, on the mock runtime, with the real configuration and permissions.
pub struct Shell {
    pub app: App<MockRuntime>,
    pub opened_links: Arc<Mutex<Vec<String>>>,
    /// What the person was asked, outside the page.
    pub asked: Arc<Mutex<Vec<Question>>>,
    /// What the person says to it.
    pub agrees: Arc<AtomicBool>,
    /// What the desktop told.
    pub notices: Arc<Mutex<Vec<Notice>>>,
    pub events: broadcast::Sender<HostEvent>,
}

impl Shell {
    /// Starts over the fake core.
    pub fn start() -> Self {
        Self::start_on(Fake::default())
    }

    /// Starts over a fake core that the test keeps an eye on.
    pub fn start_on(fake: Fake) -> Self {
        let (events, receiver) = broadcast::channel(4);
        let open = OpenCore {
            commands: Arc::new(fake),
            events: receiver,
            first_look: None,
        };
        Self::start_with(events, once(async { Ok(open) }))
    }

    /// Starts over a core that opens as given.
    pub fn start_with<F>(
        events: broadcast::Sender<HostEvent>,
        open: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<OpenCore<Fake>, ErrorEnvelope>> + Send + 'static,
    {
        let opened_links = Arc::new(Mutex::new(Vec::new()));
        let links = Arc::clone(&opened_links);
        let browser = Browser::with(move |url| {
            links.lock().unwrap().push(url.to_owned());
            Ok(())
        });
        let (asked, agrees) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let (questions, answer): (Arc<Mutex<Vec<Question>>>, _) =
            (Arc::clone(&asked), Arc::clone(&agrees));
        let confirmer = Confirmer::with(move |question, _| {
            questions.lock().unwrap().push(question);
            Box::pin(std::future::ready(answer.load(Ordering::Relaxed)))
        });
        let notices: Arc<Mutex<Vec<Notice>>> = Arc::default();
        let told = Arc::clone(&notices);
        let notifier = Notifier::with(move |notice, _| told.lock().unwrap().push(notice));
        let doors = Doors {
            browser,
            confirmer,
            notifier,
        };
        let builder = tauri::test::mock_builder();
        let mut app = desktop::build(builder, desktop::context(), doors, open).unwrap();
        // The first turn of the loop makes the window and runs the set-up.
        #[expect(deprecated, reason = "the mock runtime has no other way to turn once")]
        app.run_iteration(|_, _| {});
        Self {
            app,
            opened_links,
            asked,
            agrees,
            notices,
            events,
        }
    }

    pub fn main_window(&self) -> WebviewWindow<MockRuntime> {
        self.app.get_webview_window(desktop::MAIN_WINDOW).unwrap()
    }

    /// How many windows there are.
    pub fn windows(&self) -> usize {
        self.app.webview_windows().len()
    }

    /// A window that no capability names.
    pub fn other_window(&self) -> WebviewWindow<MockRuntime> {
        WebviewWindowBuilder::new(&self.app, "other", WebviewUrl::default())
            .build()
            .unwrap()
    }
}

/// An attempt to open that can be made once.
pub fn once<F: Future>(attempt: F) -> impl Fn() -> F {
    let attempt = Mutex::new(Some(attempt));
    move || attempt.lock().unwrap().take().unwrap()
}

/// Calls a command as the user interface does: the request under `request`.
pub fn call(
    window: &WebviewWindow<MockRuntime>,
    command: &str,
    request: Value,
) -> Result<Value, Value> {
    call_with(
        window,
        command,
        InvokeBody::Json(json!({ "request": request })),
    )
}

/// Calls a command with any body.
pub fn call_with(
    window: &WebviewWindow<MockRuntime>,
    command: &str,
    body: InvokeBody,
) -> Result<Value, Value> {
    call_from("tauri://localhost", window, command, body)
}

/// Calls a command as a page of this address would, should it come into the window.
pub fn call_from(
    page: &str,
    window: &WebviewWindow<MockRuntime>,
    command: &str,
    body: InvokeBody,
) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: page.parse().unwrap(),
        body,
        headers: tauri::http::HeaderMap::default(),
        invoke_key: tauri::test::INVOKE_KEY.to_owned(),
    };
    tauri::test::get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}
