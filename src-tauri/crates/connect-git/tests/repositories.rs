//! Real repositories, made for each test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use git2::{Oid, Repository, Signature, Time};
use interlock_app::ports::SourceReader as _;
use interlock_connect_git::GitConnector;
use interlock_domain::FaultKind;
use std::collections::BTreeMap;

struct Made {
    folder: tempfile::TempDir,
    git: Repository,
    clock: i64,
}

impl Made {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let git = Repository::init_bare(folder.path().join("r.git")).unwrap();
        Self {
            folder,
            git,
            clock: 1_700_000_000,
        }
    }

    /// A commit on top of parents, with one file set.
    fn commit(&mut self, parents: &[Oid], path: &str, text: &[u8], message: &[u8]) -> Oid {
        self.clock += 60;
        let mut index = git2::Index::new().unwrap();
        if let Some(first) = parents.first() {
            index
                .read_tree(&self.git.find_commit(*first).unwrap().tree().unwrap())
                .unwrap();
        }
        let id = self.git.blob(text).unwrap();
        index
            .add(&git2::IndexEntry {
                ctime: git2::IndexTime::new(0, 0),
                mtime: git2::IndexTime::new(0, 0),
                dev: 0,
                ino: 0,
                mode: 0o100_644,
                uid: 0,
                gid: 0,
                file_size: 0,
                id,
                flags: 0,
                flags_extended: 0,
                path: path.as_bytes().to_vec(),
            })
            .unwrap();
        let tree = self
            .git
            .find_tree(index.write_tree_to(&self.git).unwrap())
            .unwrap();
        let who = Signature::new(
            "Sofía Lara",
            "s.lara@bank.example",
            &Time::new(self.clock, -300),
        )
        .unwrap();
        let parents: Vec<_> = parents
            .iter()
            .map(|p| self.git.find_commit(*p).unwrap())
            .collect();
        let parents: Vec<_> = parents.iter().collect();
        let text = String::from_utf8_lossy(message);
        self.git
            .commit(None, &who, &who, &text, &tree, &parents)
            .unwrap()
    }

    fn connector(&self) -> GitConnector {
        GitConnector::new(
            BTreeMap::from([("r".to_owned(), "r.git".to_owned())]),
            self.folder.path().to_owned(),
        )
    }
}

#[tokio::test]
async fn a_file_is_read_with_its_exact_bytes_at_a_tag_and_at_a_short_id() {
    let mut made = Made::new();
    let first = made.commit(&[], "a.yaml", b"one\r\n\xff", b"first");
    let second = made.commit(&[first], "a.yaml", b"two", b"second");
    made.git
        .tag_lightweight("v1", &made.git.find_object(first, None).unwrap(), false)
        .unwrap();
    let git = made.connector();
    assert_eq!(
        git.file("r", "v1", "a.yaml").await.unwrap().bytes,
        b"one\r\n\xff"
    );
    let short = &second.to_string()[..8];
    assert_eq!(git.file("r", short, "a.yaml").await.unwrap().bytes, b"two");
    assert_eq!(git.tags("r", 5).await.unwrap(), ["v1"]);
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_a_folder_is_refused() {
    let mut made = Made::new();
    let only = made.commit(&[], "d/a.yaml", b"x", b"first").to_string();
    let git = made.connector();
    let kind =
        async |revision: &str, path: &str| git.file("r", revision, path).await.unwrap_err().kind;
    assert_eq!(kind("v9", "a").await, FaultKind::NotFound);
    assert_eq!(kind(&only, "no.yaml").await, FaultKind::NotFound);
    assert_eq!(kind(&only, "d").await, FaultKind::Refused);
    assert_eq!(
        git.commit("other", "HEAD").await.unwrap_err().kind,
        FaultKind::NotFound
    );
    assert_eq!(
        git.commit("r", "HEAD").await.unwrap_err().kind,
        FaultKind::NotFound,
        "an unborn branch"
    );
}

#[tokio::test]
async fn commits_between_are_newest_first_filtered_by_path_and_cut_at_the_limit() {
    let mut made = Made::new();
    let base = made.commit(&[], "a", b"0", b"base");
    let one = made.commit(&[base], "a", b"1", b"one\n\nbody");
    let two = made.commit(&[one], "b", b"1", b"two");
    let three = made.commit(&[two], "a", b"2", b"three");
    let git = made.connector();
    let titles = async |paths: &[String], limit| {
        let range = git
            .commits_between("r", &base.to_string(), &three.to_string(), paths, limit)
            .await
            .unwrap();
        (
            range
                .commits
                .into_iter()
                .map(|c| c.title)
                .collect::<Vec<_>>(),
            range.cut,
        )
    };
    assert_eq!(
        titles(&[], 9).await,
        (vec!["three".into(), "two".into(), "one".into()], false)
    );
    assert_eq!(
        titles(&["a".into()], 9).await,
        (vec!["three".into(), "one".into()], false)
    );
    assert_eq!(
        titles(&[], 2).await,
        (vec!["three".into(), "two".into()], true)
    );
    let back = git
        .commits_between("r", &three.to_string(), &base.to_string(), &[], 9)
        .await
        .unwrap();
    assert!(
        back.commits.is_empty() && !back.linear,
        "the head is behind the base"
    );
}

#[tokio::test]
async fn branches_that_went_their_own_ways_and_merges_are_told_right() {
    let mut made = Made::new();
    let base = made.commit(&[], "a", b"0", b"base");
    let left = made.commit(&[base], "a", b"1", b"left");
    let right = made.commit(&[base], "b", b"1", b"right");
    let merge = made.commit(&[left, right], "b", b"1", b"merge");
    let git = made.connector();
    let apart = git
        .commits_between("r", &left.to_string(), &right.to_string(), &[], 9)
        .await
        .unwrap();
    assert!(!apart.linear);
    assert_eq!(apart.commits.len(), 1);
    let merged = git
        .commits_between("r", &left.to_string(), &merge.to_string(), &["b".into()], 9)
        .await
        .unwrap();
    assert!(merged.linear);
    assert_eq!(
        merged
            .commits
            .iter()
            .map(|c| c.title.as_str())
            .collect::<Vec<_>>(),
        ["right"]
    );
}

#[tokio::test]
async fn a_remote_address_is_refused_without_showing_its_password() {
    let git = GitConnector::new(
        BTreeMap::from([(
            "r".to_owned(),
            "https://ana:hunter2@git.bank.example/r.git".to_owned(),
        )]),
        std::path::PathBuf::new(),
    );
    let error = git.commit("r", "main").await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unsupported);
    assert!(!error.message.contains("hunter2"), "{}", error.message);
}
