//! What a dossier says, once: HTML, PDF and the index are three ways to write the same items.

use serde::Serialize;

/// How much of a kind of evidence is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// All of it.
    Present,
    /// A part of it; the reason says what is missing.
    Partial,
    /// Nothing; the reason says why.
    Absent,
}

impl State {
    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Partial => "partial",
            Self::Absent => "absent",
        }
    }
}

/// One kind of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Number in the list, from 1.
    pub number: usize,
    /// What it is.
    pub title: &'static str,
    /// Who asks for it.
    pub serves: &'static str,
    /// How much of it is there.
    pub state: State,
    /// What is missing and why; none when all of it is there.
    pub why: Option<String>,
    /// Files of the dossier that hold it.
    pub files: Vec<String>,
    /// The evidence itself, as far as it can be read in a table.
    pub tables: Vec<Table>,
}

/// A table with a line of headings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it lists.
    pub caption: String,
    /// Headings.
    pub head: Vec<&'static str>,
    /// Cells, a row each.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new<const N: usize>(caption: impl Into<String>, head: [&'static str; N]) -> Self {
        Self {
            caption: caption.into(),
            head: head.to_vec(),
            rows: Vec::new(),
        }
    }

    /// With the rows.
    pub fn with<const N: usize>(mut self, rows: impl IntoIterator<Item = [String; N]>) -> Self {
        self.rows.extend(rows.into_iter().map(|row| row.to_vec()));
        self
    }
}

impl Item {
    /// All of it is there.
    pub fn present(number: usize) -> Self {
        Self::of(number, State::Present, None)
    }

    /// A part of it is there.
    pub fn partial(number: usize, why: impl Into<String>) -> Self {
        Self::of(number, State::Partial, Some(why.into()))
    }

    /// Nothing of it is there.
    pub fn absent(number: usize, why: impl Into<String>) -> Self {
        Self::of(number, State::Absent, Some(why.into()))
    }

    /// Present when nothing is missing, else a part.
    pub fn lacking(number: usize, missing: &[&str]) -> Self {
        if missing.is_empty() {
            Self::present(number)
        } else {
            Self::partial(number, format!("Missing: {}.", missing.join("; ")))
        }
    }

    fn of(number: usize, state: State, why: Option<String>) -> Self {
        let (title, serves) = LIST[number - 1];
        Self {
            number,
            title,
            serves,
            state,
            why,
            files: Vec::new(),
            tables: Vec::new(),
        }
    }

    /// With a table.
    pub fn table(mut self, table: Table) -> Self {
        self.tables.push(table);
        self
    }

    /// With files.
    pub fn files(mut self, files: impl IntoIterator<Item = String>) -> Self {
        self.files.extend(files);
        self
    }
}

/// Every kind of evidence, with who asks for it.
pub const LIST: [(&str, &str); 33] = [
    (
        "Promotion: id, title, reason, change ticket, requester",
        "PCI DSS 6.5.1; DORA RTS 17(1)(d); SOX",
    ),
    ("Classification, significant change", "PCI DSS 6.5.1, 6.5.2"),
    ("Security impact", "PCI DSS 6.5.1; DORA RTS 17"),
    ("Manifest and its SHA-256", "all"),
    ("Difference as it was shown", "all"),
    (
        "Source: commits, merge requests, authors, reviewers",
        "SOX; PCI DSS 6.2.3",
    ),
    (
        "Build provenance and software bill of materials",
        "PCI DSS 6.3.2; SLSA",
    ),
    ("Tests", "PCI DSS 6.5.1; ISO 27001 A.8.29, A.8.32"),
    (
        "Static analysis, dependencies, secrets; waivers",
        "PCI DSS 6.2.4, 6.3",
    ),
    ("Gate results and the policy that judged", "all"),
    (
        "Sequence of environments",
        "PCI DSS 6.5.3, 6.5.4; ISO 27001 A.8.31",
    ),
    ("Separation of duties", "SOX; DORA RTS 17; ISO 27001 A.5.3"),
    ("Approvals", "PCI DSS 6.5.1"),
    (
        "Rejections, withdrawals, expiries, supersessions",
        "completeness",
    ),
    ("Freeze windows and calendar", "ITGC"),
    ("Implementation timeline", "DORA RTS 17"),
    ("Executing identity", "SOX"),
    ("Verification after deployment", "DORA RTS 17"),
    ("Fall-back", "PCI DSS 6.5.1; DORA RTS 17"),
    ("Emergency", "DORA RTS 17"),
    ("Failed and partial outcomes", "ISO 27001 A.8.32"),
    ("Communication", "ISO 27001 A.8.32"),
    ("Removal of test data and accounts", "PCI DSS 6.5.5, 6.5.6"),
    (
        "Documentation and continuity plans",
        "ISO 27001 A.8.32; DORA",
    ),
    ("Roster in force", "ITGC (access)"),
    ("Policy in force and its history", "ITGC"),
    ("Log inclusion proofs and checkpoint", "tamper evidence"),
    ("Tool", "third-party risk"),
    ("Clocks", "PCI DSS 10.6"),
    ("Population of changes", "SOX; IIA"),
    ("Access review: who can bypass", "ITGC"),
    ("Retention", "records"),
    ("Redaction", "privacy"),
];
