//! A practice bank that a test holds itself: it outlives the window, runs at the test's pace, and
//! has faults on demand.

use interlock_practice::{Practice, PracticeOptions};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Operations take this part of their usual time.
pub const QUICK: f64 = 0.15;

/// A practice bank in this process; it ends when dropped.
pub struct Bank {
    practice: Option<Practice>,
    runtime: Runtime,
    _folder: TempDir,
}

impl Bank {
    /// Starts a bank in a folder of its own, with operations so many times as long as usual.
    pub fn open(pace: f64) -> Self {
        let folder = TempDir::with_prefix("interlock-bank-").expect("a temporary folder");
        let mut options = PracticeOptions::new(folder.path());
        options.pace = pace;
        Self::with(options, folder)
    }

    /// Starts a bank as described.
    pub fn with(options: PracticeOptions, folder: TempDir) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime for the practice bank");
        let practice = runtime
            .block_on(Practice::start(options))
            .unwrap_or_else(|error| panic!("the practice bank does not start: {error}"));
        Self {
            practice: Some(practice),
            runtime,
            _folder: folder,
        }
    }

    fn practice(&self) -> &Practice {
        self.practice.as_ref().expect("the bank is open")
    }

    /// The estate file that names this bank's servers.
    pub fn estate_file(&self) -> &Path {
        self.practice().estate_file()
    }

    /// Words for the desktop's command line that open this bank.
    pub fn words(&self) -> Vec<String> {
        vec!["--estate".into(), self.estate_file().display().to_string()]
    }

    /// Puts a fault in force; `rule` is as the control address takes it.
    pub fn add_fault(&self, rule: &Value) {
        let answer = ureq::post(format!("{}/faults", self.practice().control_url()))
            .send_json(rule)
            .unwrap_or_else(|error| panic!("the fault {rule} was not taken: {error}"));
        assert!(answer.status().is_success());
    }

    /// Takes every fault out of force.
    pub fn remove_faults(&self) {
        let address = format!("{}/faults", self.practice().control_url());
        let answer = ureq::delete(address).call();
        assert!(answer.is_ok(), "{answer:?}");
    }
}

impl Drop for Bank {
    fn drop(&mut self) {
        if let Some(practice) = self.practice.take() {
            let _entered = self.runtime.enter();
            let _ = practice.shutdown();
        }
    }
}
