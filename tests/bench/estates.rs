//! Estate files made from the practice estate's own: smaller, or with another environment.

use std::fs;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// An account that the practice estate does not have.
pub const STAGE_ACCOUNT: &str = "555555555555";

/// An estate file as a table.
pub struct EstateFile {
    table: Table,
    folder: PathBuf,
}

impl EstateFile {
    /// Reads the file that a practice estate has written.
    pub fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).expect("the practice estate has written its file");
        Self {
            table: text.parse().expect("the practice estate writes TOML"),
            folder: file.parent().expect("a file is in a folder").to_owned(),
        }
    }

    fn with(&self, change: impl FnOnce(&mut Table)) -> Self {
        let mut table = self.table.clone();
        change(&mut table);
        Self {
            table,
            folder: self.folder.clone(),
        }
    }

    /// The same estate where only AWS and Git are asked.
    pub fn aws_only(&self) -> Self {
        self.with(|table| {
            for system in ["jenkins", "sonarqube", "gitlab"] {
                table.remove(system);
            }
        })
    }

    /// One estate for each account and region, with that one only.
    pub fn scopes(&self) -> Vec<(String, Self)> {
        let environments = self.table.get("environments").and_then(Value::as_array);
        let mut found = Vec::new();
        for environment in environments.into_iter().flatten() {
            let regions = environment.get("regions").and_then(Value::as_array);
            for region in regions.into_iter().flatten() {
                let mut one = environment.clone();
                set(&mut one, "regions", Value::Array(vec![region.clone()]));
                let name = format!("{} {region}", word(environment, "name"));
                let file = self.with(|table| *list(table, "environments") = vec![one]);
                found.push((name.replace('"', ""), file));
            }
        }
        found
    }

    /// The same estate with a fourth environment, in an account that does not let anybody in.
    pub fn with_stage(&self) -> Self {
        self.with(|table| {
            let environments = list(table, "environments");
            let at = environments
                .iter()
                .position(|each| word(each, "name") == "qa")
                .expect("the practice estate has a qa");
            let mut stage = environments[at].clone();
            let account = word(&stage, "account");
            for key in ["role", "release_role"] {
                let role = word(&stage, key).replace(&account, STAGE_ACCOUNT);
                set(&mut stage, key, role.into());
            }
            set(&mut stage, "name", "stage".into());
            set(&mut stage, "account", STAGE_ACCOUNT.into());
            environments.insert(at + 1, stage);
        })
    }

    /// Writes it under a name, which is the estate's too, and gives the path.
    pub fn write(&self, name: &str) -> PathBuf {
        let file = self.with(|table| {
            table.insert("name".into(), name.into());
        });
        let path = self.folder.join(format!("{}.toml", name.replace(' ', "-")));
        fs::write(&path, file.table.to_string()).expect("the estate file can be written");
        path
    }
}

fn list<'a>(table: &'a mut Table, key: &str) -> &'a mut Vec<Value> {
    table
        .get_mut(key)
        .and_then(Value::as_array_mut)
        .expect("the practice estate declares it")
}

fn word(value: &Value, key: &str) -> String {
    let found = value.get(key).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}

fn set(value: &mut Value, key: &str, to: Value) {
    if let Some(table) = value.as_table_mut() {
        table.insert(key.into(), to);
    }
}
