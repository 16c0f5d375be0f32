//! JSON Schema of the policy file, for editors.

/// The schema as pretty JSON with a newline at its end.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(super::raw::RawPolicy);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    fn is_fresh(name: &str, fresh: &str) {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../docs")
            .join(name);
        if std::env::var_os("INTERLOCK_WRITE_SCHEMA").is_some() {
            std::fs::write(&file, fresh).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            committed == fresh,
            "docs/{name} is stale: run `make contract`"
        );
    }

    #[test]
    fn committed_schemas_are_fresh() {
        is_fresh("interlock-policy.schema.json", &super::json_schema());
        is_fresh("interlock-policy-cases.schema.json", &crate::cases_schema());
    }
}
