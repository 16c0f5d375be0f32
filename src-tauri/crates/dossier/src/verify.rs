//! How to check the dossier without this program: VERIFY.md and SHA256SUMS.

use crate::{
    File,
    evidence::{LOG, PROOFS, ssh_name},
    items::Desk,
};
use interlock_domain::Digest;
use std::fmt::Write as _;

/// The list that `sha256sum -c` takes.
pub fn sums(files: &[File]) -> String {
    let lines = files
        .iter()
        .map(|(path, bytes)| format!("{}  {path}\n", Digest::of(bytes)));
    lines.collect()
}

/// The page with the commands.
pub fn page(desk: &Desk<'_>) -> String {
    let facts = desk.facts;
    let mut page = format!(
        "# How to check the dossier of {}\n\n\
         Nothing here needs Interlock, or the network save to install `cryptography` once. Unpack the archive, and run\n\
         each command in its folder.\n\n\
         ## The files are those that were packed\n\n    sha256sum -c SHA256SUMS\n\n",
        facts.id()
    );
    proofs(desk, &mut page);
    if desk.redactor.is_on() {
        page.push_str(
            "## What cannot be checked here\n\n\
             This dossier is redacted: the log, manifests, rosters and statements are left out, and with them the\n\
             signatures. Who may see them checks the full dossier of the same promotion; `proofs/inclusion.json` is the\n\
             same in both where the log has not grown.\n",
        );
        return page;
    }
    log(desk, &mut page);
    documents(desk, &mut page);
    ssh(desk, &mut page);
    page
}

fn proofs(desk: &Desk<'_>, page: &mut String) {
    let (size, root) = desk.evidence.head;
    let _ = write!(
        page,
        "## The promotion's entries stand in the log\n\n    python3 proofs.py .\n\n\
         It needs Python's standard library only. It leads every entry of `{PROOFS}` to the root in\n\
         `proofs/checkpoint.txt` (RFC 6962 inclusion proofs). The log then had {size} entries and the root\n\n    {root}\n\n\
         Hold both to a checkpoint that somebody signed and kept elsewhere; this one is not signed.\n\n"
    );
}

fn log(desk: &Desk<'_>, page: &mut String) {
    let (size, root) = desk.evidence.head;
    let _ = write!(
        page,
        "## The whole log holds together, and who signed what\n\n\
         \x20   python3 -m pip install cryptography   # once, where it is not there\n\
         \x20   python3 verify.py {LOG} --size {size} --root {root}\n\n\
         It ends with 0 and says `\"broken\": null`. `ignored` lists entries that count for nothing.\n\n"
    );
}

fn documents(desk: &Desk<'_>, page: &mut String) {
    page.push_str(
        "## What was approved is this manifest\n\n\
         An approval names the SHA-256 of a manifest's bytes (`subject` in `promotion/statements`). Each line gives `OK`:\n\n",
    );
    for (digest, path) in &desk.evidence.manifests {
        let _ = writeln!(page, "    echo '{digest}  {path}' | sha256sum -c");
    }
    for path in desk.evidence.below("promotion/policies/") {
        let digest = path.rsplit('/').next().unwrap_or("");
        let _ = writeln!(page, "    echo '{digest}  {path}' | sha256sum -c");
    }
    for path in desk.evidence.below("promotion/rosters/") {
        let digest = path
            .rsplit('/')
            .next()
            .unwrap_or("")
            .trim_end_matches(".json");
        let _ = writeln!(page, "    echo '{digest}  {path}' | sha256sum -c");
    }
    page.push('\n');
}

fn ssh(desk: &Desk<'_>, page: &mut String) {
    page.push_str("## Signatures of OpenSSH keys\n\n");
    let own = desk.facts.own_entries().filter_map(|entry| {
        let name = ssh_name(desk.facts, entry.seq)?;
        let person = &entry.signed.as_ref().ok()?.person;
        let signed = name.replace(".sig", ".signed");
        Some(format!(
            "    ssh-keygen -Y verify -f {LOG}/ssh/allowed_signers -I {person} -n interlock-ledger -s {name} < {signed}\n"
        ))
    });
    let commands: String = own.collect();
    if commands.is_empty() || !desk.evidence.has_ssh() {
        page.push_str("No entry of this promotion is signed with an OpenSSH key; `verify.py` checks the others.\n");
    } else {
        page.push_str("Each says `Good \"interlock-ledger\" signature`:\n\n");
        page.push_str(&commands);
    }
}
