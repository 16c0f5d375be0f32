//! What the matrix says, read by role and name.

use crate::page::{Element, Name, Page};

/// The row of a service, when it is shown.
pub fn row(page: &Page, service: &str) -> Option<Element> {
    let rows = page.all("row", Name::Has(service));
    rows.into_iter().find(|row| {
        let heads = page.all_within(Some(row), "rowheader", Name::Has(service));
        let first = |head: &Element| head.name.split([',', '\n']).next() == Some(service);
        heads.first().is_some_and(first)
    })
}

/// What the cells of a service say, environment by environment; nothing when it is not shown.
pub fn cells(page: &Page, service: &str) -> Vec<String> {
    let Some(row) = row(page, service) else {
        return Vec::new();
    };
    let cells = page.all_within(Some(&row), "gridcell", Name::Any);
    cells.iter().map(|cell| page.text_of(cell)).collect()
}

/// Versions of a service as its row shows them, environment by environment.
pub fn versions(page: &Page, service: &str) -> Vec<String> {
    let is_version = |word: &&str| {
        word.split('-').next().is_some_and(|numbers| {
            numbers.split('.').count() == 3
                && numbers
                    .split('.')
                    .all(|number| number.parse::<u32>().is_ok())
        })
    };
    let version = |cell: &String| {
        let found = cell.split_whitespace().find(is_version);
        found.unwrap_or(cell.trim()).to_owned()
    };
    cells(page, service).iter().map(version).collect()
}

/// Waits until a service is shown with these versions.
pub fn wait_for_versions(page: &Page, service: &str, wanted: &[&str]) {
    page.wait_for(&format!("{service} at {wanted:?}"), || {
        (versions(page, service) == wanted).then_some(())
    });
}

/// Waits until a service is not shown any more.
pub fn wait_until_gone(page: &Page, service: &str) {
    page.wait_for(&format!("{service} to go away"), || {
        row(page, service).is_none().then_some(())
    });
}
