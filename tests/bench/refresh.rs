//! The practice estate's start, and the overview's refresh.

use crate::estates::EstateFile;
use crate::figures::{Report, Series, progress};
use interlock_acceptance::bank::Bank;
use interlock_contract::Nothing;
use interlock_contract::commands::Commands as _;
use interlock_host::{EstateSource, Host, HostOptions};
use interlock_practice::{Practice, PracticeOptions};
use serde_json::json;
use std::path::Path;
use std::time::Instant;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const STARTS: usize = 9;
const ROUNDS: usize = 11;

/// Latency of every answer while refreshes are measured.
const LATENCY_MILLIS: u64 = 100;

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// Opens an estate as the shells do.
pub fn open(runtime: &Runtime, estate: &Path, data: &Path) -> Host {
    let options = HostOptions {
        estate: EstateSource::File(estate.to_owned()),
        data: data.to_owned(),
        environment: std::env::vars().collect(),
        runner: "bench".into(),
    };
    runtime
        .block_on(Host::open(options))
        .unwrap_or_else(|error| panic!("{} does not open: {error}", estate.display()))
}

/// Refreshes once and gives the milliseconds that it took.
pub fn refresh(runtime: &Runtime, host: &Host, stacks: usize) -> f64 {
    let began = Instant::now();
    let view = runtime
        .block_on(host.overview_refresh(Nothing {}))
        .unwrap_or_else(|error| panic!("the refresh failed: {error}"));
    let took = millis(began);
    let seen: usize = view.scopes.iter().map(|scope| scope.stacks as usize).sum();
    assert_eq!(seen, stacks, "the refresh has to see every stack");
    took
}

/// How long the practice estate takes to start, the first time and again.
pub fn practice_start(runtime: &Runtime, report: &mut Report) {
    let (mut first, mut again) = (Series::default(), Series::default());
    for _ in 0..STARTS {
        let folder = TempDir::with_prefix("interlock-bench-").expect("a temporary folder");
        for series in [&mut first, &mut again] {
            let began = Instant::now();
            let practice = runtime
                .block_on(Practice::start(PracticeOptions::new(folder.path())))
                .unwrap_or_else(|error| panic!("the practice estate does not start: {error}"));
            series.push(millis(began));
            let _entered = runtime.enter();
            let _ = practice.shutdown();
        }
    }
    report.line("practice estate: first start", "ms", &first);
    report.line("practice estate: start on kept state", "ms", &again);
    report.bound(
        "practice estate starts well under a second (first start, s)",
        first.median() / 1000.0,
        0.5,
    );
}

/// All scopes together against each alone, and against the whole estate.
pub fn overview(runtime: &Runtime, bank: &Bank, stacks: usize, report: &mut Report) {
    let whole = EstateFile::read(bank.estate_file());
    let data = TempDir::with_prefix("interlock-bench-").expect("a temporary folder");
    let aws = whole.aws_only();
    let scopes = aws.scopes();
    let count = scopes.len();
    let alone: Vec<(String, Host)> = scopes
        .iter()
        .map(|(name, estate)| {
            let file = estate.write(&format!("alone {name}"));
            (name.clone(), open(runtime, &file, data.path()))
        })
        .collect();
    let together = open(runtime, &aws.write("six scopes"), data.path());
    let everything = open(runtime, &whole.write("whole estate"), data.path());
    bank.add_fault(&json!({ "service": "*", "operation": "*", "scope": "*",
        "kind": "latency", "millis": LATENCY_MILLIS }));

    let mut first = Series::default();
    let mut each = vec![Series::default(); count];
    let mut all = Series::default();
    let mut with_others = Series::default();
    for round in 0..=ROUNDS {
        let took = refresh(runtime, &together, stacks);
        // The first of a process assumes a role in each account and learns who one is.
        if round == 0 {
            first.push(took);
        } else {
            all.push(took);
        }
        for ((_, host), series) in alone.iter().zip(&mut each) {
            let took = refresh(runtime, host, stacks / count);
            if round > 0 {
                series.push(took);
            }
        }
    }
    progress("refreshing the whole estate, Jenkins, SonarQube and GitLab included");
    for _ in 0..3 {
        with_others.push(refresh(runtime, &everything, stacks));
    }
    bank.remove_faults();

    for ((name, _), series) in alone.iter().zip(&each) {
        report.line(format!("refresh of {name} alone"), "ms", series);
    }
    let what = format!("refresh of {stacks} stacks in {count} scopes");
    report.line(what.clone(), "ms", &all);
    report.line("the same, first in its process", "ms", &first);
    report.line("with Jenkins, SonarQube and GitLab", "ms", &with_others);
    let slowest = each.iter().map(Series::median).fold(0.0, f64::max);
    report.bound(
        format!("{what}: median against the slowest scope alone"),
        all.median() / slowest,
        1.5,
    );
}
