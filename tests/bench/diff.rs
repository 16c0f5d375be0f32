//! The comparison of large templates, beside the one that people use today.
//!
//! The templates come from a seed, so every run measures the same work. The peer is given parsed
//! objects and does no more than compare them; what is ours begins at the bytes of the files and
//! ends at what happens to every resource.

use super::figures::{Report, Series, progress};
use super::generator::{self, Random};
use interlock_stackdiff::{Budget, Side, Template, analyse};
use serde_json::Value;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

const SEED: u64 = 42;
/// What CloudFormation allows in one stack.
const RESOURCES: usize = 500;
/// For the question whether cost grows with size alone.
const MANY: usize = 5_000;
/// How often each takes its turn, and how often it runs in one: what is warm is measured warm.
const TURNS: usize = 11;
const IN_A_TURN: usize = 3;
/// How often what takes long is measured.
const TIMES_SLOW: usize = 7;

/// Measures the comparison, in turns with its peer.
pub fn measure(folder: &Path, report: &mut Report) {
    let pair = generator::edited(SEED, RESOURCES);
    let random = || Random::new(SEED);
    let (respelled, _) = generator::respelled(&pair.before, &mut random());
    let json = |template: &Value| generator::json(template).into_bytes();
    let yaml = |template: &Value| generator::yaml(template, &mut random()).into_bytes();
    let (before, after) = (json(&pair.before), json(&pair.after));
    let (before_yaml, after_yaml) = (yaml(&pair.before), yaml(&pair.after));
    let noise = json(&respelled);
    let large = generator::edited(SEED, MANY);
    let (large_before, large_after) = (json(&large.before), json(&large.after));
    report.note(format!(
        "{RESOURCES} resources: {} kB of JSON, {} kB of YAML; {} resources edited, {} more reached",
        before.len() / 1_000,
        before_yaml.len() / 1_000,
        pair.key.edited.len(),
        pair.key.reached.len(),
    ));

    let files = Files::write(
        folder,
        &[("before", &before), ("after", &after), ("noise", &noise)],
    );
    let mut peer = Peer::start(&files.path("before"), &files.path("after"));
    let mut peer_noise = Peer::start(&files.path("before"), &files.path("noise"));
    let mut cold = Series::default();
    cold.push(peer.compare().0);
    peer_noise.compare();

    let (mut from_json, mut from_yaml, mut on_noise) = <(Series, Series, Series)>::default();
    let (mut many, mut warm, mut warm_noise, mut whole) =
        <(Series, Series, Series, Series)>::default();
    let (mut findings, mut peer_findings) = (0, 0);
    for _ in 0..TURNS {
        from_json.extend((0..IN_A_TURN).map(|_| ours(&before, &after).0));
        from_yaml.extend((0..IN_A_TURN).map(|_| ours(&before_yaml, &after_yaml).0));
        for _ in 0..IN_A_TURN {
            let (took, found) = ours(&before, &noise);
            on_noise.push(took);
            findings = found;
        }
        warm.extend((0..IN_A_TURN).map(|_| peer.compare().0));
        let (took, found) = peer_noise.compare();
        warm_noise.push(took);
        peer_findings = found;
    }
    for _ in 0..TIMES_SLOW {
        many.push(ours(&large_before, &large_after).0);
        whole.push(process(&files.path("before"), &files.path("after")));
    }

    let what = |what: &str| format!("diff of {RESOURCES} resources: {what}");
    report.line(what("from JSON"), "ms", &from_json);
    report.line(what("from YAML"), "ms", &from_yaml);
    report.line(what("re-spelled JSON"), "ms", &on_noise);
    report.line(what("peer, warm, objects"), "ms", &warm);
    report.line(what("peer, warm, re-spelled"), "ms", &warm_noise);
    report.line(what("peer, first in its process"), "ms", &cold);
    report.line(what("peer, a process"), "ms", &whole);
    report.line(format!("diff of {MANY} resources from JSON"), "ms", &many);
    report.note(format!(
        "re-spelled: {findings} findings of ours, {peer_findings} of @aws-cdk/cloudformation-diff"
    ));
    let found = from_json.median();
    report.bound(what("from JSON, in ms"), found, 15.0);
    report.bound(what("from YAML, in ms"), from_yaml.median(), 25.0);
    report.bound(
        what("part of the warm peer's time"),
        found / warm.median(),
        1.0 / 5.0,
    );
    report.bound(
        what("part of the peer's process"),
        found / whole.median(),
        1.0 / 40.0,
    );
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    {
        let growth = (MANY / RESOURCES) as f64;
        let linear = many.median() / (found * growth);
        report.bound(
            format!("diff of {MANY} against {growth} of {RESOURCES}"),
            linear,
            1.5,
        );
        report.bound("findings on what is only re-spelled", findings as f64, 0.0);
    }
}

/// Milliseconds from bytes to judgement, and how many resources it names.
fn ours(before: &[u8], after: &[u8]) -> (f64, usize) {
    let start = Instant::now();
    let (before, after) = Template::read_both((before, "before"), (after, "after"), &budget());
    let (before, after) = (
        before.expect("a template of ours"),
        after.expect("a template of ours"),
    );
    let analysis = analyse(&side(&before), &side(&after));
    let found = analysis.resources.len() + analysis.effects.len();
    (start.elapsed().as_secs_f64() * 1_000.0, found)
}

/// Wide enough for more resources than a stack may have.
fn budget() -> Budget {
    Budget {
        bytes: 20_000_000,
        nodes: 5_000_000,
        ..Budget::default()
    }
}

fn side(template: &Template) -> Side<'_> {
    Side {
        template: Some(template),
        ..Side::default()
    }
}

/// Where the peer is installed.
fn peer(script: &str) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/peer");
    let mut command = Command::new("node");
    command.arg(folder.join(script));
    command
}

/// Milliseconds of one whole process of the peer.
fn process(before: &Path, after: &Path) -> f64 {
    let start = Instant::now();
    let done = peer("whole.mjs").arg(before).arg(after).output();
    let done = done.expect("node is installed");
    assert!(
        done.status.success() && !done.stdout.is_empty(),
        "the peer failed: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    start.elapsed().as_secs_f64() * 1_000.0
}

/// A process of the peer that compares the same two files again and again.
struct Peer {
    child: Child,
    questions: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    fn start(before: &Path, after: &Path) -> Self {
        progress("starting the peer of the comparison");
        let mut child = peer("measure.mjs")
            .arg(before)
            .arg(after)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is installed");
        let questions = child.stdin.take();
        let answers = child.stdout.take().expect("standard output was asked for");
        Self {
            child,
            questions,
            answers: BufReader::new(answers).lines(),
        }
    }

    /// Milliseconds of one comparison, and how many resources it names.
    fn compare(&mut self) -> (f64, usize) {
        let question = self.questions.as_mut().expect("it still listens");
        writeln!(question, "again").expect("the peer listens; `make bench` installs it");
        let answer = self.answers.next().expect("an answer of the peer");
        let answer = answer.expect("text");
        let (took, found) = answer.split_once(' ').expect("two figures");
        let found = found.parse().expect("a number of changes");
        (took.parse().expect("milliseconds"), found)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Without more questions it ends by itself.
        self.questions.take();
        let _ = self.child.wait();
    }
}

/// Templates as files, for processes.
struct Files(PathBuf);

impl Files {
    fn write(folder: &Path, files: &[(&str, &[u8])]) -> Self {
        let files_of = Self(folder.to_owned());
        for (name, bytes) in files {
            std::fs::write(files_of.path(name), bytes).expect("a file can be written");
        }
        files_of
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.json"))
    }
}
