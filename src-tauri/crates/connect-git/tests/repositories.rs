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
        self.commit_as(0o100_644, parents, path, text, message)
    }

    fn commit_as(
        &mut self,
        mode: u32,
        parents: &[Oid],
        path: &str,
        text: &[u8],
        message: &[u8],
    ) -> Oid {
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
                mode,
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

    /// A commit that moves a file.
    fn rename(&mut self, parent: Oid, from: &str, to: &str, message: &str) -> Oid {
        let content = {
            let tree = self.git.find_commit(parent).unwrap().tree().unwrap();
            let id = tree.get_path(from.as_ref()).unwrap().id();
            self.git.find_blob(id).unwrap().content().to_vec()
        };
        let added = self.commit(&[parent], to, &content, message.as_bytes());
        let mut index = git2::Index::new().unwrap();
        let commit = self.git.find_commit(added).unwrap();
        index.read_tree(&commit.tree().unwrap()).unwrap();
        index.remove(from.as_ref(), 0).unwrap();
        let tree = index.write_tree_to(&self.git).unwrap();
        let tree = self.git.find_tree(tree).unwrap();
        let who = commit.author().to_owned();
        let parent = self.git.find_commit(parent).unwrap();
        self.git
            .commit(None, &who, &who, message, &tree, &[&parent])
            .unwrap()
    }

    /// A commit with any header line and any bytes as its message.
    fn raw(&self, parent: Oid, header: &str, message: &[u8]) -> Oid {
        let tree = self.git.find_commit(parent).unwrap().tree_id();
        let mut text = format!(
            "tree {tree}\nparent {parent}\nauthor A <a@b> 1700000000 +0000\n\
             committer A <a@b> 1700000000 +0000\n{header}\n"
        )
        .into_bytes();
        text.extend_from_slice(message);
        let odb = self.git.odb().unwrap();
        odb.write(git2::ObjectType::Commit, &text).unwrap()
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
async fn a_remote_address_is_refused_where_no_mirrors_are_kept() {
    let git = GitConnector::new(
        BTreeMap::from([("r".to_owned(), "https://git.bank.example/r.git".to_owned())]),
        std::path::PathBuf::new(),
    );
    let error = git.commit("r", "main").await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unsupported);
    assert!(error.hint.unwrap().contains("mirror"));
}

#[tokio::test]
async fn a_renamed_file_touches_its_old_and_its_new_path() {
    let mut made = Made::new();
    let base = made.commit(&[], "stacks/old.yaml", b"0", b"base");
    let renamed = made.rename(base, "stacks/old.yaml", "stacks/new.yaml", "rename");
    let git = made.connector();
    for path in [
        "stacks/old.yaml",
        "stacks/new.yaml",
        "stacks",
        "/stacks/",
        ".",
    ] {
        let range = git
            .commits_between(
                "r",
                &base.to_string(),
                &renamed.to_string(),
                &[path.to_owned()],
                9,
            )
            .await
            .unwrap();
        assert_eq!(range.commits.len(), 1, "{path}");
    }
    let error = git
        .file("r", &renamed.to_string(), "stacks/old.yaml")
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::NotFound);
}

#[tokio::test]
async fn a_merge_that_changes_something_by_itself_touches_it() {
    let mut made = Made::new();
    let base = made.commit(&[], "a", b"0", b"base");
    let left = made.commit(&[base], "a", b"1", b"left");
    let right = made.commit(&[base], "a", b"2", b"right");
    let resolved = made.commit(&[left, right], "a", b"3", b"resolved by hand");
    let range = made
        .connector()
        .commits_between(
            "r",
            &base.to_string(),
            &resolved.to_string(),
            &["a".to_owned()],
            9,
        )
        .await
        .unwrap();
    let titles: Vec<&str> = range.commits.iter().map(|c| c.title.as_str()).collect();
    assert_eq!(titles, ["resolved by hand", "right", "left"]);
}

#[tokio::test]
async fn histories_without_anything_in_common_are_not_linear() {
    let mut made = Made::new();
    let one = made.commit(&[], "a", b"1", b"one");
    let other = made.commit(&[], "a", b"2", b"other");
    let range = made
        .connector()
        .commits_between("r", &one.to_string(), &other.to_string(), &[], 9)
        .await
        .unwrap();
    assert!(!range.linear);
    assert_eq!(range.commits.len(), 1);
}

#[tokio::test]
async fn a_name_that_is_nearly_there_is_told_with_what_was_meant() {
    let mut made = Made::new();
    let first = made.commit(&[], "templates/lambda/payments.yaml", b"x", b"first");
    made.git
        .reference("refs/tags/v1.10.0", first, true, "")
        .unwrap();
    made.git
        .reference("refs/remotes/origin/renamed", first, true, "")
        .unwrap();
    let git = made.connector();
    let hint = async |revision: &str, path: &str| {
        let error = git.file("r", revision, path).await.unwrap_err();
        assert_eq!(error.kind, FaultKind::NotFound);
        error.hint.unwrap_or_default()
    };
    let right = "templates/lambda/payments.yaml";
    for (revision, path, meant) in [
        ("v1.1.0", right, "`v1.10.0`"),
        ("rename", right, "`renamed`"),
        ("v1.10.0", "templates/lambda/payment.yaml", right),
        ("v1.10.0", "templates/payments.yaml", right),
        ("v1.10.0", "payments.yml", right),
    ] {
        let told = hint(revision, path).await;
        assert!(told.contains(meant), "{revision} {path}: {told}");
    }
    assert_eq!(hint("v1.10.0", "cards.json").await, "");
    assert!(!hint("something-else", right).await.contains("Did you mean"));
}

#[tokio::test]
async fn an_empty_repository_has_no_tags_and_a_missing_folder_is_said() {
    let made = Made::new();
    assert!(made.connector().tags("r", 5).await.unwrap().is_empty());
    let git = GitConnector::new(
        BTreeMap::from([("r".to_owned(), "nowhere.git".to_owned())]),
        made.folder.path().to_owned(),
    );
    let error = git.tags("r", 5).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::NotFound);
    assert!(error.message.contains("nowhere.git"), "{}", error.message);
}

#[tokio::test]
async fn a_folder_inside_a_repository_is_not_the_repository_above_it() {
    let folder = tempfile::tempdir().unwrap();
    Repository::init(folder.path()).unwrap();
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    let git = GitConnector::new(
        BTreeMap::from([("r".to_owned(), "inner".to_owned())]),
        folder.path().to_owned(),
    );
    assert_eq!(
        git.tags("r", 5).await.unwrap_err().kind,
        FaultKind::NotFound
    );
}

#[tokio::test]
async fn a_message_that_is_not_utf_8_is_shown_as_far_as_it_can_be() {
    let mut made = Made::new();
    let first = made.commit(&[], "a", b"1", b"first");
    let text = made.raw(first, "encoding ISO-8859-1\n", b"promoci\xf3n");
    let garbled = made.raw(first, "", b"promoci\xf3n");
    let git = made.connector();
    let title = async |id: Oid| git.commit("r", &id.to_string()).await.unwrap().title;
    assert_eq!(title(text).await, "promoción");
    assert_eq!(title(garbled).await, "promoci\u{fffd}n");
}

#[tokio::test]
async fn tags_are_newest_first_by_the_time_of_the_tag() {
    let mut made = Made::new();
    let one = made.commit(&[], "a", b"1", b"one");
    let two = made.commit(&[one], "a", b"2", b"two");
    let object = |id| made.git.find_object(id, None).unwrap();
    let late = Signature::new("Ana", "ana@bank.example", &Time::new(1_800_000_000, 0)).unwrap();
    made.git.tag_lightweight("v2", &object(two), false).unwrap();
    made.git
        .tag("v1-again", &object(one), &late, "once more", false)
        .unwrap();
    made.git.tag_lightweight("v1", &object(one), false).unwrap();
    let blob = made.git.blob(b"not a commit").unwrap();
    made.git
        .tag_lightweight("odd", &object(blob), false)
        .unwrap();
    let git = made.connector();
    assert_eq!(git.tags("r", 9).await.unwrap(), ["v1-again", "v2", "v1"]);
    assert_eq!(git.tags("r", 1).await.unwrap(), ["v1-again"]);
}

#[tokio::test]
async fn expressions_of_git_are_not_revisions() {
    let mut made = Made::new();
    let one = made.commit(&[], "a", b"1", b"one");
    made.git
        .reference("refs/heads/main", one, true, "")
        .unwrap();
    let git = made.connector();
    assert!(git.commit("r", "main").await.is_ok());
    for revision in ["main:a", ":/one", "main@{0}", "", "-h"] {
        let kind = git.commit("r", revision).await.unwrap_err().kind;
        assert_eq!(kind, FaultKind::Refused, "{revision}");
    }
}

#[tokio::test]
async fn a_branch_that_only_origin_has_is_found_in_a_clone() {
    let mut made = Made::new();
    let one = made.commit(&[], "a", b"1", b"one");
    made.git
        .reference("refs/remotes/origin/release/1.4", one, true, "")
        .unwrap();
    let found = made.connector().commit("r", "release/1.4").await.unwrap();
    assert_eq!(found.id.as_str(), one.to_string());
}

#[tokio::test]
async fn links_and_files_kept_elsewhere_are_not_read_as_content() {
    let mut made = Made::new();
    let lfs = made.commit(
        &[],
        "big.zip",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n",
        b"lfs",
    );
    let link = made.commit_as(0o120_000, &[lfs], "link", b"/etc/passwd", b"a link");
    let git = made.connector();
    let kind =
        async |id: Oid, path: &str| git.file("r", &id.to_string(), path).await.unwrap_err().kind;
    assert_eq!(kind(lfs, "big.zip").await, FaultKind::Unsupported);
    assert_eq!(kind(link, "link").await, FaultKind::Refused);
}

#[tokio::test]
async fn a_file_over_the_budget_is_refused_before_it_is_loaded() {
    let mut made = Made::new();
    let large = vec![b'x'; 33 * 1024 * 1024];
    let id = made.commit(&[], "large.json", &large, b"large");
    let error = made
        .connector()
        .file("r", &id.to_string(), "large.json")
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::Refused);
    assert!(error.message.contains("33 MB"), "{}", error.message);
}

#[tokio::test]
async fn a_revision_contains_itself_and_what_it_descends_from_and_nothing_else() {
    let mut made = Made::new();
    let root = made.commit(&[], "a", b"1", b"root");
    let left = made.commit(&[root], "a", b"2", b"left");
    let right = made.commit(&[root], "a", b"3", b"right");
    let merge = made.commit(&[left, right], "a", b"4", b"merge");
    let git = made.connector();
    let contains = async |commit: Oid, head: Oid| {
        let (commit, head) = (commit.to_string(), head.to_string());
        git.contains("r", &commit, &head).await.unwrap()
    };
    for (commit, head, is_there) in [
        (root, root, true),
        (root, merge, true),
        (left, merge, true),
        (right, merge, true),
        (left, right, false),
        (merge, left, false),
    ] {
        assert_eq!(contains(commit, head).await, is_there, "{commit} in {head}");
    }
    let unknown = "0123456789012345678901234567890123456789";
    let answer = git.contains("r", unknown, &merge.to_string()).await;
    assert_eq!(answer.unwrap_err().kind, FaultKind::NotFound);
    // Cut off at the merge, the history does not tell.
    std::fs::write(made.git.path().join("shallow"), format!("{merge}\n")).unwrap();
    let git = made.connector();
    let wanted = right.to_string();
    let answer = git.contains("r", &wanted, &left.to_string()).await;
    assert_eq!(answer.unwrap_err().kind, FaultKind::Unsupported);
    assert!(git.contains("r", &wanted, &wanted).await.unwrap());
}
