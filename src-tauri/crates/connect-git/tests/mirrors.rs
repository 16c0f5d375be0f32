//! Remote repositories, mirrored by the `git` program from a server on loopback.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use git2::{Repository, Signature};
use interlock_app::ports::SourceReader as _;
use interlock_connect_git::GitConnector;
use interlock_domain::FaultKind;
use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Serves the files of a folder over plain HTTP, which is all that a simple Git server is.
fn serve(folder: PathBuf) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            counted.fetch_add(1, Ordering::SeqCst);
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            while lines
                .next()
                .is_some_and(|line| line.is_ok_and(|l| !l.is_empty()))
            {}
            let path = first
                .split([' ', '?'])
                .nth(1)
                .unwrap()
                .trim_start_matches('/')
                .to_owned();
            let (status, body) = match std::fs::read(folder.join(&path)) {
                _ if path.starts_with("secret") => {
                    ("401 Unauthorized\r\nWWW-Authenticate: Basic", Vec::new())
                }
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", Vec::new()),
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(&body);
        }
    });
    (url, count)
}

fn commit(git: &Repository, message: &str) -> String {
    let who = Signature::now("Ana", "ana@bank.example").unwrap();
    let tree = git.treebuilder(None).unwrap().write().unwrap();
    let tree = git.find_tree(tree).unwrap();
    let parent = git.head().ok().and_then(|head| head.peel_to_commit().ok());
    let parents: Vec<_> = parent.iter().collect();
    let id = git
        .commit(
            Some("refs/heads/main"),
            &who,
            &who,
            message,
            &tree,
            &parents,
        )
        .unwrap();
    git.set_head("refs/heads/main").unwrap();
    // What `git update-server-info` writes.
    std::fs::create_dir_all(git.path().join("info")).unwrap();
    std::fs::write(
        git.path().join("info/refs"),
        format!("{id}\trefs/heads/main\n"),
    )
    .unwrap();
    id.to_string()
}

fn connector(url: &str, mirrors: &Path) -> GitConnector {
    GitConnector::new(
        BTreeMap::from([("templates".to_owned(), url.to_owned())]),
        PathBuf::new(),
    )
    .with_mirrors(mirrors)
}

#[tokio::test]
async fn a_remote_repository_is_mirrored_and_fetched_again_only_for_what_is_not_here() {
    let folder = tempfile::tempdir().unwrap();
    let git = Repository::init_bare(folder.path().join("t.git")).unwrap();
    let first = commit(&git, "first");
    let (url, count) = serve(folder.path().to_owned());
    let mirrors = folder.path().join("cache/mirrors");
    let url = format!("{url}/t.git");

    let source = connector(&url, &mirrors);
    let found = source.commit("templates", "main").await.unwrap();
    assert_eq!(
        (found.id.as_str(), found.title.as_str()),
        (first.as_str(), "first")
    );

    let asked = count.load(Ordering::SeqCst);
    source.commit("templates", &first).await.unwrap();
    source.commit("templates", "main").await.unwrap();
    assert_eq!(
        count.load(Ordering::SeqCst),
        asked,
        "looked at a moment ago"
    );

    // A connector of another day: an id that is here needs no fetch, a name does.
    let second = commit(&git, "second");
    let later = connector(&url, &mirrors);
    later.commit("templates", &first).await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), asked);
    let found = later.commit("templates", "main").await.unwrap();
    assert_eq!(found.id.as_str(), second);
}

#[tokio::test]
async fn a_remote_that_is_gone_or_wants_a_login_is_said_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (url, _) = serve(folder.path().to_owned());
    let mirrors = folder.path().join("mirrors");
    let kind = async |path: &str| {
        let source = connector(&format!("{url}/{path}"), &mirrors);
        source.tags("templates", 5).await.unwrap_err().kind
    };
    assert_eq!(kind("nothing.git").await, FaultKind::NotFound);
    assert_eq!(kind("secret.git").await, FaultKind::Unauthenticated);
    assert_eq!(std::fs::read_dir(&mirrors).unwrap().count(), 0);

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}/t.git", listener.local_addr().unwrap());
    drop(listener);
    let error = connector(&closed, &mirrors)
        .tags("templates", 5)
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::Unreachable);
}
