//! Bodies of the fuzz targets for the answers of Jenkins, SonarQube and GitLab.
//!
//! Not for use: `fuzz/` calls them with whatever libFuzzer finds, the tests below with recorded
//! answers that were changed. A body panics where a promise is broken: an answer is read or is
//! an error, and an error is a sentence that a person can read. Nobody is asked anything.

use crate::{HttpOptions, reply::Reply};
use interlock_domain::ConnectorError;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

pub use crate::{
    gitlab::fuzz::gitlab,
    jenkins::fuzz::{jenkins, progressive_log, wfapi},
    sonarqube::fuzz::sonarqube,
};

/// Address that nobody is asked at.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:9/base";
/// Statuses with a meaning of their own, and one of each other kind.
pub(crate) const STATUSES: [u16; 12] = [302, 400, 401, 403, 404, 408, 409, 410, 418, 429, 500, 503];
/// The longest sentence that an error may be.
const LONGEST: usize = 2_000;

/// An answer with a status, a few headers and a body.
pub(crate) fn reply(status: u16, headers: &[(&'static str, String)], body: &[u8]) -> Reply {
    let headers: HeaderMap = headers
        .iter()
        .filter_map(|(name, value)| {
            let value = HeaderValue::from_bytes(value.as_bytes()).ok()?;
            Some((HeaderName::from_static(name), value))
        })
        .collect();
    Reply {
        status,
        headers,
        body: body.to_vec(),
        skipped: 0,
    }
}

/// Options that keep the bodies quick.
pub(crate) fn options() -> HttpOptions {
    HttpOptions {
        retries: 0,
        ..HttpOptions::default()
    }
}

/// An error is one sentence of bearable length without control characters.
pub(crate) fn well_told(error: &ConnectorError) {
    let told = [
        Some(&error.message),
        error.hint.as_ref(),
        error.code.as_ref(),
    ];
    for text in told.into_iter().flatten() {
        assert!(!text.trim().is_empty(), "an empty sentence: {error:?}");
        assert!(text.len() <= LONGEST, "too long: {error:?}");
        assert!(!text.contains(char::is_control), "control: {error:?}");
    }
}

/// The error of an answer that was not read, checked.
pub(crate) fn read<T>(answer: Result<T, ConnectorError>) -> Option<T> {
    answer.inspect_err(well_told).ok()
}

/// Refusals of all three systems with any page are sentences.
pub fn errors(bytes: &[u8]) {
    crate::jenkins::fuzz::refusals(bytes);
    crate::sonarqube::fuzz::refusals(bytes);
    crate::gitlab::fuzz::refusals(bytes);
}

#[cfg(test)]
#[path = "../../../../fuzz/mutated.rs"]
mod mutated;

#[cfg(test)]
mod tests {
    use super::{
        errors, gitlab, jenkins,
        mutated::{foreign, soon, times},
        progressive_log, sonarqube, wfapi,
    };
    use proptest::prelude::*;
    use std::path::Path;

    /// Bodies of recorded answers whose file's name has one of these words.
    fn recorded(words: &[&str]) -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/jenkins-2.516.2");
        let mut bodies: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .flatten()
            .filter(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                words.iter().any(|word| name.contains(word))
            })
            .filter_map(|entry| {
                let whole = std::fs::read(entry.path()).unwrap();
                let text = String::from_utf8_lossy(&whole).replace("\r\n", "\n");
                let (_, answer) = text.split_once("\n\nHTTP/1.1 ")?;
                let (_, body) = answer.split_once("\n\n")?;
                Some(body.as_bytes().to_vec())
            })
            .filter(|body| !body.is_empty() && body.len() < 20_000)
            .collect();
        bodies.sort();
        bodies
    }

    fn written(texts: &[&str]) -> Vec<Vec<u8>> {
        texts.iter().map(|text| text.as_bytes().to_vec()).collect()
    }

    fn of_sonarqube() -> Vec<Vec<u8>> {
        written(&[
            r#"{"id":"1","version":"2026.1.5.118742","status":"UP"}"#,
            r#"{"valid":true}"#,
            r#"{"isLoggedIn":true,"login":"a.ruiz","name":"Ana Ruíz"}"#,
            r#"{"projectStatus":{"status":"ERROR","conditions":[{"status":"ERROR","metricKey":"new_coverage","comparator":"LT","errorThreshold":"80","actualValue":"71.4"}]}}"#,
            r#"{"paging":{"pageIndex":1,"pageSize":1,"total":3},"analyses":[{"key":"AY2","date":"2026-11-20T17:12:45+0100","projectVersion":"5.2.0","revision":"866f128","events":[]}]}"#,
            r#"{"component":{"key":"transfers","measures":[{"metric":"coverage","value":"71.4"},{"metric":"new_bugs","period":{"index":1,"value":"0","bestValue":true}}]}}"#,
            r#"{"metrics":[{"key":"coverage","type":"PERCENT"}],"total":1,"p":1,"ps":500}"#,
            r#"{"errors":[{"msg":"Component key 'x' not found"}]}"#,
        ])
    }

    fn of_gitlab() -> Vec<Vec<u8>> {
        let mut seeds = written(&[
            r#"{"id":7,"username":"a.ruiz","name":"Ana Ruíz"}"#,
            r#"{"version":"18.5.1-ee","revision":"abc"}"#,
            r#"{"error":"insufficient_scope","error_description":"The request requires higher privileges","scope":"api read_api"}"#,
            r#"{"message":{"base":["is invalid",{"deep":["x"]}]}}"#,
        ]);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/gitlab/merge-request.json");
        let request = std::fs::read(file).unwrap();
        seeds.push([b"[", &request[..], b"]"].concat());
        seeds
    }

    fn pages() -> Vec<Vec<u8>> {
        let mut seeds = recorded(&["404", "403", "401", "denied", "no-", "startup", "bad"]);
        seeds.extend(of_gitlab());
        seeds.extend(of_sonarqube());
        seeds.extend(written(&[
            "<!DOCTYPE html><html><head><title>Red de invitados</title></head><body>Log in</body></html>",
        ]));
        seeds
    }

    proptest! {
        #![proptest_config(times(250))]

        #[test]
        fn any_answer_of_jenkins_is_read_or_told(
            bytes in foreign(recorded(&["me", "queue", "job", "build", "pending", "testReport", "item", "cause"]))
        ) {
            soon(|| jenkins(&bytes));
        }

        #[test]
        fn any_answer_about_stages_is_read_or_told(
            bytes in foreign(recorded(&["describe", "wfapi", "overview"]))
        ) {
            soon(|| wfapi(&bytes));
        }

        #[test]
        fn any_piece_of_a_log_is_text_and_the_next_question_goes_on(
            bytes in foreign(recorded(&["prog", "consoleText"]))
        ) {
            soon(|| progressive_log(&bytes));
        }

        #[test]
        fn any_answer_of_sonarqube_is_read_or_told(bytes in foreign(of_sonarqube())) {
            soon(|| sonarqube(&bytes));
        }

        #[test]
        fn any_answer_of_gitlab_is_read_or_told(bytes in foreign(of_gitlab())) {
            soon(|| gitlab(&bytes));
        }

        #[test]
        fn any_refusal_is_a_sentence(bytes in foreign(pages())) {
            soon(|| errors(&bytes));
        }
    }
}
