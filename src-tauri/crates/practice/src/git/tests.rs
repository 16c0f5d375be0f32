//! What the repositories are judged by.

use super::write;
use crate::bank::Bank;
use git2::Repository;
use jiff::Timestamp;

fn now() -> Timestamp {
    "2026-11-23T14:30:00Z".parse().unwrap()
}

#[test]
fn the_same_moment_gives_the_same_commits() {
    let (one, two) = (Bank::new(now()), Bank::new(now()));
    assert_eq!(one.repositories(), two.repositories());
    assert_eq!(one.releases(), two.releases());
}

#[test]
fn every_release_is_a_tagged_commit_with_its_template_and_variables() {
    let bank = crate::bank::sample();
    let directory = tempfile::tempdir().unwrap();
    write(bank.repositories(), directory.path()).unwrap();
    for release in bank.releases() {
        let service = bank.service(&release.service).unwrap();
        let path = directory.path().join(format!("{}.git", service.repository));
        let repository = Repository::open_bare(path).unwrap();
        let tag = format!("refs/tags/{}", service.tag(&release.version));
        let commit = repository
            .find_reference(&tag)
            .unwrap()
            .peel_to_commit()
            .unwrap();
        assert_eq!(commit.id().to_string(), release.commit, "{tag}");
        assert_eq!(commit.time().seconds(), release.time.as_second());
        let tree = commit.tree().unwrap();
        let text = |path: &str| {
            let entry = tree.get_path(path.as_ref()).unwrap();
            let blob = repository.find_blob(entry.id()).unwrap();
            String::from_utf8(blob.content().to_vec()).unwrap()
        };
        for stack in &service.stacks {
            let template = bank.template(&service.name, &stack.pattern, &release.version);
            assert_eq!(Some(text(&stack.template)), template);
            let variables = bank.variables(&service.name, &stack.pattern, "prod", &release.version);
            assert_eq!(Some(text(&stack.variables_path("prod"))), variables);
        }
    }
}

#[test]
fn history_is_linear_and_goes_forward() {
    for repository in crate::bank::sample().repositories() {
        let times: Vec<_> = repository.commits.iter().map(|c| c.plan.time).collect();
        assert!(times.is_sorted(), "{}", repository.name);
        assert!(times.last().unwrap() <= &now(), "{}", repository.name);
    }
}

#[test]
fn repositories_are_laid_out_once() {
    let directory = tempfile::tempdir().unwrap();
    let bank = crate::bank::sample();
    write(bank.repositories(), directory.path()).unwrap();
    let head = directory.path().join("payments.git/refs/heads/main");
    std::fs::write(&head, "0000000000000000000000000000000000000001\n").unwrap();
    write(bank.repositories(), directory.path()).unwrap();
    assert!(std::fs::read_to_string(head).unwrap().ends_with("01\n"));
}
