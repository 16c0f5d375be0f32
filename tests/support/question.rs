//! The question that the desktop asks outside the page, answered as a person does: with the keyboard
//! of the display.

use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);
const MOMENT: Duration = Duration::from_millis(100);

/// Agrees to the question with this title.
pub fn agree(title: &str) {
    answer(title, "Return");
}

/// Goes back from the question with this title.
pub fn go_back(title: &str) {
    answer(title, "Escape");
}

fn answer(title: &str, key: &str) {
    let window = wait_for(title);
    let deadline = Instant::now() + PATIENCE;
    // A key that comes before the dialog listens is lost.
    while is_there(&window) {
        assert!(Instant::now() < deadline, "`{title}` does not go away");
        let _ = xdotool(&["windowfocus", &window]);
        sleep(MOMENT);
        let _ = xdotool(&["key", key]);
        sleep(MOMENT * 3);
    }
}

fn wait_for(title: &str) -> String {
    let exact = format!("^{}$", title.replace('?', "\\?"));
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = xdotool(&["search", "--onlyvisible", "--name", &exact]);
        if let Some(window) = found.as_deref().and_then(|all| all.lines().next()) {
            return window.to_owned();
        }
        assert!(Instant::now() < deadline, "nobody asks `{title}`");
        sleep(MOMENT);
    }
}

fn is_there(window: &str) -> bool {
    xdotool(&["getwindowname", window]).is_some()
}

/// What xdotool prints, when it succeeds.
fn xdotool(words: &[&str]) -> Option<String> {
    let output = Command::new("xdotool")
        .args(words)
        .output()
        .expect("xdotool is installed; `make test` brings it");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}
