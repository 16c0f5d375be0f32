//! The estate file of the practice bank: what a team would keep in Git, with the addresses of the
//! running servers.

use super::{Bank, ENVIRONMENTS, Environment, Promote, Service};
use crate::people::people;
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

/// Writes `interlock.toml` into the practice directory and gives its path.
pub fn write(bank: &Bank, directory: &Path, addresses: &Addresses) -> io::Result<PathBuf> {
    let path = directory.join("interlock.toml");
    std::fs::write(&path, text(bank, directory, addresses))?;
    Ok(path)
}

/// The text of the estate file.
pub fn text(bank: &Bank, directory: &Path, addresses: &Addresses) -> String {
    let mut out =
        String::from("# The practice estate. Written at each start; changes are lost.\n\n");
    line(&mut out, "name", "Andes Bank");
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
            out.push_str(
                "\n[[environments.freezes]]\nname = \"weekend\"\n\
                 weekly = { from = \"Fri 18:00\", to = \"Mon 06:00\" }\nzone = \"America/Bogota\"\n",
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
        let path = write(&bank, directory.path(), &addresses).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let file: toml::Table = text.parse().unwrap();
        assert_eq!(
            file["services"].as_array().unwrap().len(),
            bank.services().len()
        );
        assert_eq!(
            file["environments"][2]["freezes"][0]["zone"].as_str(),
            Some("America/Bogota")
        );
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
