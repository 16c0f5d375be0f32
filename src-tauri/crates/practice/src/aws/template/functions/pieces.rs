//! A text with variables, as `Fn::Sub` takes it.

/// A part of a text with variables.
pub(in crate::aws::template) enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// A variable's name.
    Variable(&'a str),
}

/// Cuts a `Fn::Sub` text into its pieces; `${!Name}` is text.
pub(in crate::aws::template) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        let name = &rest[start + 2..start + length];
        out.push(Piece::Text(&rest[..start]));
        if let Some(literal) = name.strip_prefix('!') {
            out.push(Piece::Text("${"));
            out.push(Piece::Text(literal));
            out.push(Piece::Text("}"));
        } else {
            out.push(Piece::Variable(name.trim()));
        }
        rest = &rest[start + length + 1..];
    }
    out.push(Piece::Text(rest));
    out
}
