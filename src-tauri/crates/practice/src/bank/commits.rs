//! The commits that lead to the releases: who changed which file when, before Git gives them ids.

use super::{
    Release, Service, Version, chance::Chance, history::at, model::ENVIRONMENTS, sources, titles,
    writers::signature,
};
use crate::git::{CommitPlan, RepositoryPlan};
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeMap, fmt::Write as _};

/// The repositories with every commit, oldest first.
pub(super) fn repositories(
    services: &[Service],
    releases: &[Release],
    now: Timestamp,
) -> Vec<RepositoryPlan> {
    let mut commits: BTreeMap<&str, Vec<CommitPlan>> = BTreeMap::new();
    let mut files = Files::default();
    for service in services {
        let list = commits.entry(&service.repository).or_default();
        let mut before: Option<&Release> = None;
        for release in releases.iter().filter(|r| r.service == service.name) {
            list.extend(of_release(service, before, release, &mut files));
            before = Some(release);
        }
    }
    let mut plans: Vec<RepositoryPlan> = commits
        .into_iter()
        .map(|(name, mut commits)| {
            commits.sort_by_key(|commit| commit.time);
            finish(name, commits)
        })
        .collect();
    plans.push(pipelines(now));
    plans
}

/// Contents as the last commit of each file left them.
#[derive(Default)]
struct Files {
    sources: BTreeMap<String, String>,
    /// By repository and path: commits name only what they change.
    written: BTreeMap<(String, String), String>,
}

impl Files {
    /// Leaves the files that differ from what is there, and remembers them.
    fn changed(&mut self, repository: &str, files: Vec<(String, String)>) -> Vec<(String, String)> {
        files
            .into_iter()
            .filter(|(path, text)| {
                let place = (repository.to_owned(), path.clone());
                self.written.insert(place, text.clone()).as_ref() != Some(text)
            })
            .collect()
    }

    /// Adds a piece to the service's source file for a commit title.
    fn grow(&mut self, service: &str, title: &str) -> (String, String) {
        let path = format!("src/{service}/rules.py");
        let text = self
            .sources
            .entry(path.clone())
            .or_insert_with(|| format!("\"\"\"Rules of {service}.\"\"\"\n"));
        let number = text.matches("\ndef ").count() + 1;
        let _ = write!(
            text,
            "\n\ndef rule_{number}(event):\n    # {title}\n    return event\n"
        );
        (path, text.clone())
    }
}

fn of_release(
    service: &Service,
    before: Option<&Release>,
    release: &Release,
    files: &mut Files,
) -> Vec<CommitPlan> {
    let version = release.version.to_string();
    let mut chance = Chance::of(&format!("{}@{version}", service.name));
    let titles = titles::of_release(&service.name, service.kind, &version, &mut chance);
    let count = i32::try_from(titles.len()).unwrap_or(i32::MAX);
    let gap = before.map_or(SignedDuration::from_hours(48), |b| {
        release.time.duration_since(b.time)
    });
    let step = (gap / (count + 2)).min(SignedDuration::from_mins(95));
    let mut commits: Vec<CommitPlan> = Vec::new();
    for (title, left) in titles.iter().zip((1..=count).rev()) {
        let mut author = super::story::author(&service.name, &mut chance);
        let mut changes = vec![];
        if left == 1
            && let Some(before) = before
        {
            let files_then = infrastructure(service, &release.version, &before.version);
            changes = files.changed(&service.repository, files_then);
        }
        if changes.is_empty() || chance.whole(0, 2) == 0 {
            changes.push(files.grow(&service.name, title));
        } else {
            author = "d.mora";
        }
        commits.push(CommitPlan {
            time: release.time - step * left,
            author: signature(author),
            message: (*title).to_owned(),
            changes,
            tag: None,
            branch: None,
            service: service.name.clone(),
        });
    }
    let files_now = infrastructure(service, &release.version, &release.version);
    let mut changes = files.changed(&service.repository, files_now);
    changes.push((
        format!("src/{}/VERSION", service.name),
        format!("{version}\n"),
    ));
    commits.push(CommitPlan {
        time: release.time,
        author: signature(&release.author),
        message: format!("Release {} {version}", service.name),
        changes,
        tag: Some(service.tag(&release.version)),
        branch: None,
        service: service.name.clone(),
    });
    commits
}

/// Templates and variable documents of a service as they are at a version.
fn infrastructure(service: &Service, features: &Version, stamp: &Version) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let nested = sources::nested_paths(&service.name).map(str::to_owned);
    let own = service.stacks.iter().map(|stack| stack.template.clone());
    for path in own.chain(nested) {
        if let Some(text) = sources::template(&service.name, &path, features, stamp) {
            files.push((path, text));
        }
    }
    for stack in &service.stacks {
        for environment in &ENVIRONMENTS {
            files.push((
                stack.variables_path(environment.name),
                sources::document(
                    &service.repository,
                    &service.team,
                    &stack.document(),
                    environment.name,
                    features,
                ),
            ));
        }
    }
    files
}

/// Puts the beginning before and an open branch after a repository's commits.
fn finish(name: &str, mut commits: Vec<CommitPlan>) -> RepositoryPlan {
    let first = commits.first().map_or(Timestamp::UNIX_EPOCH, |c| c.time);
    let last = commits.last().map_or(Timestamp::UNIX_EPOCH, |c| c.time);
    let service = commits
        .last()
        .map_or_else(String::new, |c| c.service.clone());
    commits.insert(
        0,
        CommitPlan {
            time: first - SignedDuration::from_hours(30),
            author: signature("d.mora"),
            message: format!("Start of {name}"),
            changes: vec![
                (
                    "README.md".to_owned(),
                    format!(
                        "# andes/{name}\n\nPlantillas de CloudFormation por tipo de recurso en \
                         `templates/`, variables por ambiente en `variables/`.\n"
                    ),
                ),
                ("CODEOWNERS".to_owned(), "* @d.mora\n".to_owned()),
            ],
            tag: None,
            branch: None,
            service: String::new(),
        },
    );
    commits.push(CommitPlan {
        time: last + SignedDuration::from_mins(9),
        author: signature("s.lara"),
        message: format!("Draft: {service} reads its settings once"),
        changes: vec![(
            format!("src/{service}/settings.py"),
            "SETTINGS = None\n".to_owned(),
        )],
        tag: None,
        branch: Some("feature/settings-once".to_owned()),
        service,
    });
    RepositoryPlan {
        name: name.to_owned(),
        commits,
    }
}

/// The repository of pipeline templates.
fn pipelines(now: Timestamp) -> RepositoryPlan {
    let mut commits = vec![CommitPlan {
        time: at(now, 91.0 * 24.0),
        author: signature("d.mora"),
        message: "Start of pipelines".to_owned(),
        changes: vec![(
            "README.md".to_owned(),
            "# andes/pipelines\n\nUna plantilla de Jenkins por tipo de solución.\n".to_owned(),
        )],
        tag: None,
        branch: None,
        service: String::new(),
    }];
    for ((path, text), days) in sources::PIPELINES.iter().zip([88, 80, 71, 60, 44, 30, 17]) {
        let name = path.trim_start_matches("pipelines/");
        commits.push(CommitPlan {
            time: at(now, f64::from(days) * 24.0),
            author: signature("d.mora"),
            message: format!("Plantilla {name}"),
            changes: vec![((*path).to_owned(), (*text).to_owned())],
            tag: None,
            branch: None,
            service: String::new(),
        });
    }
    RepositoryPlan {
        name: "pipelines".to_owned(),
        commits,
    }
}
