//! Columns that line up, by what a terminal shows and not by bytes or letters.
//!
//! On a terminal (or when `COLUMNS` says how wide one is) cells are broken between words so that
//! a row fits; a pipe gets one line a row. Words and short cells are never broken, so that ids
//! and times stay whole; a long word in the last column may stick out.

use crate::colour::width;
use std::io::IsTerminal as _;

/// Narrower is not tried.
const NARROWEST: usize = 40;
/// Cells up to this width are not broken.
const SHORT: usize = 24;
/// Between two columns.
const GAP: usize = 2;

/// Aligns rows into columns, for the stdout of this process.
pub fn table(rows: &[Vec<String>]) -> String {
    fit(rows, room())
}

/// Columns of the terminal; none when there is no terminal.
fn room() -> Option<usize> {
    let told = std::env::var("COLUMNS").ok();
    let told = told.and_then(|text| text.trim().parse().ok());
    told.or_else(|| {
        let terminal = std::io::stdout().is_terminal();
        let (_, columns) = terminal.then(|| console::Term::stdout().size_checked())??;
        Some(usize::from(columns))
    })
    .map(|columns: usize| columns.max(NARROWEST))
}

/// Aligns rows into columns within a width.
fn fit(rows: &[Vec<String>], room: Option<usize>) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |measure: fn(&str) -> usize| -> Vec<usize> {
        let of = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| measure(cell)).max().unwrap_or(0)
        };
        (0..columns).map(of).collect()
    };
    let mut widths = widest(|cell| cell.lines().map(width).max().unwrap_or(0));
    if let Some(room) = room {
        let mut smallest = widest(|cell| cell.lines().map(unbroken).max().unwrap_or(0));
        if let Some(last) = smallest.last_mut() {
            *last = SHORT.min(*last);
        }
        shrink(&mut widths, &smallest, room);
    }
    let mut text = String::new();
    for row in rows {
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| broken(cell, *width))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let mut line = String::new();
            for (cell, room) in cells.iter().zip(&widths) {
                let part = cell.get(at).map_or("", String::as_str);
                line.push_str(part);
                line.push_str(&" ".repeat(room.saturating_sub(width(part)) + GAP));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

/// The least width of a line: all of a short one, the longest word of a long one.
fn unbroken(line: &str) -> usize {
    match width(line) {
        whole if whole <= SHORT => whole,
        _ => line.split_whitespace().map(width).max().unwrap_or(0),
    }
}

/// Takes from the widest column that can give, until everything fits or nothing can give.
fn shrink(widths: &mut [usize], smallest: &[usize], room: usize) {
    let gaps = GAP * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        let giver = (0..widths.len())
            .filter(|&column| widths[column] > smallest[column])
            .max_by_key(|&column| widths[column]);
        match giver {
            Some(column) => widths[column] -= 1,
            None => return,
        }
    }
}

/// The lines of a cell, broken between words; a continued line is indented as its first.
fn broken(cell: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in cell.lines() {
        if width(line) <= room {
            lines.push(line.to_owned());
            continue;
        }
        let mut current = String::new();
        for word in line.split_whitespace() {
            if !current.is_empty() && width(&current) + 1 + width(word) > room {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[&[&str]]) -> Vec<Vec<String>> {
        text.iter()
            .map(|row| row.iter().map(|&cell| cell.to_owned()).collect())
            .collect()
    }

    #[test]
    fn names_of_every_script_line_up() {
        let text = fit(
            &rows(&[
                &["Sofía Lara", "lead"],
                &["漢字", "lead"],
                &["e\u{301}mile", "lead"],
                &["cr\u{e9}dito\u{301}", "lead"],
            ]),
            None,
        );
        for line in text.lines() {
            let before = line.strip_suffix("lead").unwrap();
            assert_eq!(width(before), 12, "{line:?}");
        }
    }

    #[test]
    fn a_pipe_gets_one_line_a_row() {
        let long = "word ".repeat(100);
        let text = fit(&rows(&[&["a", &long], &["b", "c"]]), None);
        assert_eq!(text.lines().count(), 2);
    }

    #[test]
    fn a_terminal_gets_no_line_wider_than_itself_and_words_stay_whole() {
        let sentence = "The quality gate of this commit failed for three reasons";
        let table = rows(&[
            &["payments-api", sentence, "a.ruiz"],
            &["transfers", "fine", "l.prado"],
        ]);
        for room in [40, 60, 80] {
            let text = fit(&table, Some(room));
            for line in text.lines() {
                assert!(width(line) <= room, "{room}: {line:?}");
            }
            for word in sentence.split(' ') {
                assert!(text.contains(word), "{room}: {word}");
            }
        }
        let arn = "arn:aws:sts::111111111111:assumed-role/InterlockReadOnly/a.ruiz";
        let text = fit(&rows(&[&["AWS dev", arn]]), Some(40));
        assert!(text.contains(arn), "an id can still be copied");
    }
}
