//! `dossier.pdf`: the items as plain pages of text.
//!
//! It uses Helvetica, one of the fonts that every reader has, so nothing is embedded. These fonts
//! write Latin-1: any other character is written out, such as `\u{4e2d}`, as is what hides or turns
//! text. The HTML shows other scripts as they are.

mod lines;

use crate::{
    items::Desk,
    model::{Item, Table},
    visible::{is_hidden, written_out},
    words,
};
use lines::{Line, Style, wrapped};
use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

/// A4, in points.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 50.0;
const REGULAR: Name = Name(b"F1");
const BOLD: Name = Name(b"F2");

/// The document.
pub fn document(desk: &Desk<'_>, items: &[Item]) -> Vec<u8> {
    let title = format!("Dossier of {}", desk.facts.id());
    let lines = text(desk, items, &title);
    write(&title, &paged(&lines))
}

fn text(desk: &Desk<'_>, items: &[Item], title: &str) -> Vec<Line> {
    let promotion = &desk.facts.promotion;
    let mut lines = Vec::new();
    let mut put = |style: Style, words: &str| lines.extend(wrapped(style, &latin(words)));
    put(Style::Title, title);
    let summary = format!(
        "{} into {}: {}. As of {}.",
        promotion.services.join(", "),
        promotion.to,
        words::state(&promotion.state),
        words::time(desk.facts.as_of()),
    );
    put(Style::Body, &summary);
    if desk.redactor.is_on() {
        put(
            Style::Body,
            "Redacted: e-mail addresses, comments and parameter values are replaced by salted digests; item 33 lists them.",
        );
    }
    put(Style::Caption, "Evidence");
    for item in items {
        put(
            Style::Row,
            &format!("{}. {}: {}", item.number, item.title, item.state.word()),
        );
    }
    for item in items {
        put(Style::Heading, &format!("{}. {}", item.number, item.title));
        put(
            Style::Body,
            &format!("{}. For: {}.", item.state.word(), item.serves),
        );
        if let Some(why) = &item.why {
            put(Style::Body, why);
        }
        for table in &item.tables {
            put(Style::Caption, &table.caption);
            for row in rows(table) {
                put(Style::Row, &row);
            }
        }
        if !item.files.is_empty() {
            put(Style::Body, &format!("Files: {}", item.files.join(", ")));
        }
    }
    lines
}

/// Each row in one paragraph, every cell behind its heading.
fn rows(table: &Table) -> Vec<String> {
    if table.rows.is_empty() {
        return vec!["none".to_owned()];
    }
    let rows = table.rows.iter().map(|row| {
        if let (["field", _], [field, value]) = (table.head.as_slice(), row.as_slice()) {
            return format!("{field}: {value}");
        }
        let cells = table
            .head
            .iter()
            .zip(row)
            .filter(|(_, cell)| !cell.is_empty());
        let cells = cells.map(|(name, cell)| format!("{name}: {cell}"));
        cells.collect::<Vec<_>>().join(" \u{b7} ")
    });
    rows.collect()
}

/// A text in Latin-1, with everything else written out.
fn latin(text: &str) -> String {
    written_out(text, |c| is_hidden(c) || u32::from(c) > 0xff)
}

/// Cuts lines into pages.
fn paged(lines: &[Line]) -> Vec<Vec<(f32, &Line)>> {
    let mut pages = vec![Vec::new()];
    let mut y = PAGE.1 - MARGIN;
    for line in lines {
        y -= line.before + line.style.size() * 1.3;
        if y < MARGIN + line.style.keep() {
            pages.push(Vec::new());
            y = PAGE.1 - MARGIN - line.style.size() * 1.3;
        }
        if let Some(page) = pages.last_mut() {
            page.push((y, line));
        }
    }
    pages
}

fn write(title: &str, pages: &[Vec<(f32, &Line)>]) -> Vec<u8> {
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, regular, bold, info) = (fresh(), fresh(), fresh(), fresh(), fresh());
    let ids: Vec<(Ref, Ref)> = pages.iter().map(|_| (fresh(), fresh())).collect();
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr("en"));
    pdf.document_info(info).title(TextStr(&latin(title)));
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree)
        .kids(ids.iter().map(|(page, _)| *page))
        .count(count);
    for (id, font) in [(regular, "Helvetica"), (bold, "Helvetica-Bold")] {
        pdf.type1_font(id)
            .base_font(Name(font.as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (at, (lines, (page, content))) in pages.iter().zip(&ids).enumerate() {
        let mut written = pdf.page(*page);
        written
            .parent(tree)
            .media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1))
            .contents(*content);
        written
            .resources()
            .fonts()
            .pair(REGULAR, regular)
            .pair(BOLD, bold);
        written.finish();
        let foot = format!("{title}, page {} of {}", at + 1, pages.len());
        pdf.stream(*content, &drawn(lines, &foot));
    }
    pdf.finish()
}

fn drawn(lines: &[(f32, &Line)], foot: &str) -> Vec<u8> {
    let mut content = Content::new();
    let mut put = |x: f32, y: f32, style: Style, text: &str| {
        let font = if style.is_bold() { BOLD } else { REGULAR };
        let bytes: Vec<u8> = text
            .chars()
            .filter_map(|c| u8::try_from(u32::from(c)).ok())
            .collect();
        content.begin_text();
        content.set_font(font, style.size());
        content.next_line(x, y);
        content.show(Str(&bytes));
        content.end_text();
    };
    for (y, line) in lines {
        put(MARGIN + line.indent, *y, line.style, &line.text);
    }
    put(MARGIN, MARGIN / 2.0, Style::Row, &latin(foot));
    content.finish().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_latin_1_cannot_write_is_written_out() {
        assert_eq!(
            latin("Peña \u{4e2d}\u{202e}x\u{1f4a5}"),
            "Peña \\u{4e2d}\\u{202e}x\\u{1f4a5}"
        );
    }

    #[test]
    fn lines_fill_pages_and_none_is_lost() {
        let lines: Vec<Line> = (0..200)
            .flat_map(|at| wrapped(Style::Row, &at.to_string()))
            .collect();
        let pages = paged(&lines);
        assert!(pages.len() > 1);
        assert_eq!(pages.iter().map(Vec::len).sum::<usize>(), 200);
        let bytes = write("t", &pages);
        assert!(bytes.starts_with(b"%PDF-1.7"));
        assert!(
            pages
                .iter()
                .flatten()
                .all(|(y, _)| *y >= MARGIN && *y < PAGE.1 - MARGIN)
        );
    }
}
