//! `dossier.html`: the items for people. No script, nothing from elsewhere, all foreign text escaped.

use crate::{
    items::Desk,
    model::{Item, Table},
    visible::{Piece, is_hidden, pieces},
    words,
};
use std::fmt::Write as _;

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}\
h2{margin-top:2.2rem;border-top:1px solid #ccc;padding-top:1rem}table{border-collapse:collapse;margin:.6rem 0;width:100%}\
caption{text-align:left;font-weight:600;padding:.3rem 0}th,td{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;\
vertical-align:top;overflow-wrap:anywhere;unicode-bidi:isolate}th{background:#f2f2f2}.escape{background:#fff0c2;color:#7a3b00;\
font-family:monospace}.state{font-weight:600}@media print{body{margin:0;max-width:none}}";

/// The page.
pub fn page(desk: &Desk<'_>, items: &[Item]) -> String {
    let promotion = &desk.facts.promotion;
    let title = format!("Dossier of {}", promotion.id);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title><style>{STYLE}</style></head>\n<body><main>\n<h1>{}</h1>\n",
        text(&title),
        text(&title),
    );
    let summary = format!(
        "{} into {}: {}. As of {}.",
        promotion.services.join(", "),
        promotion.to,
        words::state(&promotion.state),
        words::time(desk.facts.as_of()),
    );
    let _ = writeln!(out, "<p>{}</p>", text(&summary));
    if desk.redactor.is_on() {
        out.push_str("<p class=\"state\">Redacted: e-mail addresses, comments and parameter values are replaced by salted digests; item 33 lists them.</p>\n");
    }
    contents(&mut out, items);
    for item in items {
        section(&mut out, item);
    }
    out.push_str("</main></body></html>\n");
    out
}

fn contents(out: &mut String, items: &[Item]) {
    out.push_str("<table><caption>Evidence</caption><thead><tr><th scope=\"col\">No.</th><th scope=\"col\">Evidence</th><th scope=\"col\">State</th></tr></thead><tbody>\n");
    for item in items {
        let _ = writeln!(
            out,
            "<tr><td>{0}</td><td><a href=\"#item-{0}\">{1}</a></td><td>{2}</td></tr>",
            item.number,
            text(item.title),
            item.state.word()
        );
    }
    out.push_str("</tbody></table>\n");
}

fn section(out: &mut String, item: &Item) {
    let _ = writeln!(
        out,
        "<section id=\"item-{0}\"><h2>{0}. {1}</h2>\n<p><span class=\"state\">{2}</span>. For: {3}.</p>",
        item.number,
        text(item.title),
        item.state.word(),
        text(item.serves),
    );
    if let Some(why) = &item.why {
        let _ = writeln!(out, "<p>{}</p>", text(why));
    }
    item.tables.iter().for_each(|it| table(out, it));
    if !item.files.is_empty() {
        let _ = writeln!(out, "<p>Files: {}</p>", text(&item.files.join(", ")));
    }
    out.push_str("</section>\n");
}

fn table(out: &mut String, table: &Table) {
    if table.rows.is_empty() {
        let _ = writeln!(out, "<p>{}: none.</p>", text(&table.caption));
        return;
    }
    let _ = write!(
        out,
        "<table><caption>{}</caption><thead><tr>",
        text(&table.caption)
    );
    for name in &table.head {
        let _ = write!(out, "<th scope=\"col\">{}</th>", text(name));
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{}</td>", text(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>\n");
}

/// Foreign text as text, with everything hidden written out and marked.
fn text(foreign: &str) -> String {
    let mut out = String::new();
    for piece in pieces(foreign, is_hidden) {
        match piece {
            Piece::Plain(plain) => {
                for c in plain.chars() {
                    match c {
                        '&' => out.push_str("&amp;"),
                        '<' => out.push_str("&lt;"),
                        '>' => out.push_str("&gt;"),
                        '"' => out.push_str("&quot;"),
                        '\'' => out.push_str("&#39;"),
                        c => out.push(c),
                    }
                }
            }
            Piece::Escape(escape) => {
                let _ = write!(out, "<span class=\"escape\">{escape}</span>");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn foreign_text_is_never_markup_and_hides_nothing() {
        assert_eq!(
            text("<script>alert('x')</script>&\"\u{202e}"),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;<span class=\"escape\">\\u{202e}</span>"
        );
    }
}
