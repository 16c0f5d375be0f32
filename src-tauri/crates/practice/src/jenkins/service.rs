//! The running practice Jenkins: one state behind a lock, a clock, and a router for any HTTP server.

use super::controller::{Controller, Saved};
use super::deployments::Deployment;
use super::http::{Reply, Request};
use super::plan::Plan;
use super::routes;
use super::target::Deployer;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use http::{HeaderName, HeaderValue, Response};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Largest form that is read.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// A practice Jenkins; clones share its state.
#[derive(Clone)]
pub struct Jenkins {
    core: Core,
    /// Ends with the last handle and router.
    alive: Arc<()>,
}

/// State and clock, without keeping the server alive.
#[derive(Clone)]
pub(super) struct Core {
    controller: Arc<Mutex<Controller>>,
    clock: Clock,
}

impl Core {
    /// Carries queue and builds to the present.
    pub(super) fn tick(&self) {
        let now = (self.clock)();
        self.lock().advance(now);
    }

    /// Returns what must outlive a restart of the process.
    pub(super) fn save(&self) -> Saved {
        self.lock().save()
    }

    /// Returns a number that changes whenever there is something new to store.
    pub(super) fn revision(&self) -> u64 {
        self.lock().revision()
    }

    fn lock(&self) -> MutexGuard<'_, Controller> {
        self.controller
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Jenkins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jenkins")
    }
}

impl Jenkins {
    /// Starts a Jenkins on a plan, under a root address, on a clock of milliseconds since the epoch.
    pub fn new(
        plan: Plan,
        deployer: Arc<dyn Deployer>,
        root: &str,
        clock: impl Fn() -> i64 + Send + Sync + 'static,
    ) -> Self {
        Self {
            core: Core {
                controller: Arc::new(Mutex::new(Controller::new(plan, deployer, root))),
                clock: Arc::new(clock),
            },
            alive: Arc::new(()),
        }
    }

    /// Returns what must outlive a restart of the process.
    pub fn save(&self) -> Saved {
        self.core.save()
    }

    /// Takes up what a former process saved.
    pub fn restore(&self, saved: Saved) {
        self.core.lock().restore(saved);
    }

    /// Forgets everything that happened since the plan was made.
    pub fn forget(&self) {
        self.core.lock().forget();
    }

    /// Carries queue and builds to the present.
    pub fn tick(&self) {
        self.core.tick();
    }

    /// Returns the address of a build, known or not.
    pub fn build_url(&self, full_name: &str, number: u32) -> String {
        format!("{}{number}/", self.core.lock().job_url(full_name))
    }

    /// Returns the deployments begun since the plan was made, oldest first, as of now.
    pub fn deployments(&self) -> Vec<Deployment> {
        self.tick();
        self.core.lock().deployments()
    }

    /// Restarts the server: it answers 503 for a while, then goes on with the same builds.
    pub fn restart(&self, millis: i64) {
        let now = (self.core.clock)();
        self.core.lock().restart(now, millis);
    }

    /// Returns state and clock, and a sign that ends with the last handle.
    pub(super) fn watched(&self) -> (Core, Weak<()>) {
        (self.core.clone(), Arc::downgrade(&self.alive))
    }

    /// Answers a request.
    pub(super) fn answer(&self, request: &Request) -> Reply {
        let now = (self.core.clock)();
        routes::answer(&mut self.core.lock(), request, now)
    }

    /// Returns a router that answers every address.
    pub fn router(&self) -> Router {
        let jenkins = self.clone();
        Router::new().fallback(move |request: http::Request<Body>| {
            let jenkins = jenkins.clone();
            async move {
                let (parts, body) = request.into_parts();
                let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
                    return response(Reply::empty(413));
                };
                let target = parts
                    .uri
                    .path_and_query()
                    .map_or("/", |target| target.as_str());
                let request = Request::new(parts.method, target, parts.headers, body);
                response(jenkins.answer(&request))
            }
        })
    }
}

/// Turns a reply into a response of the server library.
pub(super) fn response(reply: Reply) -> Response<Body> {
    let mut response = Response::new(Body::from(Bytes::from(reply.body)));
    *response.status_mut() =
        http::StatusCode::from_u16(reply.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert("server", HeaderValue::from_static("Jetty(12.0.17)"));
    for (name, value) in reply.headers {
        // A header that HTTP cannot carry (a name with letters outside Latin-1) is left out.
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    response
}
