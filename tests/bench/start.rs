//! The window's start: against an empty window, and a large matrix against a small one. Memory.

use crate::figures::{Report, Series, progress};
use crate::processes::{Process, children, descendants};
use interlock_acceptance::page::Page;
use interlock_acceptance::window::{Desk, program};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

const PAIRS: usize = 11;

/// What a window's core may take, in MB.
const CORE_LIMIT: f64 = 150.0;

/// Milliseconds from the start of the process and of the document to what was waited for.
struct Shown {
    since_process: f64,
    since_document: f64,
}

/// Waits until the page has the mark (or its first content) and tells when that was.
fn shown(desk: &Desk, page: &Page<'_>, mark: Option<&str>) -> Shown {
    let script = "const [mark, done] = arguments;
        const look = () => {
            const found = mark ? performance.getEntriesByName(mark)[0]
                : performance.getEntriesByName('first-contentful-paint')[0];
            if (found) done([performance.timeOrigin, found.startTime]);
            else setTimeout(look, 20);
        };
        look();";
    let answer = page
        .session()
        .async_script(script, &json!([mark]))
        .unwrap_or_else(|error| panic!("nothing was painted: {error}"));
    let (origin, at) = (answer[0].as_f64(), answer[1].as_f64());
    let (origin, at) = origin.zip(at).expect("the engine tells its times");
    let started = window_process(desk)
        .started_millis()
        .expect("the window's process is there");
    Shown {
        since_process: origin + at - started,
        since_document: at,
    }
}

/// The process of the open window.
fn window_process(desk: &Desk) -> Process {
    children(desk.driver_process())
        .pop()
        .expect("the driver has started the window")
}

fn close(desk: &Desk, page: Page<'_>) {
    let _ = page.close();
    // The next one starts when nothing of this one is left.
    for _ in 0..200 {
        if descendants(desk.driver_process()).is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    std::thread::sleep(Duration::from_millis(200));
}

fn open<'desk>(desk: &'desk Desk, estate: &Path) -> Page<'desk> {
    desk.open_with(&["--estate".into(), estate.display().to_string()])
}

/// Name of the mark that the matrix sets when its first rows stand on the screen.
const MATRIX: Option<&str> = Some("matrix-painted");

/// The last known matrix against an empty window; then the memory that it takes.
pub fn against_empty(desk: &Desk, estate: &Path, stacks: usize, report: &mut Report) {
    let empty = empty_window();
    let (mut theirs, mut ours) = (Series::default(), Series::default());
    for pair in 0..=PAIRS {
        let page = desk.open_program(&empty, &[]);
        let blank = shown(desk, &page, None);
        close(desk, page);
        let page = open(desk, estate);
        let matrix = shown(desk, &page, MATRIX);
        close(desk, page);
        // The first pair reads the programs from the disk.
        if pair > 0 {
            theirs.push(blank.since_process);
            ours.push(matrix.since_process);
        }
        progress(format_args!(
            "pair {pair}: empty {:.0} ms, matrix {:.0} ms",
            blank.since_process, matrix.since_process
        ));
    }
    report.line("empty window: start to painted", "ms", &theirs);
    let what = format!("window: start to the last known matrix of {stacks} stacks");
    report.line(what, "ms", &ours);
    report.bound(
        format!("start with {stacks} stacks against an empty window (medians)"),
        ours.median() / theirs.median(),
        2.0,
    );
}

/// What the window's processes take after a refresh.
pub fn memory(desk: &Desk, estate: &Path, stacks: usize, report: &mut Report) {
    let page = open(desk, estate);
    shown(desk, &page, MATRIX);
    page.wait_for_text(&format!("{stacks} stacks"));
    page.wait_until_still();
    std::thread::sleep(Duration::from_secs(3));
    let core = window_process(desk);
    let mut lines = vec![(format!("core process with {stacks} stacks"), core.clone())];
    for each in descendants(core.id) {
        lines.push((format!("  its {}", each.name), each));
    }
    for (what, process) in lines {
        let Some(memory) = process.memory() else {
            continue;
        };
        for (kind, value) in [
            ("RSS", memory.resident),
            ("PSS", memory.proportional),
            ("own", memory.own),
        ] {
            let mut series = Series::default();
            series.push(value);
            report.line(format!("{what}: {kind}"), "MB", &series);
        }
        if process.id == core.id {
            report.bound(
                format!("core process with {stacks} stacks, PSS in MB"),
                memory.proportional,
                CORE_LIMIT,
            );
        }
    }
    close(desk, page);
}

/// First paint of a large matrix against that of a small one.
pub fn large_against_small(desk: &Desk, large: &Path, small: &Path, report: &mut Report) {
    let (mut slow, mut fast) = (Series::default(), Series::default());
    for pair in 0..=PAIRS {
        for (estate, series) in [(small, &mut fast), (large, &mut slow)] {
            let page = open(desk, estate);
            let at = shown(desk, &page, MATRIX).since_document;
            close(desk, page);
            if pair > 0 {
                series.push(at);
            }
            progress(format_args!("{}: {at:.0} ms", estate.display()));
        }
    }
    report.line("document to first paint of 20 x 4", "ms", &fast);
    report.line("document to first paint of 2,000 x 4", "ms", &slow);
    report.bound(
        "first paint of 2,000 x 4 against 20 x 4 (medians)",
        slow.median() / fast.median(),
        3.0,
    );
}

fn empty_window() -> PathBuf {
    let built = program();
    let beside = built.parent().expect("a program is in a folder");
    beside.join("examples/empty-window")
}
