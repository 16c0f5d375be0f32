//! The server on its port, with the estate's clock, state and faults.

use crate::bank::Bank;
use crate::clock::PracticeClock;
use crate::faults::{FaultKind, FaultRule, Faults};
use crate::jenkins::{seed, serve};
use crate::server::{RequestLog, Shared};
use crate::state::StateFile;
use crate::{Context, PracticeOptions};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn context(directory: &Path) -> Context {
    let state = StateFile::open(directory).unwrap();
    let shared = Shared {
        clock: PracticeClock::default(),
        faults: Faults::default(),
        requests: RequestLog::default(),
        latency: None,
    };
    let options = PracticeOptions::new(directory);
    let cloud = crate::aws::Cloud::open(&state, shared.clock.clone(), &options).unwrap();
    Context {
        shared,
        state,
        cloud,
        directory: directory.to_owned(),
        pace: 1.0,
    }
}

async fn exchange(address: SocketAddr, method: &str, target: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let basic = super::basic(seed::ADMINISTRATOR, seed::ADMINISTRATOR_TOKEN);
    let request = format!(
        "{method} {target} HTTP/1.1\r\nhost: x\r\nauthorization: {basic}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = Vec::new();
    stream.read_to_end(&mut text).await.unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn builds_go_on_by_themselves_and_outlive_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let bank = Arc::new(Bank::new(PracticeClock::real_now()));
    let job = bank.services()[0].build_job();
    let job = crate::jenkins::controller::job_path(&job);
    let target;
    {
        let context = context(directory.path());
        let (server, jenkins) = serve(&context, Arc::clone(&bank), 0).await.unwrap();
        let reply = exchange(server.address(), "POST", &format!("{job}build?delay=0sec")).await;
        assert!(reply.starts_with("HTTP/1.1 201 Created\r\n"), "{reply}");
        let item = reply.split("\r\nlocation: ").nth(1).unwrap();
        let item = item.split("\r\n").next().unwrap();
        assert!(item.starts_with(&server.url()), "{item}");
        jenkins.tick();
        let path = item.strip_prefix(&server.url()).unwrap();
        let reply = exchange(server.address(), "GET", &format!("{path}api/json")).await;
        let url = reply.split("\"executable\":").nth(1).unwrap();
        let url = url.split("\"url\":\"").nth(1).unwrap();
        let url = url.split('"').next().unwrap();
        target = format!("{}api/json", url.strip_prefix(&server.url()).unwrap());
        let reply = exchange(server.address(), "GET", &target).await;
        assert!(reply.contains("\"building\":true"), "{reply}");
        context.state.write().unwrap();
        server.stop();
    }
    let context = context(directory.path());
    let (server, _jenkins) = serve(&context, bank, 0).await.unwrap();
    context.shared.clock.advance(Duration::from_mins(10));
    let reply = exchange(server.address(), "GET", &target).await;
    assert!(reply.contains("\"building\":false"), "{reply}");
    assert!(reply.contains(&format!("{}{job}", server.url())), "{reply}");
}

#[tokio::test]
async fn faults_speak_as_jenkins_or_its_proxy_does() {
    let directory = tempfile::tempdir().unwrap();
    let context = context(directory.path());
    let bank = Arc::new(Bank::new(PracticeClock::real_now()));
    let (server, _jenkins) = serve(&context, bank, 0).await.unwrap();
    for (kind, start) in [
        (FaultKind::Unavailable503, "HTTP/1.1 503"),
        (FaultKind::ExpiredCredentials, "HTTP/1.1 401"),
        (FaultKind::Throttle, "HTTP/1.1 429"),
    ] {
        context.shared.faults.add(FaultRule {
            id: 0,
            service: "jenkins".to_owned(),
            operation: "GET /api/*".to_owned(),
            scope: None,
            kind,
            times: Some(1),
            probability: None,
        });
        let reply = exchange(server.address(), "GET", "/api/json?tree=mode").await;
        assert!(reply.starts_with(start), "{reply}");
        assert!(!reply.contains("x-jenkins:"), "{reply}");
    }
    let reply = exchange(server.address(), "GET", "/api/json?tree=mode").await;
    assert!(reply.ends_with("{\"_class\":\"hudson.model.Hudson\",\"mode\":\"NORMAL\"}"));
    assert!(reply.contains("\r\nx-jenkins: 2.516.2\r\n"));
    let log = context.shared.requests.entries();
    assert_eq!(log.last().unwrap().who, seed::ADMINISTRATOR);
}
