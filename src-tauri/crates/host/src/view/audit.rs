//! Ledger entries in words.

use super::instant;
use interlock_app::Console;
use interlock_contract::{
    Tone,
    audit::{AuditEntryView, VerificationView},
};
use interlock_ledger::{
    Entry, Outcome, Predicate, Promotion, Statement, Verification, fold::Record,
    predicate::StepObserved,
};

/// One entry.
pub fn entry(console: &Console, record: &Record, entry: &Entry) -> AuditEntryView {
    let seq = u32::try_from(entry.seq).unwrap_or(u32::MAX);
    let ignored = record.ignored.get(&entry.seq).cloned();
    let text = String::from_utf8_lossy(&entry.payload).into_owned();
    match &entry.statement {
        Ok(statement) => {
            let (summary, tone) = words(statement);
            AuditEntryView {
                seq,
                at: instant(statement.at),
                actor: console.name_of(&statement.actor),
                kind: statement.predicate.kind().into(),
                summary,
                tone: if ignored.is_some() {
                    Tone::Unknown
                } else {
                    tone
                },
                promotion: statement.promotion.as_ref().map(ToString::to_string),
                ignored,
                signature: signature(entry),
                leaf: entry.leaf.to_string(),
                statement: text,
            }
        }
        Err(reason) => AuditEntryView {
            seq,
            at: instant(entry.written_at),
            actor: "unknown".into(),
            kind: "not understood".into(),
            summary: reason.clone(),
            tone: Tone::Unknown,
            promotion: None,
            ignored: Some(reason.clone()),
            signature: None,
            leaf: entry.leaf.to_string(),
            statement: text,
        },
    }
}

/// The signature that counts, in words.
fn signature(entry: &Entry) -> Option<String> {
    let signed = entry.signed.as_ref().ok()?;
    let kept = match signed.assurance {
        1 => "kept in a keychain",
        2 => "kept by an agent or KMS",
        _ => "on a security key, touched",
    };
    Some(format!(
        "{} signed it with key {}, {kept}",
        signed.person,
        &signed.key[..8]
    ))
}

/// Every entry about a promotion, oldest first.
pub fn entries_about(
    console: &Console,
    record: &Record,
    entries: &[Entry],
    promotion: &Promotion,
) -> Vec<AuditEntryView> {
    promotion
        .entries
        .iter()
        .filter_map(|seq| entries.get(usize::try_from(*seq).ok()?))
        .map(|e| entry(console, record, e))
        .collect()
}

fn words(statement: &Statement) -> (String, Tone) {
    let with = |head: &str, tail: &str| {
        if tail.is_empty() {
            head.to_owned()
        } else {
            format!("{head}: {tail}")
        }
    };
    match &statement.predicate {
        Predicate::PrepareIntent { to, services } => (
            format!("began to prepare {} for {to}", services.join(", ")),
            Tone::Neutral,
        ),
        Predicate::PrepareFailed { reason } => (with("could not prepare it", reason), Tone::Bad),
        Predicate::Draft {} => (
            format!("drafted manifest {}", statement.subject.short()),
            Tone::Neutral,
        ),
        Predicate::Request { comment } => (with("asked for approval", comment), Tone::Waiting),
        Predicate::Approval { comment } => (
            with(
                &format!("approved manifest {}", statement.subject.short()),
                comment,
            ),
            Tone::Ok,
        ),
        Predicate::Rejection { reason } => (with("rejected it", reason), Tone::Bad),
        Predicate::Voided { moved } => {
            let first = moved
                .first()
                .map(|m| format!("{} went from {} to {}", m.element, m.before, m.after));
            (
                with(
                    "approvals are void",
                    first.as_deref().unwrap_or("something moved"),
                ),
                Tone::Waiting,
            )
        }
        Predicate::ExecutionClaim { attempt, runner } => (
            format!("claimed attempt {attempt} for {runner}"),
            Tone::Running,
        ),
        Predicate::Lease {
            attempt,
            runner,
            reason,
        } if reason.is_empty() => (format!("{runner} drives attempt {attempt}"), Tone::Neutral),
        Predicate::Lease {
            attempt,
            runner,
            reason,
        } => (
            with(&format!("{runner} took attempt {attempt} over"), reason),
            Tone::Waiting,
        ),
        Predicate::StepIntent { call, .. } => (
            format!("is about to {}", change_set_by_name(call)),
            Tone::Running,
        ),
        Predicate::StepObservation {
            observed, detail, ..
        } => match observed {
            StepObserved::Accepted { .. } => (with("call accepted", detail), Tone::Running),
            StepObserved::OutcomeUnknown => {
                (with("reply lost, outcome unknown", detail), Tone::Unknown)
            }
            StepObserved::Ended { outcome } => {
                (with(outcome_word(*outcome), detail), outcome_tone(*outcome))
            }
        },
        Predicate::Completion {
            outcome, detail, ..
        } => (
            with(&format!("the attempt {}", outcome_word(*outcome)), detail),
            outcome_tone(*outcome),
        ),
        Predicate::Verification {
            held: true, detail, ..
        } => (with("verified", detail), Tone::Ok),
        Predicate::Verification {
            held: false,
            detail,
            ..
        } => (with("verification failed", detail), Tone::Bad),
        Predicate::Abandonment { reason } => (with("gave it up", reason), Tone::Neutral),
        Predicate::Withdrawal { reason } => {
            (with("took back what was said", reason), Tone::Waiting)
        }
        Predicate::Waiver {
            gate,
            service,
            owner,
            reason,
            expires,
        } => (
            with(
                &format!("waived {gate} of {service} until {expires}, {owner} answers for it"),
                reason,
            ),
            Tone::Waiting,
        ),
        Predicate::BreakGlass { reason, incident } => (
            with(&format!("broke the glass for {incident}"), reason),
            Tone::Bad,
        ),
        Predicate::Review { comment } => (
            with("reviewed what was done by breaking the glass", comment),
            Tone::Ok,
        ),
        Predicate::Roster { version } => (
            format!("signed for roster {version}, {}", statement.subject.short()),
            Tone::Neutral,
        ),
        Predicate::Policy { name } => (
            format!("signed for policy {name}, {}", statement.subject.short()),
            Tone::Neutral,
        ),
        Predicate::Revocation {
            key,
            from_seq,
            reason,
        } => (
            with(
                &format!(
                    "revoked key {} from entry {from_seq} on",
                    &key[..key.len().min(8)]
                ),
                reason,
            ),
            Tone::Bad,
        ),
    }
}

/// A call with its change set's name in place of the ARN, which stands in the statement.
fn change_set_by_name(call: &str) -> String {
    let words = call.split(' ').map(|word| {
        let name = word
            .split_once(":changeSet/")
            .and_then(|(_, rest)| rest.split('/').next());
        name.unwrap_or(word)
    });
    words.collect::<Vec<_>>().join(" ")
}

const fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::RolledBack => "was rolled back",
        Outcome::Failed => "failed",
        Outcome::Aborted => "was aborted",
        Outcome::PartiallyApplied => "was applied in part only",
    }
}

const fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Succeeded => Tone::Ok,
        Outcome::RolledBack | Outcome::Failed | Outcome::Aborted | Outcome::PartiallyApplied => {
            Tone::Bad
        }
    }
}

/// Result of checking the log.
pub fn verification(verification: &Verification, ignored: usize) -> VerificationView {
    let ignored = u32::try_from(ignored).unwrap_or(u32::MAX);
    let size = u32::try_from(verification.size).unwrap_or(u32::MAX);
    let root = verification.root.to_string();
    let (tone, summary) = match (&verification.broken, verification.troubles.as_slice()) {
        (Some((seq, reason)), _) => (Tone::Bad, format!("entry {seq} does not hold: {reason}")),
        (None, [first, more @ ..]) => {
            let more = match more.len() {
                0 => String::new(),
                count => format!(" (and {count} more)"),
            };
            let summary =
                format!("{size} entries hold together, but their place does not: {first}{more}");
            (Tone::Bad, summary)
        }
        (None, []) => match verification.newer.first() {
            Some(seq) => (
                Tone::Unknown,
                format!("entry {seq} was written by a newer Interlock: update this one"),
            ),
            None => (Tone::Ok, format!("{size} entries hold together")),
        },
    };
    let first_bad = verification.broken.as_ref();
    VerificationView {
        tone,
        summary,
        size,
        root,
        first_bad: first_bad.and_then(|(seq, _)| u32::try_from(*seq).ok()),
        ignored,
    }
}

#[cfg(test)]
mod tests {
    use super::change_set_by_name;

    #[test]
    fn a_call_names_its_change_set_without_the_arn() {
        let call = "ExecuteChangeSet arn:aws:cloudformation:us-east-1:333333333333:changeSet/ilk-pr-7k2m9q-r1/0f16";
        assert_eq!(
            change_set_by_name(call),
            "ExecuteChangeSet ilk-pr-7k2m9q-r1"
        );
        assert_eq!(
            change_set_by_name("build with parameters"),
            "build with parameters"
        );
    }
}
