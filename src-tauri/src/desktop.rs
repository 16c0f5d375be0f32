//! The Tauri application: one window, its commands, its events.

use crate::commands;
use crate::confirm::Confirmer;
use crate::core::{Core, OpenCore};
use crate::first;
use crate::links::{self, Browser};
use crate::notices::{self, Notifier};
use interlock_contract::commands::Commands;
use interlock_contract::error::ErrorEnvelope;
use interlock_contract::events::{CHANNEL, HostEvent};
use interlock_contract::first::FirstLook;
use interlock_contract::visible::to_visible_json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tauri::{
    App, AppHandle, Context, Emitter as _, Manager as _, Runtime, WebviewWindowBuilder, Wry,
};
use tokio::sync::Notify;

/// Label of the one window; capabilities name it.
pub const MAIN_WINDOW: &str = "main";

/// The compiled configuration: window, security policy, permissions, the built user interface.
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// How long the window waits to be opened with the last known state; without it, it asks.
const FIRST_LOOK_WAIT: Duration = Duration::from_millis(200);

/// What the user's desktop does for the window.
#[derive(Clone)]
pub struct Doors {
    /// Opens addresses.
    pub browser: Browser,
    /// Asks the decisive question.
    pub confirmer: Confirmer,
    /// Tells what waits.
    pub notifier: Notifier,
}

impl Doors {
    /// Those of the desktop that this runs on.
    pub fn of_the_desktop() -> Self {
        Self {
            browser: Browser::system(),
            confirmer: Confirmer::native(),
            notifier: Notifier::desktop(),
        }
    }
}

/// Builds the application over a core that is still to be opened.
///
/// Generic over the runtime so that tests run it without a display.
pub fn build<R, C, O, F>(
    builder: tauri::Builder<R>,
    context: Context<R>,
    doors: Doors,
    open: O,
) -> tauri::Result<App<R>>
where
    R: Runtime,
    C: Commands + 'static,
    O: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Result<OpenCore<C>, ErrorEnvelope>> + Send + 'static,
{
    let (core, opener) = Core::pending();
    let Doors {
        browser,
        confirmer,
        notifier,
    } = doors;
    let watched = core.clone();
    let app = builder
        .invoke_handler(commands::handler(core.clone(), browser, confirmer))
        .setup(move |app| {
            let wait = core.first_look(FIRST_LOOK_WAIT);
            let known = tauri::async_runtime::block_on(wait);
            open_window(app, known.as_deref())
        })
        .build(context)?;
    // By now a second start of the same console has ended; until the window is made, the core opens.
    let woken = Arc::new(Notify::new());
    let (front, shown) = (app.handle().clone(), app.handle().clone());
    tauri::async_runtime::spawn(notices::watch(
        watched,
        Arc::clone(&woken),
        notifier,
        move || is_in_front(&front),
        move |promotion| show(&shown, Some(promotion)),
    ));
    let handle = app.handle().clone();
    tauri::async_runtime::spawn(opener.run(open, move |event| {
        woken.notify_one();
        deliver(&handle, event);
    }));
    Ok(app)
}

/// Makes the one window, with the last known state in it: see decision 0005.
fn open_window<R: Runtime>(
    app: &App<R>,
    known: Option<&FirstLook>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut configured = app.config().app.windows.iter();
    let main = configured
        .find(|window| window.label == MAIN_WINDOW)
        .ok_or("the configuration has no main window")?;
    let mut window = WebviewWindowBuilder::from_config(app, main)?;
    if let Some(known) = known {
        window = window.initialization_script(first::script(known)?);
    }
    window.build()?;
    Ok(())
}

/// Adds what only a real desktop has: one window per data directory, and links into it.
pub fn on_desktop(builder: tauri::Builder<Wry>, data: &Path) -> tauri::Builder<Wry> {
    let one_instance = tauri_plugin_single_instance::Builder::new()
        .dbus_id(bus_name(data))
        .callback(|app, arguments, _| {
            show(
                app,
                arguments
                    .iter()
                    .find_map(|argument| links::promotion_of(argument)),
            );
        })
        .build();
    builder.plugin(one_instance)
}

/// The name under which a running window is found: another data directory is another console.
fn bus_name(data: &Path) -> String {
    let place = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    let digest = Sha256::digest(place.as_os_str().as_encoded_bytes());
    let mut name = String::from("io.interlock.console.d");
    for byte in digest.iter().take(8) {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// Brings the window to the front and, if asked, shows one promotion.
pub fn show<R: Runtime>(app: &AppHandle<R>, promotion: Option<String>) {
    let Some(window) = app.get_webview_window(MAIN_WINDOW) else {
        return;
    };
    let shown = window
        .unminimize()
        .and_then(|()| window.set_focus())
        .and_then(|()| match promotion {
            Some(id) => {
                let mut page = window.url()?;
                page.set_fragment(Some(&links::promotion_fragment(&id)));
                window.navigate(page)
            }
            None => Ok(()),
        });
    if let Err(error) = shown {
        tracing::warn!("the window could not be brought to the front: {error}");
    }
}

fn is_in_front<R: Runtime>(app: &AppHandle<R>) -> bool {
    let window = app.get_webview_window(MAIN_WINDOW);
    window.is_some_and(|window| window.is_focused().unwrap_or(false))
}

fn deliver<R: Runtime>(app: &AppHandle<R>, event: HostEvent) {
    let told = to_visible_json(&event)
        .map_err(tauri::Error::from)
        .and_then(|event| app.emit_str_to(MAIN_WINDOW, CHANNEL, event));
    if let Err(error) = told {
        tracing::warn!("an event did not reach the window: {error}");
    }
}
