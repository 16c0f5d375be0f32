//! Scrolling the real matrix against a static page with the same rows, in the same window.

use crate::figures::{Report, Series, progress};
use interlock_acceptance::page::Page;
use interlock_acceptance::window::Desk;
use serde_json::{Value, json};
use std::path::Path;

/// Rounds of both, and frames in each.
const ROUNDS: u32 = 6;
const FRAMES: u32 = 150;

/// Pixels a frame.
const SPEEDS: [u32; 2] = [20, 120];

const LIMIT: f64 = 1.25;

/// Measures both at every speed.
pub fn measure(desk: &Desk, estate: &Path, rows: usize, report: &mut Report) {
    let page = desk.open_with(&["--estate".into(), estate.display().to_string()]);
    page.find("grid", "Services by environment");
    // What the window does when it starts is not to be measured here.
    page.wait_for_text(&format!("{rows} services"));
    page.wait_until_still();
    let collected = run(&page, COLLECT, &json!([rows]));
    let expected = Value::from(rows);
    assert_eq!(collected, expected, "the static page has to have every row");
    for speed in SPEEDS {
        let (mut fixed, mut real) = (Series::default(), Series::default());
        for round in 0..=ROUNDS {
            for (which, series) in [("static", &mut fixed), ("real", &mut real)] {
                let from = round * 4_000;
                let arguments = json!([which, speed, FRAMES, from]);
                let frames = run(&page, SCROLL, &arguments);
                let frames = frames.as_array().into_iter().flatten();
                let frames: Vec<f64> = frames.filter_map(Value::as_f64).collect();
                // The first round warms both.
                if round > 0 {
                    series.extend(frames);
                }
            }
        }
        for (what, series) in [("static page", &fixed), ("matrix", &real)] {
            let what = format!("{what}, {rows} rows, {speed} px a frame");
            report.line(what, "ms", series);
        }
        let place = format!("scrolling {rows} x 4 at {speed} px a frame");
        let ratio = real.median() / fixed.median();
        report.bound(format!("{place}: median against static"), ratio, LIMIT);
        let ratio = real.p95() / fixed.p95();
        report.bound(
            format!("{place}: 95th percentile against static"),
            ratio,
            LIMIT,
        );
    }
    progress("scrolled");
}

fn run(page: &Page<'_>, script: &str, arguments: &Value) -> Value {
    page.session()
        .async_script(script, arguments)
        .unwrap_or_else(|error| panic!("scrolling: {error}"))
}

/// Goes once through the matrix, keeps a copy of every batch of rows, and builds a page of them that
/// stands beside the real one, hidden.
const COLLECT: &str = r"
const [wanted, done] = arguments;
let passes = 0;
const real = document.querySelector('.matrix');
const copy = real.cloneNode(false);
copy.classList.add('bench-static');
copy.style.cssText = real.style.cssText;
copy.append(real.querySelector('.mx-head').cloneNode(true));
const body = real.querySelector('.mx-body').cloneNode(false);
body.style.height = real.querySelector('.mx-body').style.height;
copy.append(body);
const seen = new Map();
let at = 0;
const step = () => {
  for (const chunk of real.querySelectorAll('.mx-chunk')) {
    if (seen.has(chunk.style.top)) continue;
    const twin = chunk.cloneNode(true);
    twin.style.top = chunk.style.top;
    twin.style.height = chunk.style.height;
    seen.set(chunk.style.top, twin);
  }
  const rows = () => [...seen.values()].reduce((sum, twin) => sum + twin.querySelectorAll('.mx-row').length, 0);
  // A busy machine may draw some batches too late: once more, then.
  if (at >= real.scrollHeight && rows() < wanted && passes < 4) { passes += 1; at = -1000; }
  if (at >= real.scrollHeight) {
    for (const twin of seen.values()) body.append(twin);
    copy.style.display = 'none';
    real.after(copy);
    real.scrollTop = 0;
    done(copy.querySelectorAll('.mx-row').length);
    return;
  }
  at += 1000;
  real.scrollTop = at;
  requestAnimationFrame(() => requestAnimationFrame(step));
};
step();
";

/// Shows one of the two, scrolls it, and gives the time of each frame.
const SCROLL: &str = r"
const [which, speed, frames, from, done] = arguments;
const real = document.querySelector('.matrix:not(.bench-static)');
const copy = document.querySelector('.bench-static');
real.style.display = which === 'real' ? '' : 'none';
copy.style.display = which === 'real' ? 'none' : '';
const shown = which === 'real' ? real : copy;
const end = shown.scrollHeight - shown.clientHeight;
let at = from % Math.max(1, end - speed * frames);
shown.scrollTop = at;
let settle = 12;
let before;
const took = [];
const tick = (now) => {
  if (settle > 0) { settle -= 1; requestAnimationFrame(tick); return; }
  if (before !== undefined) took.push(now - before);
  before = now;
  if (took.length >= frames) { done(took); return; }
  at += speed;
  shown.scrollTop = at;
  requestAnimationFrame(tick);
};
requestAnimationFrame(tick);
";
