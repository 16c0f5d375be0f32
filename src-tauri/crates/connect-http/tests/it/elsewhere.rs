//! Where credentials go: to the place that the estate file names, and to no other, whatever an
//! answer or a variable of the process says.

use crate::{
    jenkins_reading::{jenkins, job, rita},
    replay::{Played, Server, quick},
};
use interlock_app::ports::{
    BuildReader as _, BuildRunner as _, IdentityReader as _, QualityReader as _,
};
use interlock_connect_http::{GitLab, Jenkins, SonarQube};
use interlock_domain::{FaultKind, Secret};
use std::{
    process::Command,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// Everything that somebody who only listens was sent.
async fn listener() -> (u16, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            let read = stream.read(&mut buffer).await.unwrap_or(0);
            heard.lock().unwrap().extend_from_slice(&buffer[..read]);
            let _ = stream
                .write_all(b"HTTP/1.1 502 No\r\ncontent-length: 0\r\n\r\n")
                .await;
        }
    });
    (port, told)
}

#[tokio::test]
async fn threat_08_no_answer_leads_credentials_to_another_place() {
    let (port, told) = listener().await;
    let here = Server::start().await;
    let own_port = here.url.rsplit(':').next().unwrap().to_owned();
    let places = [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("//127.0.0.1:{port}/x"),
        format!("http://127.0.0.1:{own_port}@127.0.0.1:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        // The same port of the same machine under another name is another origin.
        format!("http://localhost:{own_port}/"),
        format!("https://127.0.0.1:{own_port}/"),
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/".to_owned(),
        "http://[fd00:ec2::254]/latest/meta-data/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "ftp://127.0.0.1/x".to_owned(),
        "javascript:alert(1)".to_owned(),
    ];
    for place in &places {
        for status in [301, 302, 303, 307, 308] {
            let server = Server::start().await;
            server.otherwise(Played::new(status, "").header("location", place));
            let token = Secret::new("squ-0123456789");
            let sonar = SonarQube::new(&server.url, Some(&token), &quick()).unwrap();
            let gitlab = GitLab::new(&server.url, Some(&token), &quick()).unwrap();
            let jenkins = jenkins(&server.url);
            let mut errors = vec![
                jenkins.queue(1).await.unwrap_err(),
                jenkins.log(&job("x"), 1, 0).await.unwrap_err(),
                sonar.gate("p").await.unwrap_err(),
                gitlab.identities().await.remove(0).unwrap_err(),
            ];
            // Whether a change took place cannot be told from an answer that leads away.
            errors.extend(jenkins.stop(&job("x"), 1).await.err());
            for error in errors {
                let kinds = [
                    FaultKind::Refused,
                    FaultKind::CaptivePortal,
                    FaultKind::BadAnswer,
                    FaultKind::OutcomeUnknown,
                ];
                assert!(kinds.contains(&error.kind), "{place}: {error:?}");
            }
            for asked in server.asked() {
                assert!(asked.headers["host"].ends_with(&server.url["http://".len()..]));
            }
        }
    }
    let told = String::from_utf8_lossy(&told.lock().unwrap()).into_owned();
    assert_eq!(told, "", "somebody else was asked");
}

/// Runs a test of this file again, in a process with these variables.
fn in_own_process(test: &str, variables: &[(&str, String)]) {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("elsewhere::{test}"), "--nocapture"])
        .env_clear()
        .env("IN_OWN_PROCESS", "1")
        .envs(variables.iter().map(|(name, value)| (*name, value)))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    let talk = String::from_utf8_lossy(&run.stderr);
    assert!(
        run.status.success() && told.contains("1 passed"),
        "{told}{talk}"
    );
}

/// A proxy of the company is used: it sees the name of the host and nothing more. What the process
/// is told otherwise changes nothing: no key of a connection is written down, no certificate is
/// believed because a variable names it, and this machine is asked without a proxy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_25_variables_of_the_process_open_no_connection_to_anybody() {
    if std::env::var_os("IN_OWN_PROCESS").is_some() {
        let server = Server::start().await;
        server.otherwise(Played::new(404, ""));
        let _ = jenkins(&server.url).queue(1).await;
        assert_eq!(server.asked().len(), 1, "this machine is asked directly");
        // What is not encrypted is not given to a proxy to read.
        for away in ["https://ci.bank.example", "http://plain.bank.invalid"] {
            let away = Jenkins::new(away, Some(&rita()), &quick()).unwrap();
            let error = away.queue(1).await.unwrap_err();
            assert_eq!(error.kind, FaultKind::Unreachable, "{error:?}");
        }
        return;
    }
    let (port, told) = listener().await;
    let folder = std::env::temp_dir().join(format!("interlock-keys-{}", std::process::id()));
    let proxy = format!("http://127.0.0.1:{port}");
    let mut variables = vec![("SSLKEYLOGFILE", folder.display().to_string())];
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        variables.push((name, proxy.clone()));
    }
    let run = tokio::task::spawn_blocking(move || {
        in_own_process(
            "threat_25_variables_of_the_process_open_no_connection_to_anybody",
            &variables,
        );
    });
    run.await.unwrap();
    let told = String::from_utf8_lossy(&told.lock().unwrap()).into_owned();
    assert!(told.starts_with("CONNECT ci.bank.example:443 "), "{told}");
    for line in told.lines().filter(|line| !line.is_empty()) {
        let known = [
            "CONNECT ci.bank.example:443 ",
            "Host: ci.bank.example:443",
            "host: ci.bank.example:443",
        ];
        let expected = known.iter().any(|known| line.starts_with(known))
            || line
                .to_ascii_lowercase()
                .starts_with("user-agent: interlock/");
        assert!(expected, "the proxy was told `{line}`");
    }
    assert!(!folder.exists(), "keys of connections were written down");
}
