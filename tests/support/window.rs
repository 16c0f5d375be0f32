//! The real window: the desktop program under WebDriver, on a practice estate of its own.

use crate::page::Page;
use crate::repository::root;
use crate::webdriver::Driver;
use serde_json::{Value, json};
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

static ALONE: Mutex<()> = Mutex::new(());

/// Where the window's standard error goes.
const TALK: &str = "window.stderr";

/// How many of its lines a failed test shows.
const TALK_SHOWN: usize = 40;

/// Directories of one desktop; they are removed when dropped.
///
/// One desk exists at a time: two windows on two processors only wait for each other.
pub struct Desk {
    driver: Driver,
    data: TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Desk {
    /// Makes fresh directories and starts a driver for windows on them.
    pub fn new() -> Self {
        assert!(
            env::var_os("DISPLAY").is_some(),
            "there is no display; `make test` brings one"
        );
        // A test that failed before has left nothing behind that matters.
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let data = TempDir::with_prefix("interlock-e2e-").expect("a temporary directory");
        // What the web view keeps (such as the theme) belongs to this desk too.
        let web = data.path().join("web").display().to_string();
        let environment = [
            ("XDG_DATA_HOME", web.as_str()),
            ("TAURI_WEBVIEW_AUTOMATION", "true"),
            ("NO_AT_BRIDGE", "1"),
            // Nothing may leave the machine.
            ("http_proxy", "http://127.0.0.1:9"),
            ("https_proxy", "http://127.0.0.1:9"),
            ("no_proxy", "127.0.0.1,localhost"),
        ];
        let talk = File::create(data.path().join(TALK)).expect("a file in a fresh directory");
        let driver = Driver::start(&environment, talk).unwrap_or_else(|error| panic!("{error}"));
        Self {
            driver,
            data,
            _alone: alone,
        }
    }

    /// Where the desktop keeps its data.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Process id of what starts the windows.
    pub fn driver_process(&self) -> u32 {
        self.driver.process_id()
    }

    /// Opens the window on the practice estate of these directories.
    pub fn open(&self) -> Page<'_> {
        self.open_with(&["--practice".to_owned()])
    }

    /// Opens the window with words on its command line.
    pub fn open_with(&self, words: &[String]) -> Page<'_> {
        let mut arguments = vec!["--data".to_owned(), self.data().display().to_string()];
        arguments.extend_from_slice(words);
        self.open_program(&program(), &arguments)
    }

    /// Opens any program with a web view.
    pub fn open_program(&self, program: &Path, arguments: &[String]) -> Page<'_> {
        let session = self
            .driver
            .open(program, arguments)
            .unwrap_or_else(|error| {
                panic!(
                    "the window did not open: {error}\n\
                 {} must be a test build (features `automation` and `custom-protocol`)",
                    program.display()
                )
            });
        Page::new(session)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let talk = fs::read_to_string(self.data().join(TALK)).unwrap_or_default();
            let lines: Vec<&str> = talk.lines().collect();
            let last = lines.len().saturating_sub(TALK_SHOWN);
            #[expect(clippy::print_stderr, reason = "it explains the failed test")]
            {
                eprintln!("the window said:\n{}", lines[last..].join("\n"));
            }
        }
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

/// The desktop program that was built with the tests.
pub fn program() -> PathBuf {
    if let Some(given) = env::var_os("INTERLOCK_DESKTOP") {
        return given.into();
    }
    let own = env::current_exe().expect("a test knows where it runs");
    let built = own
        .ancestors()
        .find(|folder| {
            let name = folder.file_name();
            name.is_some_and(|name| name == "debug" || name == "release")
        })
        .expect("tests run from the target folder");
    let program = built.join("interlock-desktop");
    assert!(
        program.exists(),
        "{} is not built; `make test-e2e` builds it",
        program.display()
    );
    program
}

impl Page<'_> {
    /// Rules that axe-core finds broken on the page as it stands, in words.
    ///
    /// Not looked at: React Aria's announcer, which holds what was said for some seconds after the
    /// element that it speaks of is gone.
    pub fn axe_violations(&self) -> Vec<String> {
        let axe = root().join("ui/node_modules/axe-core/axe.min.js");
        let source = fs::read_to_string(&axe)
            .unwrap_or_else(|error| panic!("{}: {error}; `make setup` installs it", axe.display()));
        let script = format!(
            "{source}\n\
             const done = arguments[arguments.length - 1];\n\
             axe.run({{ exclude: [['[data-live-announcer]']] }}, {{ resultTypes: ['violations'] }})\
             .then((found) => done(found.violations.map((broken) => ({{ \
                 rule: broken.id, help: broken.help, \
                 nodes: broken.nodes.map((node) => node.target.join(' ') + ' ' + node.html), \
             }}))), (error) => done([{{ rule: 'axe itself', help: String(error), nodes: [] }}]));"
        );
        let found = self
            .session()
            .async_script(&script, &json!([]))
            .unwrap_or_else(|error| panic!("axe-core: {error}"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        found
            .as_array()
            .into_iter()
            .flatten()
            .map(|broken| {
                let nodes = broken["nodes"].as_array().into_iter().flatten();
                let nodes: Vec<String> = nodes.map(text).collect();
                format!(
                    "{} ({}): {}",
                    text(&broken["rule"]),
                    text(&broken["help"]),
                    nodes.join(" | ")
                )
            })
            .collect()
    }

    /// Writes a picture of the page.
    pub fn picture_to(&self, file: &Path) {
        let bytes = self
            .picture()
            .unwrap_or_else(|error| panic!("no picture: {error}"));
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).expect("the folder for pictures can be made");
        }
        fs::write(file, bytes).expect("the picture can be written");
    }
}
