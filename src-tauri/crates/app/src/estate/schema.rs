//! JSON Schema of the estate file, for editors.

/// The schema as pretty JSON with a newline at its end.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(super::raw::RawEstate);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn committed_schema_is_fresh() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../docs/interlock.schema.json");
        let fresh = super::json_schema();
        if std::env::var_os("INTERLOCK_WRITE_SCHEMA").is_some() {
            std::fs::write(&file, &fresh).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            committed == fresh,
            "docs/interlock.schema.json is stale: run `make contract`"
        );
    }
}
