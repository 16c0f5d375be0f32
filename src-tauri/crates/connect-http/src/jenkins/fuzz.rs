//! Bodies of the fuzz targets for Jenkins's answers; see [`crate::fuzz`].

use super::{
    Jenkins, Login,
    reader::chunk,
    stages::{Described, Overview, correct},
    wire,
};
use crate::fuzz::{NOWHERE, STATUSES, options, read, reply, well_told};
use interlock_domain::{
    JobName, Secret,
    build::{PendingInput, Stage},
};
use std::sync::LazyLock;

static JENKINS: LazyLock<Option<Jenkins>> = LazyLock::new(|| {
    let login = Login {
        user: "a.ruiz".into(),
        secret: Secret::new("11aa"),
    };
    Jenkins::new(NOWHERE, Some(&login), &options()).ok()
});

/// Answers about users, jobs, builds, the queue, inputs and tests.
pub fn jenkins(bytes: &[u8]) {
    let (Some(jenkins), Ok(job)) = (JENKINS.as_ref(), JobName::new("payments/deploy")) else {
        return;
    };
    let answer = reply(200, &[], bytes);
    let client = &jenkins.client;
    let _ = read(client.json::<wire::Me>("me", &answer));
    if let Some(list) = read(client.json::<wire::Job>("builds", &answer)) {
        for build in list.builds.iter().flatten() {
            let _ = read(jenkins.build_of("builds", &job, build));
        }
    }
    if let Some(build) = read(client.json::<wire::Build>("build", &answer))
        && let Some(build) = read(jenkins.build_of("build", &job, &build))
    {
        assert!(build.url.starts_with(NOWHERE), "{}", build.url);
    }
    if let Some(queue) = read(client.json::<wire::Queue>("queue", &answer)) {
        for item in &queue.items {
            let _ = (item.has_parameter("PROMOTION_ID", "x"), item.job_url());
            let _ = item.state(|url| jenkins.rebased(url));
        }
    }
    if let Some(item) = read(client.json::<wire::QueueItem>("item", &answer)) {
        let _ = item.state(|url| jenkins.rebased(url));
    }
    if let Some(definitions) = read(client.json::<wire::Definitions>("job", &answer)) {
        let _ = definitions.declared();
    }
    if let Some(inputs) = read(client.json::<Vec<wire::Input>>("inputs", &answer)) {
        let _: Vec<PendingInput> = inputs.into_iter().map(PendingInput::from).collect();
    }
    let _ = read(client.json::<wire::TestReport>("tests", &answer));
}

/// Answers about stages, flat and nested.
pub fn wfapi(bytes: &[u8]) {
    let Some(jenkins) = JENKINS.as_ref() else {
        return;
    };
    let answer = reply(200, &[], bytes);
    let described = read(jenkins.client.json::<Described>("stages", &answer));
    let mut stages: Vec<Stage> = described
        .into_iter()
        .flat_map(|described| described.stages)
        .map(Stage::from)
        .collect();
    if let Some(overview) = read(jenkins.client.json::<Overview>("nested", &answer)) {
        // A tree over stages that it may or may not name.
        stages.extend(["1", "2", "3"].map(|id| Stage {
            id: id.into(),
            name: id.into(),
            status: "SUCCESS".into(),
            started_at: None,
            duration_ms: 0,
            error: None,
        }));
        let before = stages.len();
        correct(&overview.data.stages, &mut stages);
        assert_eq!(stages.len(), before);
    }
}

/// A piece of a log; the first four bytes say where it begins and how far the log goes.
pub fn progressive_log(bytes: &[u8]) {
    let (numbers, body) = bytes.split_at(bytes.len().min(4));
    let number = |at: usize| u64::from(numbers.get(at).copied().unwrap_or_default());
    let from = number(0) * number(1);
    let size = match number(2) % 3 {
        0 => from + body.len() as u64,
        1 => number(3) * 7,
        _ => u64::MAX - number(3),
    };
    let more = [("x-more-data", "true".to_owned())];
    let headers = if number(3) % 2 == 0 { &more[..] } else { &[] };
    let piece = chunk(&reply(200, headers, body), from, size);
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    assert!(!piece.text.contains(control), "{:?}", piece.text);
    assert!(piece.next <= size, "the next question is beyond the end");
    assert!(piece.next >= from.min(size), "the next question goes back");
    assert!(piece.text.len() <= body.len() * 3, "it grew");
}

/// Refusals with any page.
pub(crate) fn refusals(bytes: &[u8]) {
    let Some(jenkins) = JENKINS.as_ref() else {
        return;
    };
    let header = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
    for status in STATUSES {
        for headers in [
            &[][..],
            &[("x-error", header.clone()), ("x-jenkins", "2.516".into())],
            &[("x-required-permission", header.clone())],
            &[("location", header.clone())],
        ] {
            let answer = reply(status, headers, bytes);
            well_told(&jenkins.refusal("trigger", &answer));
        }
    }
}
