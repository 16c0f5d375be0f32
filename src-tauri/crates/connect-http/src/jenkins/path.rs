//! Addresses of jobs: folders, and names that are percent-encoded already.

use crate::address::segment;

/// Path of a job by its full name, folders joined with `/`.
///
/// The name of a branch job holds `%2F` for the slash of its branch; it is encoded once more.
pub(super) fn of_job(name: &str) -> Result<String, &'static str> {
    let mut path = String::new();
    for part in name.split('/').filter(|part| !part.is_empty()) {
        path.push_str("/job/");
        path.push_str(&segment(part).map_err(|_| "a folder or job cannot be called like this")?);
    }
    if path.is_empty() {
        return Err("it has no name");
    }
    Ok(path)
}

/// Whether an address that Jenkins gave is that of the job with this path.
pub(super) fn is_job(address: &str, job_path: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.find("/job/")
        .is_some_and(|at| decoded(&path[at..]).trim_end_matches('/') == decoded(job_path))
}

/// Number at the end of a queue item's address.
pub(super) fn queue_item(address: &str) -> Option<u64> {
    let (_, rest) = address.split_once("queue/item/")?;
    rest.split('/').next()?.parse().ok()
}

fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .and_then(|two| std::str::from_utf8(two).ok())
            .filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match hex {
            Some(value) if byte == b'%' => {
                bytes.push(value);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_branch_name_with_2f_is_encoded_a_second_time() {
        assert_eq!(
            of_job("team a/web-app/feature%2Flogin-page").unwrap(),
            "/job/team%20a/job/web-app/job/feature%252Flogin-page"
        );
        assert_eq!(
            of_job("team a/web-app/bugfix%2FACME-42+hotfix%231").unwrap(),
            "/job/team%20a/job/web-app/job/bugfix%252FACME-42%2Bhotfix%25231"
        );
        assert_eq!(
            of_job("team a/gate go ü").unwrap(),
            "/job/team%20a/job/gate%20go%20%C3%BC"
        );
    }

    #[test]
    fn a_job_is_known_by_its_address_under_any_root() {
        let path = of_job("team a/web-app/bugfix%2FACME-42+hotfix%231").unwrap();
        assert!(is_job(
            "http://127.0.0.1:8090/job/team%20a/job/web-app/job/bugfix%252FACME-42+hotfix%25231/",
            &path
        ));
        assert!(is_job(
            "/jenkins/job/team%20a/job/web-app/job/bugfix%252FACME-42+hotfix%25231",
            &path
        ));
        assert!(!is_job("http://127.0.0.1:8090/job/team%20a/", &path));
    }

    #[test]
    fn a_queue_item_is_read_from_absolute_and_relative_addresses() {
        assert_eq!(queue_item("http://127.0.0.1:8090/queue/item/45/"), Some(45));
        assert_eq!(queue_item("queue/item/5/"), Some(5));
        assert_eq!(queue_item("http://127.0.0.1:8090/job/x/"), None);
    }

    #[test]
    fn dots_and_empty_names_are_no_jobs() {
        assert!(of_job("../../script").is_err());
        assert!(of_job("///").is_err());
    }

    proptest! {
        #[test]
        fn a_job_finds_its_own_path_again(name in "[^/\\p{Cc}]{1,20}", folder in "[a-z%+ ü]{1,8}") {
            if let Ok(path) = of_job(&format!("{folder}/{name}")) {
                let found = is_job(&format!("https://ci.example/root{path}/"), &path);
                prop_assert!(found);
            }
        }

        #[test]
        fn any_address_can_be_looked_at(address in ".{0,60}") {
            let _ = (queue_item(&address), is_job(&address, "/job/x"));
        }
    }
}
