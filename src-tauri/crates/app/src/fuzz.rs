//! Body of the fuzz target for estate files.
//!
//! Not for use: `fuzz/` calls it with whatever libFuzzer finds, the test below with estate files
//! that were changed. A body panics where a promise is broken.

use crate::estate::{current_or_next, parse};
use interlock_domain::Timestamp;

/// Any text is an estate or problems with their places; an estate can be asked anything.
pub fn estate(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let read = parse(text, "interlock.toml");
    assert_eq!(read, parse(text, "interlock.toml"), "it is read two ways");
    match read {
        Ok(estate) => {
            assert!(!estate.environments.is_empty());
            for environment in &estate.environments {
                let name = &environment.environment.name;
                let claims = estate.claims(name);
                for stack in ["payments-api-prod", "x", name.as_str()] {
                    let _ = claims.of(stack);
                }
                for at in [0, 1_795_000_000, 4_000_000_000] {
                    if let Ok(at) = Timestamp::from_second(at) {
                        let _ = current_or_next(&environment.freezes, at);
                    }
                }
            }
        }
        Err(error) => {
            assert!(!error.problems.is_empty(), "an error without a problem");
            let lines = text.matches('\n').count() + 1;
            for problem in &error.problems {
                assert!(!problem.message.is_empty());
                assert!(problem.line >= 1 && problem.column >= 1);
                assert!(problem.line as usize <= lines, "beyond the end: {error}");
            }
        }
    }
}

#[cfg(test)]
#[path = "../../../../fuzz/mutated.rs"]
mod mutated;

#[cfg(test)]
mod tests {
    use super::{
        estate,
        mutated::{foreign, soon, times},
    };
    use proptest::prelude::*;

    const SEED: &str = r#"name = "Banco de los Andes"
[[environments]]
name = "dev"
tier = "development"
account = "111111111111"
regions = ["us-east-1"]
[[environments]]
name = "prod"
tier = "production"
account = "333333333333"
regions = ["us-east-1", "sa-east-1"]
role = "arn:aws:iam::333333333333:role/Reader"
approvals = 2
freezes = [
  { name = "weekend", weekly = { from = "Fri 18:00", to = "Mon 06:00" }, zone = "America/Bogota" },
  { name = "fin de año", from = "2026-12-24T00:00:00Z", to = "2027-01-02T00:00:00Z" },
]
[[repositories]]
name = "payments"
url = "git/payments.git"
[[services]]
name = "payments-api"
stacks = ["payments-api-{env}", "*-alarms-{env}"]
repository = "payments"
template = { "payments-api-{env}" = "templates/payments-api.yaml" }
variables = "variables/{env}/payments-api.json"
promote = "jenkins"
jenkins_job = "payments/deploy-payments-api"
links = { logs = "https://logs.bank.example/p" }
[[people]]
id = "a.ruiz"
name = "Ana Ruíz"
role = "release-manager"
known_as = ["ana@bank.example"]
[version]
tag = "version"
[jenkins]
url = "http://127.0.0.1:8080/"
user = "a.ruiz"
"#;

    proptest! {
        #![proptest_config(times(400))]

        #[test]
        fn any_text_is_an_estate_or_problems_with_their_places(
            bytes in foreign(vec![SEED.as_bytes().to_vec()])
        ) {
            soon(|| estate(&bytes));
        }
    }

    #[test]
    fn the_document_that_is_changed_is_a_good_one() {
        assert!(crate::estate::parse(SEED, "interlock.toml").is_ok());
    }
}
