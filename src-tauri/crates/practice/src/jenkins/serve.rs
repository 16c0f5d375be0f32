//! Puts the practice Jenkins into the estate: port, faults, stored state, and a pulse that carries builds on.

use super::aws::CloudDeployer;
use super::controller::Saved;
use super::http::Reply;
use super::pages;
use super::seed;
use super::service::{Core, Jenkins, response};
use crate::bank::{Bank, estate};
use crate::server::{Call, Protocol, Refusal, Server};
use crate::state::StateFile;
use crate::{Context, PracticeError};
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Response;
use http::request::Parts;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// Section of the stored state.
const SECTION: &str = "jenkins";
/// How often builds are carried on while nobody asks.
const PULSE: Duration = Duration::from_millis(250);

struct JenkinsProtocol;

impl Protocol for JenkinsProtocol {
    fn call(&self, parts: &Parts, _: &[u8]) -> Call {
        Call {
            service: "jenkins".to_owned(),
            scope: String::new(),
            operation: format!("{} {}", parts.method, parts.uri.path()),
            who: who(parts).unwrap_or_default(),
        }
    }

    fn refusal(&self, call: &Call, refusal: &Refusal) -> Response<Body> {
        let salt = format!("{}/{}", call.operation, call.who);
        let reply = match refusal {
            // Jenkins itself knows no throttling; a proxy in front of it does.
            Refusal::Throttled => {
                Reply::with(429, "text/plain", "Too Many Requests\n").header("retry-after", "1")
            }
            Refusal::Error { status, .. } => pages::oops(status.as_u16(), "00000000", &salt),
            Refusal::ExpiredCredentials => Reply::with(
                401,
                "text/html;charset=iso-8859-1",
                "<html><head><title>Error 401 Unauthorized</title></head></html>\n",
            )
            .header("www-authenticate", "Basic realm=\"Jenkins\""),
            Refusal::Unavailable => pages::starting(),
        };
        response(reply)
    }
}

fn who(parts: &Parts) -> Option<String> {
    let header = parts.headers.get("authorization")?.to_str().ok()?;
    let decoded = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    text.split(':').next().map(str::to_owned)
}

/// Serves the practice Jenkins of the bank; the handle shares its state with the server.
pub async fn serve(
    context: &Context,
    bank: Arc<Bank>,
    port: u16,
) -> Result<(Server, Jenkins), PracticeError> {
    let saved: Option<Saved> = context.state.take(SECTION)?;
    let repositories = context.directory.join(estate::GIT_FOLDER);
    let mut plan = seed::plan(&bank, |name| {
        let path = repositories.join(format!("{name}.git"));
        format!("file://{}", path.display())
    });
    plan.pace = context.pace;
    let deployer = Arc::new(CloudDeployer::new(context.cloud.clone(), bank));
    let clock = context.shared.clock.clone();
    let mut made = None;
    let server = context
        .serve(
            "Jenkins",
            port,
            Arc::new(JenkinsProtocol),
            |address: SocketAddr| {
                let root = format!("http://{address}");
                let jenkins = Jenkins::new(plan, deployer, &root, move || clock.now_millis());
                if let Some(saved) = saved {
                    jenkins.restore(saved);
                }
                let router = jenkins.router();
                made = Some(jenkins);
                router
            },
        )
        .await?;
    let jenkins = made.expect("the router is made before the server starts");
    let (core, alive) = jenkins.watched();
    let stored = core.clone();
    context.state.register(SECTION, move || {
        serde_json::to_value(stored.save()).unwrap_or_default()
    });
    tokio::spawn(pulse(core, alive, context.state.clone()));
    Ok((server, jenkins))
}

/// Carries builds on and says when there is something to store, until the server and its handles are gone.
async fn pulse(core: Core, alive: Weak<()>, state: StateFile) {
    let mut stored = core.revision();
    while alive.strong_count() > 0 {
        core.tick();
        let revision = core.revision();
        if revision != stored {
            stored = revision;
            state.touch();
        }
        tokio::time::sleep(PULSE).await;
    }
}
