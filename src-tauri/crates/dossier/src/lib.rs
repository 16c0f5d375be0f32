//! The dossier of a promotion: one zip for whoever has to be shown how a change came about.
//!
//! It takes [`Facts`] that somebody read from a ledger and gives files: a list of the 33 kinds of
//! evidence with the state of each, the same for people as HTML and PDF, the raw evidence, and how to
//! check all of it without this program. The same facts give the same bytes. It reads nothing itself,
//! decides nothing, and says of every kind of evidence that is not there why it is not.
//! The layout is described in `docs/dossier.md`.

mod evidence;
mod facts;
mod html;
mod index;
mod items;
mod model;
mod pack;
mod pdf;
mod population;
mod redact;
mod said;
#[cfg(test)]
mod tests;
mod verify;
mod visible;
mod words;

pub use facts::Facts;
pub use model::{Item, State, Table};
pub use pack::PackError;
pub use population::{NOT_COMPARED, Period, Population, Row, population};
pub use redact::Profile;

use evidence::Evidence;
use items::Desk;
use redact::Redactor;

/// A file of the dossier: its path, with `/` between parts, and its bytes.
pub type File = (String, Vec<u8>);

/// A dossier, ready to be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// What it holds of each kind of evidence.
    pub items: Vec<Item>,
    /// Its files, by path.
    pub files: Vec<File>,
    /// All of them in one archive.
    pub zip: Vec<u8>,
}

/// Makes the dossier of a promotion.
pub fn dossier(facts: &Facts, profile: Profile) -> Result<Dossier, PackError> {
    let redactor = Redactor::new(facts, profile);
    let evidence = Evidence::of(facts, &redactor);
    let desk = Desk {
        facts,
        redactor: &redactor,
        evidence: &evidence,
    };
    let items = items::all(&desk);
    let mut files = evidence.files.clone();
    files.push(("VERIFY.md".into(), verify::page(&desk).into_bytes()));
    files.push((
        "dossier.html".into(),
        html::page(&desk, &items).into_bytes(),
    ));
    files.push(("dossier.pdf".into(), pdf::document(&desk, &items)));
    files.sort();
    files.push(("index.json".into(), index::document(&desk, &items, &files)?));
    files.push(("SHA256SUMS".into(), verify::sums(&files).into_bytes()));
    files.sort();
    let zip = pack::zip(&files, facts.as_of())?;
    Ok(Dossier { items, files, zip })
}
