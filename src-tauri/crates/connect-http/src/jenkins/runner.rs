//! Changing things: trigger, answer, stop. Each goes out once.
//!
//! An answer that is lost, or that did not come from Jenkins itself, is an unknown outcome.
//! What Jenkins would silently change in an order (parameters that the job does not declare,
//! inputs with fields) is refused here before anything is sent.

use super::{Jenkins, crumb::Crumb, path, refusal, wire};
use crate::{address::segment, reply::Reply, trouble::is_login_page};
use async_trait::async_trait;
use interlock_app::ports::{Answer, BuildOrder, BuildReader, BuildRunner, DeclaredParameter};
use interlock_domain::{ConnectorError, FaultKind, JobName, build::QueueState};
use reqwest::header::HeaderMap;
use url::Url;

/// How many of the newest builds are searched for a parameter.
const SEARCHED_BUILDS: usize = 100;

#[async_trait]
impl BuildRunner for Jenkins {
    async fn trigger(&self, order: &BuildOrder) -> Answer<u64> {
        let job = &order.job;
        let operation = format!("trigger {job}");
        let path = self.job_path(&operation, job)?;
        let declares_any = self.check(&operation, &path, order).await?;
        let verb = if declares_any {
            "buildWithParameters"
        } else {
            "build"
        };
        let url = self
            .client
            .base()
            .ask(&format!("{path}/{verb}"), &[("delay", "0sec")]);
        let reply = self.change(&operation, url, &order.parameters).await?;
        match reply.status {
            201 => reply
                .header("location")
                .as_deref()
                .and_then(path::queue_item)
                .ok_or_else(|| {
                    let why = "Jenkins accepted it without naming a queue item.";
                    self.client.outcome_unknown(&operation, why)
                }),
            _ => Err(self.not_done(&operation, &reply)),
        }
    }

    async fn find(
        &self,
        job: &JobName,
        parameter: &str,
        value: &str,
    ) -> Answer<Option<QueueState>> {
        let operation = format!("find {parameter} in {job}");
        let path = self.job_path(&operation, job)?;
        let tree = "items[id,why,cancelled,task[url],actions[parameters[name,value]]]";
        // The queue first: an item that leaves it meanwhile is then found among the builds.
        let url = self.client.base().ask("/queue/api/json", &[("tree", tree)]);
        let queue: wire::Queue = self.read(&operation, url).await?;
        let waiting = queue.items.iter().find(|item| {
            item.has_parameter(parameter, value)
                && item.job_url().is_some_and(|url| path::is_job(url, &path))
        });
        if let Some(item) = waiting {
            return Ok(Some(item.state(|url| self.rebased(url))));
        }
        let builds = self.builds(job, SEARCHED_BUILDS).await?;
        let found = builds
            .into_iter()
            .find(|build| build.parameter(parameter) == Some(value));
        Ok(found.map(|build| QueueState::Started {
            number: build.number,
            url: build.url,
        }))
    }

    async fn answer_input(
        &self,
        job: &JobName,
        number: u32,
        input: &str,
        proceed: bool,
    ) -> Answer<()> {
        let operation = format!("answer the input of {job} #{number}");
        let path = self.build_path(&operation, job, number)?;
        let answered = || {
            let message = format!("The input `{input}` of {job} #{number} does not wait any more.");
            self.client
                .error(&operation, FaultKind::Conflict, message)
                .with_hint("Look at the log for who answered it.")
        };
        let pending = self.pending_inputs(job, number).await?;
        let pending = pending
            .iter()
            .find(|pending| pending.id == input)
            .ok_or_else(answered)?;
        if proceed && pending.has_fields {
            let message = format!("The input `{input}` asks for values.");
            return Err(self
                .client
                .error(&operation, FaultKind::Unsupported, message)
                .with_hint("Answer it in Jenkins."));
        }
        let verb = if proceed { "proceedEmpty" } else { "abort" };
        let id = segment(input).map_err(|_| answered())?;
        let url = self.client.base().at(&format!("{path}/input/{id}/{verb}"));
        let reply = self.change(&operation, url, &[]).await?;
        match reply.status {
            404 => Err(answered()),
            400 if reply.header("x-error").is_some() => {
                let said = refusal::said(&reply).unwrap_or_default();
                let message = format!("Jenkins does not take this answer from you: {said}");
                Err(self
                    .client
                    .error(&operation, FaultKind::Forbidden, message)
                    .with_code("400")
                    .with_hint("One of the named users or groups must answer it."))
            }
            // An empty success is Jenkins's; a page is something else that came in between.
            200..=299 if reply.body.is_empty() => Ok(()),
            _ => self.done_by_redirect(&operation, &reply),
        }
    }

    async fn stop(&self, job: &JobName, number: u32) -> Answer<()> {
        let operation = format!("stop {job} #{number}");
        let path = self.build_path(&operation, job, number)?;
        let url = self.client.base().at(&format!("{path}/stop"));
        let reply = self.change(&operation, url, &[]).await?;
        if reply.is_success() && reply.body.is_empty() {
            return Ok(());
        }
        self.done_by_redirect(&operation, &reply)
    }
}

impl Jenkins {
    /// What a job declares; refused when it cannot be built.
    pub(super) async fn declared(
        &self,
        operation: &str,
        path: &str,
        job: &JobName,
    ) -> Answer<Vec<DeclaredParameter>> {
        let tree = "buildable,property[parameterDefinitions[name,choices]]";
        let url = self
            .client
            .base()
            .ask(&format!("{path}/api/json"), &[("tree", tree)]);
        let definitions: wire::Definitions = self.read(operation, url).await?;
        let (message, hint) = match definitions.buildable {
            Some(true) => return Ok(definitions.declared()),
            Some(false) => (
                format!("{job} is disabled or cannot be built."),
                "Enable the job in Jenkins.",
            ),
            None => (
                format!("{job} is a folder, not a job."),
                "Name the deploy job in the estate file.",
            ),
        };
        Err(self
            .client
            .error(operation, FaultKind::Refused, message)
            .with_hint(hint))
    }

    /// Compares an order with what the job declares. Answers whether it declares parameters.
    async fn check(&self, operation: &str, path: &str, order: &BuildOrder) -> Answer<bool> {
        let declared = self.declared(operation, path, &order.job).await?;
        let refuse = |message: String, hint: &str| {
            self.client
                .error(operation, FaultKind::Refused, message)
                .with_hint(hint)
        };
        let mut missing = Vec::new();
        for (name, value) in &order.parameters {
            let Some(definition) = declared.iter().find(|declared| declared.name == *name) else {
                missing.push(name.as_str());
                continue;
            };
            let allowed = &definition.choices;
            if !allowed.is_empty() && !allowed.contains(value) {
                let message = format!(
                    "`{value}` is not a choice of {name} in {} ({}).",
                    order.job,
                    allowed.join(", ")
                );
                return Err(refuse(
                    message,
                    "Add the choice to the job, or correct the order.",
                ));
            }
        }
        if missing.is_empty() {
            return Ok(!declared.is_empty());
        }
        let message = format!(
            "{} does not declare {}, and Jenkins would drop it.",
            order.job,
            missing.join(", ")
        );
        Err(refuse(
            message,
            "Declare these parameters in the job, as strings with an empty default.",
        ))
    }

    /// Sends a change once, with a crumb if this login needs one.
    async fn change(&self, operation: &str, url: Url, form: &[(String, String)]) -> Answer<Reply> {
        let known = self.crumb.lock().await.clone();
        let headers = self.headers_with(known.as_ref());
        let reply = self
            .client
            .post(operation, url.clone(), &headers, form)
            .await?;
        if !refusal::is_crumb_refusal(&reply) {
            return Ok(reply);
        }
        // Refused before it was looked at: this is not a repetition.
        let fresh = self.fetch_crumb(operation).await?;
        let headers = self.headers_with(fresh.as_ref());
        *self.crumb.lock().await = fresh;
        self.client.post(operation, url, &headers, form).await
    }

    fn headers_with(&self, crumb: Option<&Crumb>) -> HeaderMap {
        let mut headers = self.headers.clone();
        if let Some(crumb) = crumb {
            headers.extend(crumb.headers.clone());
        }
        headers
    }

    /// Jenkins answers some changes by sending back to the page of the build.
    fn done_by_redirect(&self, operation: &str, reply: &Reply) -> Answer<()> {
        let target = reply
            .header("location")
            .and_then(|location| self.client.base().at("/").join(&location).ok());
        match target {
            Some(target)
                if matches!(reply.status, 302 | 303)
                    && !is_login_page(&target)
                    && target.path().contains("/job/") =>
            {
                Ok(())
            }
            _ => Err(self.not_done(operation, reply)),
        }
    }

    /// The error for an answer to a change that is not the expected one.
    fn not_done(&self, operation: &str, reply: &Reply) -> ConnectorError {
        let by_jenkins = reply.header("x-jenkins").is_some();
        match reply.status {
            301..=308 if self.sends_to_login(reply) => self
                .client
                .error(
                    operation,
                    FaultKind::Unauthenticated,
                    "Jenkins sends to its login page.",
                )
                .with_code(reply.status.to_string())
                .with_hint("Give Jenkins a valid token of your own."),
            200..=399 => {
                let why = format!("an answer came that is not Jenkins's ({}).", reply.status);
                self.client.outcome_unknown(operation, &why)
            }
            503 if Self::not_up(reply) => self.refusal(operation, reply),
            409 => {
                let message = "Jenkins says that the job is disabled or busy.";
                self.client
                    .error(operation, FaultKind::Refused, message)
                    .with_code("409")
            }
            500 if by_jenkins => {
                let message = "Jenkins could not work with this request (500).";
                self.client
                    .error(operation, FaultKind::Refused, message)
                    .with_code("500")
                    .with_hint(
                        "Jenkins's own log says why; the job's parameters are the usual reason.",
                    )
            }
            408 | 500..=599 => {
                let why = format!("the answer was {} from somewhere in between.", reply.status);
                self.client
                    .outcome_unknown(operation, &why)
                    .with_code(reply.status.to_string())
            }
            _ => self.refusal(operation, reply),
        }
    }

    fn sends_to_login(&self, reply: &Reply) -> bool {
        reply
            .header("location")
            .and_then(|location| self.client.base().at("/").join(&location).ok())
            .is_some_and(|target| is_login_page(&target))
    }
}
