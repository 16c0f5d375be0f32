//! Tokens: where they come from, where they are kept, and what is said without them.

use crate::support::{Bank, Desk, root};
use std::process::{Child, Command, Stdio};

#[test]
fn without_a_keychain_one_system_has_no_credentials_and_the_rest_is_shown() {
    let mut bank = Bank::open();
    let file = bank.as_real(|text| text);
    bank.desk.set("INTERLOCK_JENKINS_TOKEN", "");
    bank.run_on(&file, &["status"])
        .ends(1)
        .says(&[
            "Jenkins is unreachable",
            "no keychain in this session",
            "INTERLOCK_",
        ])
        .prints(&["payments-api", "9.1.4"]);
    bank.run_on(&file, &["doctor"]).ends(1).prints(&[
        "x  Jenkins",
        "no keychain in this session",
        "+  GitLab",
        "+  SonarQube",
    ]);
}

#[test]
fn a_token_cannot_be_kept_without_a_keychain_and_the_other_way_is_named() {
    Desk::new()
        .run_with(&["login", "sonarqube"], "squ_1234\n")
        .ends(4)
        .says(&["no keychain in this session", "INTERLOCK_"]);
}

#[test]
fn a_token_is_never_an_argument_and_never_empty() {
    let desk = Desk::new();
    desk.run(&["login", "gitlab", "glpat-1234"]).ends(2);
    desk.run_with(&["login", "gitlab"], "\n")
        .ends(2)
        .says(&["none was given", "interlock login gitlab < FILE"]);
    desk.run_with(&["login", "jenkins"], "1234\n")
        .ends(2)
        .says(&["user name", "--user NAME"]);
}

/// A session bus and a Secret Service with an unlocked keyring, for one test.
struct Session {
    bus: Child,
    keyring: Child,
}

impl Session {
    fn begin(desk: &mut Desk) -> Self {
        let address = format!("unix:path={}", desk.path("bus").display());
        let configuration = root().join("tests/support/session-bus.conf");
        let bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", configuration.display()))
            .arg(format!("--address={address}"))
            .args(["--nofork", "--nopidfile"])
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon, which `make setup-test` installs");
        wait_until(|| desk.path("bus").exists());
        desk.set("DBUS_SESSION_BUS_ADDRESS", &address);
        let password = desk.write("password", "practice");
        let keyring = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--components=secrets", "--unlock"])
            .arg("--control-directory")
            .arg(desk.path("control"))
            .env("HOME", desk.path(""))
            .env("XDG_DATA_HOME", desk.path("data-home"))
            .env("XDG_RUNTIME_DIR", desk.path(""))
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .stdin(std::fs::File::open(password).unwrap())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon, which `make setup-test` installs");
        Self { bus, keyring }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for child in [&mut self.keyring, &mut self.bus] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn wait_until(mut done: impl FnMut() -> bool) {
    for _ in 0..100 {
        if done() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("ten seconds were not enough");
}

#[test]
fn a_token_in_the_keychain_opens_its_system_until_it_is_forgotten() {
    let mut bank = Bank::open();
    let file = bank.as_real(|text| text);
    for name in ["INTERLOCK_JENKINS_USER", "INTERLOCK_JENKINS_TOKEN"] {
        bank.desk.set(name, "");
    }
    let _session = Session::begin(&mut bank.desk);
    let token = interlock_practice::people::by_id("a.ruiz")
        .unwrap()
        .jenkins_token;
    let login = ["login", "jenkins", "--user", "a.ruiz", "--format", "json"];
    // The keyring needs a moment before it stands on the bus.
    let mut kept = None;
    wait_until(|| {
        let ended = bank.desk.run_with(&login, &format!("{token}\n"));
        let good = ended.code == 0;
        kept = Some(ended);
        good
    });
    let kept = kept.unwrap();
    assert_eq!(kept.json()["keychain"], "kept");
    assert!(!kept.out.contains(token) && !kept.err.contains(token));
    bank.run_on(&file, &["doctor"]).prints(&["+  Jenkins"]);
    bank.desk.run(&["login", "jenkins", "--forget"]).ends(0);
    bank.run_on(&file, &["doctor"]).ends(1).prints(&[
        "x  Jenkins",
        "No token for Jenkins is known: run `interlock login jenkins`",
    ]);
}
