//! Remote repositories, served by `git daemon` on loopback.

use crate::support::Bank;
use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Serves the repositories of a folder until dropped.
struct Daemon {
    child: Child,
    port: u16,
}

impl Daemon {
    fn serve(folder: &Path) -> Self {
        let port = {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        // The program itself, not `git daemon`, so that ending it leaves nothing behind.
        let place = Command::new("git").arg("--exec-path").output().unwrap();
        let place = String::from_utf8(place.stdout).unwrap();
        let child = Command::new(Path::new(place.trim()).join("git-daemon"))
            .args(["--export-all", "--listen=127.0.0.1", "--reuseaddr"])
            .arg(format!("--port={port}"))
            .arg(format!("--base-path={}", folder.display()))
            .arg(folder)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let daemon = Self { child, port };
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return daemon;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("git daemon does not listen");
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn remote_repositories_are_mirrored_in_the_cache_and_outages_are_told() {
    let mut bank = Bank::open();
    let git = bank.desk.path("bank/git");
    let daemon = Daemon::serve(&git);
    let remote = format!("git://127.0.0.1:{}", daemon.port);
    let file = bank.as_real(|text| text.replace(&git.display().to_string(), &remote));
    let cache = bank.desk.path("cache");
    bank.desk
        .set("XDG_CACHE_HOME", &cache.display().to_string());
    let compare = [
        "compare",
        "payments-api",
        "--from",
        "payments-api/v9.1.4@prod",
        "--to",
        "payments-api/v9.3.1@prod",
    ];
    bank.run_on(&file, &compare)
        .ends(1)
        .prints(&["Resources.DailyLimitQueue", "Release payments-api 9.3.1"]);
    bank.run_on(&file, &["doctor"])
        .prints(&["+  Git payments", "HEAD is"]);
    let mirrors: Vec<_> = std::fs::read_dir(cache.join("interlock/mirrors"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        mirrors.iter().any(|name| name.starts_with("payments-")),
        "{mirrors:?}"
    );
    drop(daemon);
    bank.run_on(&file, &["doctor"]).ends(1).prints(&[
        "x  Git payments",
        &remote,
        "Check the address, the network and the proxy.",
    ]);
}
