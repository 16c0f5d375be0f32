//! A practice bank that a test holds itself: it outlives the window, runs at the test's pace, and
//! has faults on demand.

use interlock_practice::aws::{Deploy, OperationState};
use interlock_practice::{Practice, PracticeOptions};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Tag of a stack with the commit that it was deployed from.
pub const COMMIT_TAG: &str = "interlock:commit";

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

    /// Copies the estate file and the policy that it names, for when the bank itself is gone.
    pub fn keep_estate(&self, file: &Path) {
        let policy = self.estate_file().with_file_name("policy.toml");
        let kept = file.with_file_name("policy.toml");
        std::fs::copy(&policy, &kept).expect("the bank has a policy");
        let estate = std::fs::read_to_string(self.estate_file()).expect("an estate file");
        let estate = estate.replace(&policy.display().to_string(), &kept.display().to_string());
        std::fs::write(file, estate).expect("the folder can be written");
    }

    /// Words for the desktop's command line that open this bank.
    pub fn words(&self) -> Vec<String> {
        vec!["--estate".into(), self.estate_file().display().to_string()]
    }

    /// Puts a fault in force; `rule` is as the control address takes it.
    pub fn add_fault(&self, rule: &Value) {
        self.control("faults", rule);
    }

    /// Makes the next operations on resources fail; `rule` is as the control address takes it.
    pub fn fail_next(&self, rule: &Value) {
        self.control("failures", rule);
    }

    fn control(&self, place: &str, body: &Value) {
        let answer = ureq::post(format!("{}/{place}", self.practice().control_url()))
            .send_json(body)
            .unwrap_or_else(|error| panic!("{place}: {body} was not taken: {error}"));
        assert!(answer.status().is_success());
    }

    /// Takes every fault out of force.
    pub fn remove_faults(&self) {
        let address = format!("{}/faults", self.practice().control_url());
        let answer = ureq::delete(address).call();
        assert!(answer.is_ok(), "{answer:?}");
    }
}

/// What happens past the console: in the repositories, and in the accounts.
impl Bank {
    fn repository(&self, name: &str) -> PathBuf {
        let folder = self.estate_file().parent().expect("a file is in a folder");
        folder.join("git").join(format!("{name}.git"))
    }

    /// Text of a file at the head of a repository's main branch.
    pub fn file(&self, repository: &str, path: &str) -> String {
        let bytes = git(
            &self.repository(repository),
            &["show", &format!("main:{path}")],
        );
        String::from_utf8(bytes).expect("templates are UTF-8")
    }

    /// Puts a file onto a new branch of a repository.
    pub fn push(&self, repository: &str, branch: &str, path: &str, content: &[u8]) {
        let work = TempDir::with_prefix("interlock-push-").expect("a temporary folder");
        let origin = self.repository(repository);
        let tree = work.path();
        git(
            tree,
            &["clone", "--quiet", &origin.display().to_string(), "."],
        );
        git(tree, &["switch", "--quiet", "--create", branch]);
        fs::write(tree.join(path), content).expect("the file can be written");
        git(tree, &["add", path]);
        git(tree, &["commit", "--quiet", "--message", branch]);
        git(tree, &["push", "--quiet", "origin", branch]);
    }

    /// Changes a file on top of a commit, on a new branch; gives the commit that it makes.
    pub fn commit_on(
        &self,
        (repository, commit): (&str, &str),
        path: &str,
        change: impl FnOnce(&str) -> String,
    ) -> String {
        let work = TempDir::with_prefix("interlock-push-").expect("a temporary folder");
        let origin = self.repository(repository).display().to_string();
        let tree = work.path();
        git(tree, &["clone", "--quiet", &origin, "."]);
        git(tree, &["switch", "--quiet", "--create", "changed", commit]);
        let file = tree.join(path);
        let before = fs::read_to_string(&file).expect("the file is there at that commit");
        let after = change(&before);
        assert_ne!(before, after, "nothing was changed");
        fs::write(&file, after).expect("the file can be written");
        git(tree, &["add", path]);
        git(tree, &["commit", "--quiet", "--message", "a change"]);
        git(tree, &["push", "--quiet", "origin", "changed"]);
        let id = git(tree, &["rev-parse", "HEAD"]);
        String::from_utf8_lossy(&id).trim().to_owned()
    }

    /// Value of a tag of a stack.
    pub fn tag(&self, account: &str, stack: &str, tag: &str) -> String {
        let cloud = &self.practice().context().cloud;
        let state = cloud.stack(account, "us-east-1", stack);
        let tags = state.expect("the stack is there").tags;
        let found = tags.into_iter().find(|(key, _)| key == tag);
        found.expect("the stack has the tag").1
    }

    /// Deploys a stack again, its template as it is at a commit, as a pipeline would.
    pub fn deploy_commit(
        &self,
        (repository, commit): (&str, &str),
        template: &str,
        (account, stack): (&str, &str),
    ) {
        let origin = self.repository(repository);
        let text = git(&origin, &["show", &format!("{commit}:{template}")]);
        let cloud = &self.practice().context().cloud;
        let state = cloud.stack(account, "us-east-1", stack);
        let mut tags = state.expect("the stack is there").tags;
        for (key, value) in &mut tags {
            if key == COMMIT_TAG {
                commit.clone_into(value);
            }
        }
        let deploy = Deploy {
            account: account.into(),
            region: "us-east-1".into(),
            stack: stack.into(),
            template: String::from_utf8(text).expect("templates are UTF-8"),
            tags,
            capabilities: vec!["CAPABILITY_NAMED_IAM".into()],
            actor_arn: format!("arn:aws:sts::{account}:assumed-role/PipelineDeploy/pipeline"),
            ..Deploy::default()
        };
        let token = cloud.deploy(deploy);
        let token = token.unwrap_or_else(|error| panic!("{stack} was not updated: {error}"));
        let begun = Instant::now();
        while cloud.operation_state(&token) != Some(OperationState::Succeeded) {
            assert!(
                begun.elapsed() < Duration::from_mins(2),
                "{stack} is not done"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Updates a stack past the console, as a pipeline would.
    pub fn deploy(&self, account: &str, stack: &str, template: String) {
        let deploy = Deploy {
            account: account.into(),
            region: "us-east-1".into(),
            stack: stack.into(),
            template,
            capabilities: vec!["CAPABILITY_NAMED_IAM".into()],
            actor_arn: format!("arn:aws:sts::{account}:assumed-role/PipelineDeploy/pipeline"),
            ..Deploy::default()
        };
        let cloud = &self.practice().context().cloud;
        let taken = cloud.deploy(deploy);
        taken.unwrap_or_else(|error| panic!("{stack} was not updated: {error}"));
    }
}

fn git(folder: &Path, words: &[&str]) -> Vec<u8> {
    let identity = [
        "-c",
        "user.name=Somebody",
        "-c",
        "user.email=somebody@andesbank.example",
    ];
    let output = Command::new("git")
        .args(identity)
        .args(words)
        .current_dir(folder)
        .output()
        .expect("git is there");
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {words:?}: {talk}");
    output.stdout
}

impl Drop for Bank {
    fn drop(&mut self) {
        if let Some(practice) = self.practice.take() {
            let _entered = self.runtime.enter();
            let _ = practice.shutdown();
        }
    }
}
