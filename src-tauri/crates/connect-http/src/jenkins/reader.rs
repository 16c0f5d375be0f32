//! Reading builds: lists, one build, stages, log, inputs, tests, and the queue.

use super::{Jenkins, log, refusal, wire};
use crate::reply::{Keep, Reply};
use async_trait::async_trait;
use interlock_app::ports::{Answer, BuildReader, DeclaredParameter};
use interlock_domain::{
    FaultKind, JobName,
    build::{Build, BuildResult, LogChunk, PendingInput, QueueState, Stage, TestCounts},
};
use serde::Deserialize;

/// Jenkins lists at most so many builds of a job without loading all of them.
const CHEAP_BUILDS: usize = 100;

#[derive(Deserialize)]
struct Exists {}

#[async_trait]
impl BuildReader for Jenkins {
    async fn builds(&self, job: &JobName, limit: usize) -> Answer<Vec<Build>> {
        let operation = format!("builds of {job}");
        let list = if limit > CHEAP_BUILDS {
            "allBuilds"
        } else {
            "builds"
        };
        let tree = format!("{list}[{}]{{0,{limit}}}", wire::BUILD_TREE);
        let path = self.job_path(&operation, job)?;
        let url = self
            .client
            .base()
            .ask(&format!("{path}/api/json"), &[("tree", &tree)]);
        let answer: wire::Job = self.read(&operation, url).await?;
        let Some(builds) = answer.builds else {
            let message = format!("{job} is a folder or a multibranch project, not a job.");
            return Err(self
                .client
                .error(&operation, FaultKind::Unsupported, message)
                .with_hint(format!("Name a job in it, such as {job}/main.")));
        };
        builds
            .iter()
            .take(limit)
            .map(|build| self.build_of(&operation, job, build))
            .collect()
    }

    async fn build(&self, job: &JobName, number: u32) -> Answer<Build> {
        let operation = format!("build {job} #{number}");
        let path = self.build_path(&operation, job, number)?;
        let url = self
            .client
            .base()
            .ask(&format!("{path}/api/json"), &[("tree", wire::BUILD_TREE)]);
        let build: wire::Build = self.read(&operation, url).await?;
        self.build_of(&operation, job, &build)
    }

    async fn stages(&self, job: &JobName, number: u32) -> Answer<Vec<Stage>> {
        let operation = format!("stages of {job} #{number}");
        let path = self.build_path(&operation, job, number)?;
        let Some(mut stages) = self.flat_stages(&operation, &path).await? else {
            self.must_exist(&operation, &path).await?;
            return Ok(Vec::new());
        };
        self.correct_parents(job, &path, &mut stages).await;
        Ok(stages)
    }

    async fn log(&self, job: &JobName, number: u32, from: u64) -> Answer<LogChunk> {
        let operation = format!("log of {job} #{number}");
        let path = self.build_path(&operation, job, number)?;
        let url = self.client.base().ask(
            &format!("{path}/logText/progressiveText"),
            &[("start", &from.to_string())],
        );
        let keep = Keep::End(self.client.options().max_log);
        let reply = self.page(&operation, url, keep).await?;
        if !reply.is_success() {
            return Err(self.refusal(&operation, &reply));
        }
        let Some(size) = reply.number("x-text-size") else {
            if reply.is_html() {
                return Err(self.client.web_page(&operation, &reply));
            }
            let message = "Jenkins's answer does not say how far the log goes.";
            return Err(self.client.error(&operation, FaultKind::BadAnswer, message));
        };
        Ok(chunk(&reply, from, size))
    }

    async fn pending_inputs(&self, job: &JobName, number: u32) -> Answer<Vec<PendingInput>> {
        let operation = format!("inputs of {job} #{number}");
        let path = self.build_path(&operation, job, number)?;
        let url = self
            .client
            .base()
            .at(&format!("{path}/wfapi/pendingInputActions"));
        let inputs: Option<Vec<wire::Input>> = self.look(&operation, url).await?;
        let Some(inputs) = inputs else {
            self.must_exist(&operation, &path).await?;
            return Ok(Vec::new());
        };
        Ok(inputs.into_iter().map(PendingInput::from).collect())
    }

    async fn tests(&self, job: &JobName, number: u32) -> Answer<Option<TestCounts>> {
        let operation = format!("tests of {job} #{number}");
        let path = self.build_path(&operation, job, number)?;
        let url = self.client.base().ask(
            &format!("{path}/testReport/api/json"),
            &[("tree", "passCount,failCount,skipCount,totalCount")],
        );
        let report: Option<wire::TestReport> = self.look(&operation, url).await?;
        let Some(report) = report else {
            self.must_exist(&operation, &path).await?;
            return Ok(None);
        };
        // Reports that sum up several others give a total in place of the passed ones.
        let passed = report.passed.or_else(|| {
            let not_passed = report.failed.checked_add(report.skipped)?;
            report.total?.checked_sub(not_passed)
        });
        let Some(passed) = passed else {
            let message = "Jenkins's test report does not say how many tests passed.";
            return Err(self.client.error(&operation, FaultKind::BadAnswer, message));
        };
        Ok(Some(TestCounts {
            passed,
            failed: report.failed,
            skipped: report.skipped,
        }))
    }

    async fn declared_parameters(&self, job: &JobName) -> Answer<Vec<DeclaredParameter>> {
        let operation = format!("parameters of {job}");
        let path = self.job_path(&operation, job)?;
        self.declared(&operation, &path, job).await
    }

    async fn queue(&self, item: u64) -> Answer<QueueState> {
        let operation = format!("queue item {item}");
        let url = self
            .client
            .base()
            .at(&format!("/queue/item/{item}/api/json"));
        let found: Option<wire::QueueItem> = self.look(&operation, url).await?;
        Ok(found.map_or(QueueState::Gone, |found| {
            found.state(|url| self.rebased(url))
        }))
    }
}

impl Jenkins {
    /// Jenkins's address of a job or build, on the configured base.
    pub(super) fn rebased(&self, url: &str) -> Option<String> {
        Some(self.client.base().rebase(url, "/job/")?.to_string())
    }

    /// Jenkins answers 404 both for a build that has no such thing and for no build at all.
    async fn must_exist(&self, operation: &str, path: &str) -> Answer<()> {
        let url = self
            .client
            .base()
            .ask(&format!("{path}/api/json"), &[("tree", "number")]);
        self.read::<Exists>(operation, url).await.map(|_| ())
    }

    pub(super) fn build_of(
        &self,
        operation: &str,
        job: &JobName,
        build: &wire::Build,
    ) -> Answer<Build> {
        let strange = |what: &str| {
            let message = format!("Build #{} has {what}.", build.number);
            self.client.error(operation, FaultKind::BadAnswer, message)
        };
        let result = match (build.building, build.result.as_deref()) {
            // A result may stand before the end; it is not the last word.
            (true, _) | (false, None) => None,
            (false, Some(word)) => Some(
                BuildResult::from_word(word).ok_or_else(|| strange("a result of unknown kind"))?,
            ),
        };
        let path = self.build_path(operation, job, build.number)?;
        Ok(Build {
            job: job.clone(),
            number: build.number,
            url: self.client.base().at(&format!("{path}/")).to_string(),
            building: build.building,
            result,
            started_at: wire::time(build.timestamp)
                .ok_or_else(|| strange("a start beyond all calendars"))?,
            duration_ms: u64::try_from(build.duration).unwrap_or_default(),
            causes: build.causes(),
            parameters: build.parameters(),
            revision: build.revision(),
        })
    }
}

/// The piece of log in an answer to a question from an offset on.
pub(super) fn chunk(reply: &Reply, from: u64, size: u64) -> LogChunk {
    let more = reply
        .header("x-more-data")
        .is_some_and(|more| more.trim().eq_ignore_ascii_case("true"));
    if from > size {
        // Asked beyond the end, Jenkins gives the whole log once more: nothing of it is new.
        return LogChunk {
            text: String::new(),
            next: size,
            more,
        };
    }
    let short = reply.skipped == 0 && is_short(&reply.body, size - from);
    let more = more || short;
    let (mut text, left) = log::clean(&reply.body, !more);
    if reply.skipped > 0 {
        let megabytes = reply.skipped.div_ceil(1024 * 1024);
        text.insert_str(
            0,
            &format!("[… {megabytes} MB of this log are left out here …]\n"),
        );
    }
    let next = if short {
        from.saturating_add(in_file(&reply.body[..reply.body.len() - left]))
    } else {
        size.saturating_sub(left as u64)
    };
    LogChunk {
        text,
        next: next.clamp(from, size),
        more,
    }
}

/// Whether an answer surely ended before the end that its header tells. Line ends only make it
/// longer, how much is not known, since those of Windows stay as they are. An answer without
/// anything is taken at its header's word, so that asking comes to an end.
fn is_short(body: &[u8], told: u64) -> bool {
    !body.is_empty() && (body.len() as u64) < told
}

/// How many bytes of Jenkins's file a piece of its answer stands for.
fn in_file(body: &[u8]) -> u64 {
    let line_ends = body.windows(2).filter(|two| *two == b"\r\n").count();
    (body.len() - line_ends) as u64
}

impl Jenkins {
    /// Whether an answer is from a Jenkins that handled nothing because it is not up yet.
    pub(super) fn not_up(reply: &Reply) -> bool {
        refusal::is_starting(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::tests::reply;
    use proptest::prelude::*;

    #[test]
    fn a_start_beyond_the_end_repeats_nothing() {
        let whole = reply(200, &[("x-text-size", "10")], b"0123456789");
        let chunk = chunk(&whole, 999, 10);
        assert_eq!((chunk.text.as_str(), chunk.next), ("", 10));
    }

    proptest! {
        /// What an answer lost at its end, more than its line ends hide, comes with the next one.
        #[test]
        fn an_answer_that_lost_its_end_is_continued_where_it_ended(
            file in "([a-zé✓ ]{0,8}\n){0,8}",
            cuts in proptest::collection::vec(1_usize..40, 1..200),
        ) {
            let mut cuts = cuts.into_iter();
            let (mut from, mut text) = (0, String::new());
            for _ in 0..400 {
                let rest = &file.as_bytes()[usize::try_from(from).unwrap()..];
                let mut body = String::from_utf8_lossy(rest).replace('\n', "\r\n").into_bytes();
                if let Some(cut) = cuts.next().filter(|cut| *cut < rest.len()) {
                    body.truncate(cut);
                }
                let piece = chunk(&reply(200, &[], &body), from, file.len() as u64);
                text.push_str(&piece.text);
                from = piece.next;
                if !piece.more {
                    break;
                }
            }
            prop_assert_eq!(text, file);
        }
    }

    #[test]
    fn the_next_offset_comes_from_the_header_and_not_from_the_longer_body() {
        let crlf = reply(200, &[("x-more-data", "true")], b"one\r\ntwo\r\n");
        let chunk = chunk(&crlf, 0, 8);
        assert_eq!(chunk.text, "one\ntwo\n");
        assert_eq!((chunk.next, chunk.more), (8, true));
    }

    #[test]
    fn the_last_chunk_comes_without_the_header_and_may_carry_text() {
        let last = chunk(&reply(200, &[], b"Finished: SUCCESS\r\n"), 4, 22);
        assert_eq!(last.text, "Finished: SUCCESS\n");
        assert_eq!((last.next, last.more), (22, false));
    }

    #[test]
    fn a_letter_cut_at_the_chunk_edge_is_asked_for_again() {
        let cut = reply(200, &[("x-more-data", "true")], b"caf\xc3");
        let chunk = chunk(&cut, 100, 104);
        assert_eq!((chunk.text.as_str(), chunk.next), ("caf", 103));
    }

    #[test]
    fn a_log_that_is_too_long_says_so() {
        let mut long = reply(200, &[], b"end\n");
        long.skipped = 3 * 1024 * 1024;
        let chunk = chunk(&long, 0, 99);
        assert!(
            chunk.text.starts_with("[… 3 MB of this log"),
            "{}",
            chunk.text
        );
        assert!(chunk.text.ends_with("end\n"));
    }
}
