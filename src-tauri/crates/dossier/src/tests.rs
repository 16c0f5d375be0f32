//! Dossiers of a small ledger with text in it that wants to be markup, or to be found.

mod bank;
mod stories;

use crate::{Dossier, Facts, Period, Profile, State, dossier, population};
use bank::{CANARIES, HOSTILE};
use interlock_domain::Digest;
use interlock_ledger::proof::root_of;
use serde_json::Value;
use stories::{emergency, facts, good};

fn made(profile: Profile) -> Dossier {
    dossier(&facts(), profile).unwrap()
}

fn file<'a>(dossier: &'a Dossier, path: &str) -> &'a [u8] {
    let found = dossier.files.iter().find(|(name, _)| name == path);
    &found.unwrap_or_else(|| panic!("no {path}")).1
}

fn text(dossier: &Dossier, path: &str) -> String {
    String::from_utf8(file(dossier, path).to_vec()).unwrap()
}

fn index(dossier: &Dossier) -> Value {
    serde_json::from_slice(file(dossier, "index.json")).unwrap()
}

/// Whether some bytes stand inside of others.
fn holds(bytes: &[u8], wanted: &str) -> bool {
    let wanted = wanted.as_bytes();
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// The text of a PDF's lines, without the spaces at which they may be broken.
fn shown(pdf: &[u8]) -> String {
    let mut text = Vec::new();
    for line in pdf
        .split(|byte| *byte == b'\n')
        .filter(|line| line.ends_with(b" Tj"))
    {
        let inner = &line[1..line.len() - 4];
        match line[0] {
            b'<' => text.extend(hex::decode(inner).unwrap()),
            _ => text.extend(inner.iter().filter(|byte| **byte != b'\\')),
        }
    }
    let text: String = text.into_iter().map(char::from).collect();
    text.replace(' ', "")
}

#[test]
fn the_same_ledger_gives_the_same_bytes() {
    for profile in [Profile::Full, Profile::Redacted] {
        assert_eq!(made(profile).zip, made(profile).zip);
    }
    assert_ne!(made(Profile::Full).zip, made(Profile::Redacted).zip);
}

#[test]
fn at_every_moment_every_kind_of_evidence_has_a_state_and_a_reason_where_something_is_missing() {
    for story in [good(), emergency()] {
        for entries in 2..=story.len() {
            let facts = story.facts(entries);
            for profile in [Profile::Full, Profile::Redacted] {
                is_complete(&dossier(&facts, profile).unwrap());
            }
        }
    }
}

fn is_complete(dossier: &Dossier) {
    let numbers: Vec<usize> = dossier.items.iter().map(|item| item.number).collect();
    assert_eq!(numbers, (1..=33).collect::<Vec<_>>());
    let listed = index(dossier)["items"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 33);
    for (item, listed) in dossier.items.iter().zip(listed.as_array().unwrap()) {
        assert_eq!(listed["state"], item.state.word());
        assert_eq!(item.why.is_none(), item.state == State::Present, "{item:?}");
        assert!(listed["why"].is_null() || listed["why"].as_str().unwrap().len() > 20);
        for path in &item.files {
            file(dossier, path);
        }
        for table in &item.tables {
            assert!(table.rows.iter().all(|row| row.len() == table.head.len()));
        }
    }
}

#[test]
fn the_index_and_the_sums_name_every_file_with_its_digest() {
    let dossier = made(Profile::Full);
    let index = index(&dossier);
    let sums = text(&dossier, "SHA256SUMS");
    for (path, bytes) in &dossier.files {
        if path == "SHA256SUMS" {
            continue;
        }
        let digest = Digest::of(bytes).to_string();
        assert!(sums.contains(&format!("{digest}  {path}\n")), "{path}");
        if path != "index.json" {
            let files = index["files"].as_array().unwrap();
            let listed = files.iter().find(|it| it["path"] == path.as_str()).unwrap();
            assert_eq!(listed["sha256"], digest);
        }
    }
    let paths: Vec<&String> = dossier.files.iter().map(|(path, _)| path).collect();
    assert!(paths.is_sorted());
}

#[test]
fn the_manifest_is_the_bytes_that_were_approved_and_the_log_is_the_export() {
    let (facts, dossier) = (facts(), made(Profile::Full));
    let digest = facts.promotion.digest.unwrap();
    assert_eq!(
        Digest::of(file(&dossier, "promotion/manifest.json")),
        digest
    );
    for (path, bytes) in &facts.export {
        assert_eq!(file(&dossier, &format!("log/{path}")), bytes);
    }
    let page = text(&dossier, "VERIFY.md");
    for command in [
        "sha256sum -c SHA256SUMS",
        "python3 proofs.py .",
        "python3 verify.py log --size",
        &format!("echo '{digest}  promotion/manifest.json' | sha256sum -c"),
    ] {
        assert!(page.contains(command), "{command}");
    }
}

#[test]
fn the_commands_of_the_page_check_it_with_programs_of_others() {
    let dossier = made(Profile::Full);
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in &dossier.files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let page = text(&dossier, "VERIFY.md");
    let commands = page.lines().filter_map(|line| line.strip_prefix("    "));
    // The log's verifier needs a package of Python; where it is wanted, the command line's tests run it.
    let is_plain =
        |line: &&str| line.contains(' ') && !line.contains("pip") && !line.contains("verify.py");
    let commands: Vec<&str> = commands.filter(is_plain).collect();
    assert!(
        commands
            .iter()
            .any(|line| line.starts_with("ssh-keygen -Y verify")),
        "{page}"
    );
    let run = |line: &str| {
        let mut shell = std::process::Command::new("sh");
        let output = shell.args(["-c", line]).current_dir(folder.path()).output();
        output.unwrap()
    };
    for line in &commands {
        let output = run(line);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {told}");
    }
    // And they notice what is not right.
    std::fs::write(folder.path().join("promotion/manifest.json"), "{}").unwrap();
    let entry = folder.path().join("promotion/entries/000002.json");
    std::fs::write(entry, "{}").unwrap();
    let noticed = commands.iter().filter(|line| !run(line).status.success());
    assert_eq!(noticed.count(), 3);
}

#[test]
fn every_entry_of_the_promotion_is_proven_to_stand_in_the_log() {
    let facts = facts();
    for profile in [Profile::Full, Profile::Redacted] {
        let dossier = made(profile);
        let proofs: Value =
            serde_json::from_slice(file(&dossier, "proofs/inclusion.json")).unwrap();
        let entries = proofs["entries"].as_array().unwrap();
        assert_eq!(entries.len(), facts.own_entries().count());
        for entry in entries {
            let digest =
                |value: &Value| -> Digest { serde_json::from_value(value.clone()).unwrap() };
            let path: Vec<Digest> = entry["path"]
                .as_array()
                .unwrap()
                .iter()
                .map(digest)
                .collect();
            let (seq, size) = (
                entry["seq"].as_u64().unwrap(),
                proofs["size"].as_u64().unwrap(),
            );
            let root = root_of(digest(&entry["leaf"]), seq, size, &path);
            assert_eq!(root, Some(facts.verification.root));
        }
    }
}

#[test]
fn foreign_text_is_shown_and_is_neither_markup_nor_hidden() {
    let dossier = made(Profile::Full);
    let html = text(&dossier, "dossier.html");
    for hostile in HOSTILE {
        assert!(!html.contains(hostile), "{hostile:?}");
    }
    assert!(
        html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "told"
    );
    assert!(
        html.contains("<span class=\"escape\">\\u{202e}</span>"),
        "told"
    );
    for element in ["<script", "<img", "<svg", "<iframe", "<link", "<object"] {
        assert!(!html.contains(element), "{element}");
    }
    // Every attribute is one of ours, and leads nowhere else.
    for link in html.split("href=\"").skip(1) {
        assert!(link.starts_with("#item-"), "{}", &link[..20]);
    }
    assert!(
        html.chars()
            .all(|c| c == '\n' || !crate::visible::is_hidden(c))
    );
    let pdf = file(&dossier, "dossier.pdf");
    assert!(pdf.starts_with(b"%PDF-") && pdf.ends_with(b"%%EOF"));
    assert!(shown(pdf).contains("\\u{202e}gnp.exe"));
}

#[test]
fn a_redacted_dossier_has_no_address_comment_or_value_anywhere() {
    let full = made(Profile::Full);
    let redacted = made(Profile::Redacted);
    for canary in CANARIES {
        // Encoded in the log, and in plain text elsewhere.
        assert!(holds(&full.zip, canary), "{canary}");
        for (path, bytes) in &redacted.files {
            assert!(!holds(bytes, canary), "{canary} in {path}");
        }
        assert!(!holds(&redacted.zip, canary), "{canary}");
        // Lines of a PDF may be encoded, and are broken at the end of the page.
        let bare = canary.replace(' ', "");
        assert!(
            shown(file(&full, "dossier.pdf")).contains(&bare),
            "{canary}"
        );
        assert!(
            !shown(file(&redacted, "dossier.pdf")).contains(&bare),
            "{canary}"
        );
    }
    let paths: Vec<&str> = redacted
        .files
        .iter()
        .map(|(path, _)| path.as_str())
        .collect();
    assert!(
        paths.iter().all(|path| !path.starts_with("log/")),
        "{paths:?}"
    );
    assert!(!paths.contains(&"promotion/manifest.json"));
    let index = index(&redacted);
    assert_eq!(index["redaction"]["applied"], true);
    assert!(
        index["redaction"]["says"]
            .as_str()
            .unwrap()
            .contains("salted digests")
    );
    // What says which promotion it is stays, although a parameter has the same value.
    let told = text(&redacted, "dossier.html");
    assert!(told.contains("payments-api-prod"));
    assert!(!told.contains("payments-api-redacted"));
    let log = &index["items"][32];
    assert_eq!(
        (&log["number"], &log["state"]),
        (&33.into(), &"present".into())
    );
    for table in log["tables"].as_array().unwrap() {
        assert!(!table["rows"].as_array().unwrap().is_empty(), "{table}");
    }
}

#[test]
fn an_emergency_tells_who_broke_the_glass_what_came_of_it_and_who_looked() {
    let facts = emergency().facts(usize::MAX);
    let dossier = crate::dossier(&facts, Profile::Full).unwrap();
    let state = |number: usize| dossier.items[number - 1].state;
    let rows = |number: usize, table: usize| dossier.items[number - 1].tables[table].rows.clone();
    assert_eq!(index(&dossier)["emergency"], true);
    assert_eq!(
        (state(13), state(18), state(20)),
        (State::Absent, State::Absent, State::Partial)
    );
    let told = rows(20, 0).concat().join(" ");
    for words in ["broken by ana", "INC-7", "reviewed by eva", CANARIES[2]] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert_eq!(rows(9, 1)[0][3], "luis");
    // Whoever took it over is told with the reason.
    let drivers = rows(17, 1);
    assert_eq!(drivers.len(), 2);
    assert!(
        drivers[1][3].contains("runner: another desktop"),
        "{drivers:?}"
    );
    assert_eq!((state(19), state(21)), (State::Partial, State::Partial));
    assert_eq!(rows(19, 0)[0][2], "rolled back");
    // The approval that could not count is shown with its reason.
    assert!(
        rows(14, 1)[0][1].contains("asked for it"),
        "{:?}",
        rows(14, 1)
    );
    let redacted = crate::dossier(&facts, Profile::Redacted).unwrap();
    for canary in CANARIES {
        assert!(!holds(&redacted.zip, canary), "{canary}");
    }
}

#[test]
fn the_digests_of_a_redacted_dossier_can_be_made_again_from_the_ledger() {
    use sha2::Digest as _;
    let facts = facts();
    let mut salt = sha2::Sha256::new();
    salt.update(b"interlock/dossier/salt/v1\n");
    for entry in facts.own_entries() {
        let leaf = facts.leaf(entry.seq).unwrap();
        salt.update((leaf.len() as u64).to_be_bytes());
        salt.update(leaf);
    }
    let salted = sha2::Sha256::new()
        .chain_update(salt.finalize())
        .chain_update(CANARIES[0]);
    let token = format!("redacted:{}", &hex::encode(salted.finalize())[..24]);
    assert!(text(&made(Profile::Redacted), "index.json").contains(&token));
}

#[test]
fn the_population_lists_what_was_said_within_the_period_and_what_it_is_not_held_to() {
    let facts = facts();
    let head = interlock_ledger::leaf::Head {
        size: facts.verification.size,
        root: facts.verification.root,
    };
    let within = |from: &str, until: &str, environment: Option<&str>| {
        let period = Period {
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
        };
        let Facts {
            origin,
            record,
            entries,
            ..
        } = &facts;
        population(origin, record, entries, head, environment, period)
    };
    let (day, next) = ("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z");
    let found = within(day, next, Some("prod"));
    assert_eq!(found.promotions.len(), 1);
    let row = &found.promotions[0];
    assert_eq!(
        (row.promotion.as_str(), row.requester.as_str()),
        ("PR-1", "ana")
    );
    assert_eq!(
        (row.approvers.as_slice(), row.executors.as_slice()),
        (&["luis".to_owned()][..], &["ana".to_owned()][..])
    );
    assert_eq!(
        (row.outcome, row.emergency, row.attempted),
        ("verified", false, true)
    );
    let csv = found.csv();
    assert_eq!(csv.lines().count(), 2);
    assert!(
        csv.lines().nth(1).unwrap().ends_with(crate::NOT_COMPARED),
        "{csv}"
    );
    let json: Value = serde_json::from_str(&found.json().unwrap()).unwrap();
    assert_eq!(json["cloudTrail"], crate::NOT_COMPARED);
    assert!(within(day, next, Some("qa")).promotions.is_empty());
    assert!(
        within(next, "2026-12-01T00:00:00Z", None)
            .promotions
            .is_empty()
    );
    assert_eq!(within(day, next, None).promotions.len(), 1);
}
