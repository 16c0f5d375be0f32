//! A practice bank in this process, a folder for everything that the program writes, and the
//! program itself with an environment that knows nothing of this machine's person.

use interlock_practice::{
    Practice, PracticeOptions,
    faults::{FaultKind, FaultRule},
    people,
};
use serde_json::Value;
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Address of a bus that nobody serves: there is no keychain.
pub const NO_BUS: &str = "unix:path=/nonexistent/bus";

/// How a call of the program ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The JSON on stdout.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.out) {
            Ok(value) => value,
            Err(error) => panic!("stdout is not JSON: {error}\n{self:?}"),
        }
    }

    /// Checks the exit code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n---\n{}", self.out, self.err);
        self
    }

    /// Checks that all of these stand on stderr.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "no `{word}` in:\n{}", self.err);
        }
        self
    }

    /// Checks that all of these stand on stdout.
    #[track_caller]
    pub fn prints(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.out.contains(word), "no `{word}` in:\n{}", self.out);
        }
        self
    }
}

/// A folder of a test, where the program finds its home.
pub struct Desk {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Desk {
    pub fn new() -> Self {
        Self {
            folder: TempDir::with_prefix("interlock-cli-").unwrap(),
            variables: vec![("DBUS_SESSION_BUS_ADDRESS".into(), NO_BUS.into())],
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Sets a variable of the program's environment.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Writes a file and gives its path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// The program with an empty home, ready to be started.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_interlock"));
        command
            .args(words)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(self.variables.iter().cloned())
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, words: &[&str]) -> Ended {
        Ended::of(&self.command(words).output().unwrap())
    }

    /// Runs the program with a text on its standard input.
    pub fn run_with(&self, words: &[&str], input: &str) -> Ended {
        let mut command = self.command(words);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that refuses its words may have gone before it read anything.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ended::of(&child.wait_with_output().unwrap())
    }
}

/// A practice bank whose operations take a twentieth of their time.
pub struct Bank {
    pub desk: Desk,
    practice: Option<Practice>,
    runtime: Runtime,
}

impl Bank {
    pub fn open() -> Self {
        let desk = Desk::new();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let mut options = PracticeOptions::new(desk.path("bank"));
        options.pace = 0.05;
        let practice = runtime.block_on(Practice::start(options)).unwrap();
        Self {
            desk,
            practice: Some(practice),
            runtime,
        }
    }

    pub fn practice(&self) -> &Practice {
        self.practice.as_ref().unwrap()
    }

    pub fn estate_text(&self) -> String {
        std::fs::read_to_string(self.practice().estate_file()).unwrap()
    }

    /// Runs the program on the practice estate.
    pub fn run(&self, words: &[&str]) -> Ended {
        let file = self.practice().estate_file().display().to_string();
        self.run_on(&file, words)
    }

    /// Runs the program on another estate file.
    pub fn run_on(&self, file: &str, words: &[&str]) -> Ended {
        self.desk.run(&[&["--estate", file], words].concat())
    }

    /// The same estate as a real one: nobody is switched, credentials are Ana's own.
    pub fn as_real(&mut self, change: impl FnOnce(String) -> String) -> String {
        let ana = people::by_id("a.ruiz").unwrap();
        for (name, value) in [
            ("AWS_ACCESS_KEY_ID", ana.aws_access_key_id),
            ("AWS_SECRET_ACCESS_KEY", ana.aws_secret_access_key),
            ("INTERLOCK_JENKINS_USER", ana.id),
            ("INTERLOCK_JENKINS_TOKEN", ana.jenkins_token),
            ("INTERLOCK_SONARQUBE_TOKEN", ana.sonarqube_token),
            ("INTERLOCK_GITLAB_TOKEN", ana.gitlab_token),
        ] {
            self.desk.set(name, value);
        }
        let text = self.estate_text();
        let (text, _) = text.split_once("[practice]").unwrap();
        self.desk
            .write("real/interlock.toml", change(text.to_owned()))
    }

    /// Puts a fault in force until the test is over.
    #[allow(dead_code)]
    pub fn fault(&self, service: &str, operation: &str, scope: Option<&str>, kind: FaultKind) {
        self.practice().context().shared.faults.add(FaultRule {
            id: 0,
            service: service.into(),
            operation: operation.into(),
            scope: scope.map(str::to_owned),
            kind,
            times: None,
            probability: None,
        });
    }

    /// How often the practice servers were asked for this.
    pub fn requests(&self, operation: &str) -> usize {
        let entries = self.practice().context().shared.requests.entries();
        let asked = entries.iter().filter(|entry| entry.operation == operation);
        asked.count()
    }

    /// Ends every fault.
    pub fn clear_faults(&self) {
        self.practice().context().shared.faults.clear();
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

/// Folder of the whole project.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.."))
}

/// Git in the folder of a desk.
#[track_caller]
pub fn git(desk: &Desk, words: &[&str]) {
    let status = Command::new("git")
        .args([
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@bank.test",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(words)
        .current_dir(desk.path("."))
        .output()
        .unwrap();
    assert!(
        status.status.success(),
        "git {words:?}: {}",
        String::from_utf8_lossy(&status.stderr)
    );
}
