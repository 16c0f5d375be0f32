//! The estate file of the practice bank: what a team would keep in Git, with the addresses of the
//! running servers.

use super::{Bank, ENVIRONMENTS, Environment, Promote, Service};
use crate::people::people;
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Weekday, tz::Offset};
use std::{
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
};

/// Where the practice servers listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// AWS.
    pub aws: String,
    /// Jenkins.
    pub jenkins: String,
    /// SonarQube.
    pub sonarqube: String,
    /// GitLab.
    pub gitlab: String,
    /// Control.
    pub control: String,
}

/// Role with which everybody reads an account.
pub const READER_ROLE: &str = "InterlockReadOnly";

/// Role with which those who may change an environment do so.
pub fn release_role(environment: &Environment) -> &'static str {
    match environment.tier {
        "development" => "InterlockDeveloper",
        _ => "InterlockReleaseManager",
    }
}

/// The folder of the bare repositories below the practice directory.
pub const GIT_FOLDER: &str = "git";

/// The policy of the bank.
pub const POLICY: &str = include_str!("policy.toml");
/// What the policy is meant to do.
pub const CASES: &str = include_str!("policy-cases.toml");
const POLICY_FILE: &str = "policy.toml";
const CASES_FILE: &str = "policy-cases.toml";

/// Writes `interlock.toml`, the policy and its cases into the practice directory and gives the
/// path of the first.
pub fn write(
    bank: &Bank,
    directory: &Path,
    addresses: &Addresses,
    now: Timestamp,
) -> io::Result<PathBuf> {
    let path = directory.join("interlock.toml");
    std::fs::write(&path, text(bank, directory, addresses, now))?;
    std::fs::write(directory.join(POLICY_FILE), POLICY)?;
    std::fs::write(directory.join(CASES_FILE), CASES)?;
    Ok(path)
}

/// The text of the estate file.
pub fn text(bank: &Bank, directory: &Path, addresses: &Addresses, now: Timestamp) -> String {
    let mut out =
        String::from("# The practice estate. Written at each start; changes are lost.\n\n");
    line(&mut out, "name", "Andes Bank");
    let policy = directory.join(POLICY_FILE);
    line(&mut out, "policy", &policy.to_string_lossy());
    for environment in &ENVIRONMENTS {
        out.push_str("\n[[environments]]\n");
        line(&mut out, "name", environment.name);
        line(&mut out, "tier", environment.tier);
        line(&mut out, "account", environment.account);
        let _ = writeln!(
            out,
            "regions = [{}]",
            list(bank.regions(environment.name).iter())
        );
        for (key, role) in [
            ("role", READER_ROLE),
            ("release_role", release_role(environment)),
        ] {
            let arn = format!("arn:aws:iam::{}:role/{role}", environment.account);
            line(&mut out, key, &arn);
        }
        line(&mut out, "endpoint", &addresses.aws);
        let approvals = u32::from(environment.name != "dev");
        let _ = writeln!(out, "approvals = {approvals}");
        if environment.tier == "production" {
            let (from, to) = next_weekend(now);
            let _ = writeln!(
                out,
                "\n# A team would write: weekly = {{ from = \"Fri 18:00\", to = \"Mon 06:00\" }} and its zone.\n\
                 # Practice leaves at least a day before the freeze, so that it can be used on any day.\n\
                 [[environments.freezes]]\nname = \"weekend\"\nfrom = \"{from}\"\nto = \"{to}\""
            );
        }
    }
    for service in bank.services() {
        write_service(&mut out, service);
    }
    for repository in bank.repositories() {
        let path = directory
            .join(GIT_FOLDER)
            .join(format!("{}.git", repository.name));
        out.push_str("\n[[repositories]]\n");
        line(&mut out, "name", &repository.name);
        line(&mut out, "url", &path.to_string_lossy());
    }
    for person in people() {
        out.push_str("\n[[people]]\n");
        line(&mut out, "id", person.id);
        line(&mut out, "name", person.name);
        line(&mut out, "role", person.role.word());
        let _ = writeln!(
            out,
            "known_as = [{}]",
            list([person.id, person.email].iter())
        );
    }
    out.push_str("\n[version]\n");
    line(&mut out, "tag", super::VERSION_TAG);
    line(&mut out, "commit_tag", super::COMMIT_TAG);
    for (table, address) in [
        ("jenkins", &addresses.jenkins),
        ("sonarqube", &addresses.sonarqube),
        ("gitlab", &addresses.gitlab),
    ] {
        let _ = writeln!(out, "\n[{table}]");
        line(&mut out, "url", address);
    }
    out.push_str("\n[practice]\n");
    line(&mut out, "control", &addresses.control);
    out
}

/// Friday 18:00 to Monday 06:00 in Bogota, beginning at least a day from now.
fn next_weekend(now: Timestamp) -> (Timestamp, Timestamp) {
    // Bogota keeps five hours behind UTC all year.
    let bogota = Offset::constant(-5);
    let local = bogota.to_datetime(now + SignedDuration::from_hours(24));
    let friday = (0..=7)
        .filter_map(|days| local.date().checked_add(days.days()).ok())
        .find(|day| day.weekday() == Weekday::Friday && day.at(18, 0, 0, 0) >= local)
        .unwrap_or(local.date());
    let starts = bogota.to_timestamp(friday.at(18, 0, 0, 0)).unwrap_or(now);
    (starts, starts + SignedDuration::from_hours(60))
}

fn write_service(out: &mut String, service: &Service) {
    out.push_str("\n[[services]]\n");
    line(out, "name", &service.name);
    line(out, "group", &service.group);
    line(out, "team", &service.team);
    line(out, "kind", service.kind.word());
    let _ = writeln!(
        out,
        "stacks = [{}]",
        list(service.stacks.iter().map(|stack| &stack.pattern))
    );
    line(out, "repository", &service.repository);
    if let [stack] = service.stacks.as_slice() {
        line(out, "template", &stack.template);
        line(out, "variables", &stack.variables);
    } else {
        table(out, "template", service, |stack| &stack.template);
        table(out, "variables", service, |stack| &stack.variables);
    }
    let promote = match service.promote {
        Promote::CloudFormation => "cloudformation",
        Promote::Jenkins => "jenkins",
    };
    line(out, "promote", promote);
    line(out, "jenkins_job", &service.deploy_job());
    if matches!(service.promote, Promote::Jenkins) {
        let path = format!("pipelines/{}.groovy", service.kind.word());
        let _ = writeln!(
            out,
            "pipeline = {{ repository = \"pipelines\", path = {} }}",
            quoted(&path)
        );
    }
    if !service.after.is_empty() {
        let _ = writeln!(out, "after = [{}]", list(service.after.iter()));
    }
    line(out, "build_job", &service.build_job());
    line(out, "sonarqube_project", &service.sonarqube_project());
    line(out, "gitlab_project", &service.gitlab_project());
}

fn table(out: &mut String, key: &str, service: &Service, path: impl Fn(&super::Stack) -> &str) {
    let entries: Vec<String> = service
        .stacks
        .iter()
        .map(|stack| format!("{} = {}", quoted(&stack.pattern), quoted(path(stack))))
        .collect();
    let _ = writeln!(out, "{key} = {{ {} }}", entries.join(", "));
}

fn line(out: &mut String, key: &str, value: &str) {
    let _ = writeln!(out, "{key} = {}", quoted(value));
}

fn list<T: AsRef<str>>(items: impl Iterator<Item = T>) -> String {
    items
        .map(|item| quoted(item.as_ref()))
        .collect::<Vec<_>>()
        .join(", ")
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_toml_that_names_every_service_and_no_secret() {
        let bank = crate::bank::sample();
        let at = |port: u16| format!("http://127.0.0.1:{port}");
        let addresses = Addresses {
            aws: at(1),
            jenkins: at(2),
            sonarqube: at(3),
            gitlab: at(4),
            control: at(5),
        };
        let directory = tempfile::tempdir().unwrap();
        let path = write(&bank, directory.path(), &addresses, bank.now()).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let file: toml::Table = text.parse().unwrap();
        assert_eq!(
            file["services"].as_array().unwrap().len(),
            bank.services().len()
        );
        let freeze = &file["environments"][2]["freezes"][0];
        assert_eq!(freeze["name"].as_str(), Some("weekend"));
        assert!(freeze["from"].as_str() < freeze["to"].as_str());
        let payments = file["services"]
            .as_array()
            .unwrap()
            .iter()
            .find(|s| s["name"].as_str() == Some("payments-api"))
            .unwrap();
        assert_eq!(
            payments["template"]["payments-api-{env}"].as_str(),
            Some("templates/lambda/payments-api.yaml")
        );
        for person in people() {
            for secret in [
                person.aws_secret_access_key,
                person.jenkins_token,
                person.gitlab_token,
                person.sonarqube_token,
            ] {
                assert!(!text.contains(secret));
            }
        }
    }
}

#[cfg(test)]
mod weekend_tests {
    use super::*;

    #[test]
    fn the_freeze_is_a_weekend_and_leaves_a_day_before_it() {
        for hour in 0..400 {
            let now: Timestamp = "2026-11-20T00:30:00Z".parse().unwrap();
            let now = now + SignedDuration::from_hours(hour);
            let (from, to) = next_weekend(now);
            assert!(
                from.duration_since(now) >= SignedDuration::from_hours(24),
                "{now}"
            );
            assert!(
                from.duration_since(now) <= SignedDuration::from_hours(24 * 8),
                "{now}"
            );
            assert_eq!(
                Offset::constant(-5).to_datetime(from).to_string()[11..],
                *"18:00:00"
            );
            assert_eq!(to.duration_since(from), SignedDuration::from_hours(60));
        }
    }
}
