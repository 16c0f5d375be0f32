//! A person at a desktop of their own: a home, credentials, a key to sign with, and the program.

use crate::arrange::{Boto, PROD};
use interlock_domain::Secret;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How a call of the program ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n---\n{}", self.out, self.err);
        self
    }

    /// A promotion is shown; gates may stop it.
    #[track_caller]
    pub fn shown(self) -> Value {
        assert!(
            matches!(self.code, Some(0 | 1)),
            "{}\n---\n{}",
            self.out,
            self.err
        );
        self.json()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        let read = serde_json::from_str(&self.out);
        read.unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A home, and the variables of a session.
pub struct Desk {
    folder: Arc<TempDir>,
    variables: Vec<(String, String)>,
    agent: Option<Child>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(agent) = &mut self.agent {
            let _ = agent.kill();
            let _ = agent.wait();
        }
    }
}

impl Desk {
    /// The desk of somebody of the practice bank, who has a user in the ledger's account as well.
    pub fn of(person: &str, boto: &mut Boto) -> Self {
        let known = interlock_practice::people::by_id(person).unwrap();
        let mut desk = Self {
            folder: Arc::new(TempDir::with_prefix("interlock-desk-").unwrap()),
            variables: Vec::new(),
            agent: None,
        };
        for (name, value) in [
            ("AWS_ACCESS_KEY_ID", known.aws_access_key_id),
            ("AWS_SECRET_ACCESS_KEY", known.aws_secret_access_key),
            ("INTERLOCK_JENKINS_USER", known.id),
            ("INTERLOCK_JENKINS_TOKEN", known.jenkins_token),
            ("INTERLOCK_SONARQUBE_TOKEN", known.sonarqube_token),
            ("INTERLOCK_GITLAB_TOKEN", known.gitlab_token),
            ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ] {
            desk.set(name, value);
        }
        let key = user(boto, person);
        let text = |field: &str| key[field].as_str().unwrap().to_owned();
        let credentials = format!(
            "[ledger]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            text("AccessKeyId"),
            Secret::new(text("SecretAccessKey")).expose()
        );
        desk.write(".aws/credentials", &credentials);
        desk.write(".aws/config", "[profile ledger]\nregion = us-east-1\n");
        desk
    }

    /// Another session in the same home.
    pub fn of_same_home(other: &Self) -> Self {
        Self {
            folder: other.folder.clone(),
            variables: other.variables.clone(),
            agent: None,
        }
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Signs with a new key in an agent of this desk's own.
    pub fn sign_with_agent(&mut self) {
        let file = self.path("id_ed25519").display().to_string();
        let socket = self.path("agent").display().to_string();
        let make = [
            "-q", "-t", "ed25519", "-N", "", "-C", "somebody", "-f", &file,
        ];
        succeed(Command::new("ssh-keygen").args(make));
        let agent = Command::new("ssh-agent")
            .args(["-D", "-a", &socket])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        self.agent = Some(agent);
        let begun = Instant::now();
        while !Path::new(&socket).exists() {
            assert!(begun.elapsed() < Duration::from_secs(10), "no agent");
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut add = Command::new("ssh-add");
        succeed(add.args(["-q", &file]).env("SSH_AUTH_SOCK", &socket));
        // The agent has it: no file of the desk does any more.
        fs::remove_file(&file).unwrap();
        self.set("SSH_AUTH_SOCK", &socket);
        self.set("INTERLOCK_SIGN_WITH", "agent:~/id_ed25519.pub");
    }

    /// The program on the desk's own estate file.
    pub fn run(&self, words: &[&str]) -> Ended {
        let output = Command::new(program())
            .args([
                "--estate",
                &self.path("interlock.toml").display().to_string(),
            ])
            .args(words)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.folder.path())
            .envs(self.variables.iter().cloned())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Ended {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub fn json(&self, words: &[&str]) -> Ended {
        self.run(&[words, &["--format", "json"]].concat())
    }

    /// Line of the key that this desk signs with.
    pub fn own_key(&self) -> String {
        let told = self.json(&["roster", "key"]).ends(0).json();
        told["line"].as_str().unwrap().to_owned()
    }
}

/// A user of the ledger's account with a key of their own.
fn user(boto: &mut Boto, name: &str) -> Value {
    boto.call(PROD, "iam", "create_user", json!({"UserName": name}));
    let allow = json!({"Effect": "Allow", "Action": ["s3:*", "kms:*"], "Resource": "*"});
    let document = json!({"Version": "2012-10-17", "Statement": [allow]}).to_string();
    let policy = json!({"UserName": name, "PolicyName": "p", "PolicyDocument": document});
    boto.call(PROD, "iam", "put_user_policy", policy);
    boto.call(PROD, "iam", "create_access_key", json!({"UserName": name}))["AccessKey"].take()
}

/// The command line that was built with the tests.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let built = own.ancestors().find(|folder| {
        let name = folder.file_name();
        name.is_some_and(|name| name == "debug" || name == "release")
    });
    let program = built.unwrap().join("interlock");
    assert!(
        program.exists(),
        "{} is not built: `cargo build -p interlock-cli`",
        program.display()
    );
    program
}

#[track_caller]
fn succeed(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {talk}");
}

/// Whether stock `ssh-keygen` takes the signature of an entry of an export.
pub fn ssh_keygen_takes(export: &Path, entry: u64, person: &str) -> bool {
    let folder = export.join("ssh");
    let signed = File::open(folder.join(format!("{entry:06}.signed"))).unwrap();
    let words = [
        "-Y",
        "verify",
        "-f",
        "allowed_signers",
        "-n",
        "interlock-ledger",
    ];
    let output = Command::new("ssh-keygen")
        .args(words)
        .args(["-I", person, "-s", &format!("{entry:06}.sig")])
        .current_dir(&folder)
        .stdin(signed)
        .output()
        .unwrap();
    output.status.success()
}
