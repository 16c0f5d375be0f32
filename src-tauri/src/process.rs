//! The process before the window exists: environment variables and the log.

use interlock_host::may_be_logged;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::writer::MakeWriterExt as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Variables that let a program drive or inspect the web view.
const REMOTE_CONTROL: [&str; 3] = [
    "TAURI_WEBVIEW_AUTOMATION",
    "WEBKIT_INSPECTOR_SERVER",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
];

/// A log larger than this is put aside at the next start.
const LOG_LIMIT_BYTES: u64 = 4 * 1024 * 1024;

/// Sets the environment up for WebKit; to be called first in `main`, before any thread exists.
///
/// The window records approvals, so nobody may drive it from outside: what would allow that is
/// removed, except in test builds. WebKit's DMABUF renderer shows an empty window with some
/// graphics drivers; it stays off unless the user has said something else.
pub fn prepare_environment() {
    #[expect(
        unsafe_code,
        reason = "changing the environment is sound while there is only this thread, and GTK \
                  and WebKit read these variables from nowhere else"
    )]
    // SAFETY: called first in `main`; no other thread has been started.
    unsafe {
        if !cfg!(feature = "automation") {
            for name in REMOTE_CONTROL {
                std::env::remove_var(name);
            }
        }
        if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
    }
}

/// Says whether a window can be shown at all.
pub fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Starts the log: warnings on standard error, everything of ours in `desktop.log`.
///
/// `INTERLOCK_LOG` changes what is written, of libraries not more than [`may_be_logged`] lets. A log file that cannot be written is said and is no
/// reason not to start.
pub fn start_log(data: &Path) {
    let filter = EnvFilter::try_from_env("INTERLOCK_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,interlock=info"));
    let file = open_log(data);
    let problem = file.as_ref().err().map(ToString::to_string);
    tracing_subscriber::registry()
        .with(filter)
        .with(filter_fn(|of| may_be_logged(of.target(), *of.level())))
        .with(
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(io::stderr.with_max_level(tracing::Level::WARN)),
        )
        .with(file.ok().map(|file| {
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(Mutex::new(file))
        }))
        .init();
    if let Some(problem) = problem {
        tracing::warn!("no log file in {}: {problem}", data.display());
    }
}

fn open_log(data: &Path) -> io::Result<File> {
    fs::create_dir_all(data)?;
    let path = data.join("desktop.log");
    if fs::metadata(&path).is_ok_and(|log| log.len() > LOG_LIMIT_BYTES) {
        fs::rename(&path, data.join("desktop.log.1"))?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}
