//! Measures speed and size of a release build against the bounds that were agreed, prints a table
//! and writes it as JSON. `make bench` runs it.
//!
//! It fails only when it cannot measure: how fast a machine is at this minute is no property of the
//! program. What is compared is therefore measured in the same run, in turns.

mod decide;
mod diff;
mod estates;
mod figures;
#[path = "../../src-tauri/crates/stackdiff/tests/generator/mod.rs"]
mod generator;
mod known;
mod ledger;
mod processes;
mod refresh;
mod scroll;
mod start;

use estates::EstateFile;
use figures::{Report, progress};
use interlock_acceptance::bank::Bank;
use interlock_acceptance::window::Desk;
use interlock_practice::PracticeOptions;
use interlock_practice::bank::Scale;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// A third of a large comparison is spent on memory; this allocator takes much of that off.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Services of the bank whose stacks run in three environments and two regions.
const SERVICES: usize = 100;
const STACKS: usize = SERVICES * 6;
/// Services of the bank whose matrix is scrolled.
const ROWS: usize = 2_000;
/// Services of the bank that its first paint is compared with.
const FEW_ROWS: usize = 20;

fn main() {
    let mut words = std::env::args().skip(1);
    let file = PathBuf::from(
        words
            .next()
            .expect("usage: interlock-bench FILE [PART ...]"),
    );
    let parts: Vec<String> = words.collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|each| each == part);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let mut report = Report::default();
    let before = load();

    if wanted("diff") {
        progress("comparing large templates");
        let folder = TempDir::with_prefix("interlock-bench-").expect("a temporary folder");
        diff::measure(folder.path(), &mut report);
    }
    if wanted("ledger") {
        progress("checking and appending to the ledger");
        let folder = TempDir::with_prefix("interlock-bench-").expect("a temporary folder");
        ledger::verify(&mut report);
        ledger::append(folder.path(), &mut report);
    }
    if wanted("decide") {
        progress("deciding on a promotion of 50 stacks");
        let folder = TempDir::with_prefix("interlock-bench-").expect("a temporary folder");
        decide::measure(folder.path(), &mut report);
    }
    if wanted("practice") {
        progress("starting the practice estate");
        refresh::practice_start(&runtime, &mut report);
    }
    if wanted("refresh") || wanted("start") || wanted("memory") {
        let bank = large_bank(SERVICES, true);
        if wanted("refresh") {
            progress("refreshing");
            refresh::overview(&runtime, &bank, STACKS, &mut report);
        }
        let estate = EstateFile::read(bank.estate_file()).write("bench");
        let desk = Desk::new();
        let host = refresh::open(&runtime, &estate, desk.data());
        refresh::refresh(&runtime, &host, STACKS);
        runtime.block_on(host.close());
        if wanted("start") {
            progress("opening windows");
            start::against_empty(&desk, &estate, STACKS, &mut report);
        }
        if wanted("memory") {
            start::memory(&desk, &estate, STACKS, &mut report);
        }
    }
    if wanted("paint") || wanted("scroll") {
        progress("making a matrix of 2,000 rows");
        let bank = large_bank(ROWS, false);
        let few = large_bank(FEW_ROWS, false);
        let desk = Desk::new();
        let columns = |bank: &Bank, name: &str, rows: usize| {
            let three = EstateFile::read(bank.estate_file()).aws_only();
            known::four_columns(&runtime, &three, name, rows * 3, desk.data())
        };
        let large = columns(&bank, "bench large", ROWS);
        let small = columns(&few, "bench small", FEW_ROWS);
        if wanted("scroll") {
            progress("scrolling");
            scroll::measure(&desk, &large, ROWS, &mut report);
        }
        if wanted("paint") {
            start::large_against_small(&desk, &large, &small, &mut report);
        }
    }

    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    report.note(format!(
        "{processors} processors; load average before {before}, after {}",
        load()
    ));
    #[expect(clippy::print_stdout, reason = "it is the result")]
    {
        println!("{}", report.table());
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).expect("the folder of the result can be made");
    }
    fs::write(&file, format!("{:#}\n", report.json())).expect("the result can be written");
    progress(format_args!("written to {}", file.display()));
}

fn large_bank(services: usize, two_regions: bool) -> Bank {
    let folder = TempDir::with_prefix("interlock-bench-").expect("a temporary folder");
    let mut options = PracticeOptions::new(folder.path());
    options.scale = Some(Scale {
        services,
        two_regions,
    });
    Bank::with(options, folder)
}

/// How many processes want a processor, over one, five and fifteen minutes.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().take(3).collect();
    words.join(" ")
}
