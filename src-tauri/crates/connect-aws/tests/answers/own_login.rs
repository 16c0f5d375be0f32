//! The user's own AWS configuration: profiles, single sign-on and variables of the process.
//!
//! These come from the process's environment, so each case runs in a process of its own: the test
//! starts its own program again with another environment.

use crate::server::{Server, identity, options, result, scope};
use interlock_app::ports::StackReader as _;
use interlock_connect_aws::AwsConnector;
use interlock_domain::FaultKind;
use std::fs;
use std::path::Path;
use std::process::Command;

/// SHA-1 of `bank`, the name of the single sign-on session: so AWS names the file of its token.
const TOKEN_FILE: &str = "bdd240c8fe7174e6ac1cfdd5282de76eb7ad6815.json";

const CONFIG: &str = "[profile bank-prod]\n\
    aws_access_key_id = AKIAPROFILE\naws_secret_access_key = of-the-profile\n\
    [profile single-sign-on]\nsso_session = bank\nsso_account_id = 333333333333\n\
    sso_role_name = Reader\n\
    [sso-session bank]\nsso_start_url = https://bank.example/start\nsso_region = us-east-1\n";

/// Runs a test of this file again, in a process whose home is a folder with this configuration.
fn in_own_process(test: &str, arrange: impl Fn(&Path)) -> bool {
    if std::env::var_os("IN_OWN_PROCESS").is_some() {
        return false;
    }
    let home = tempfile::tempdir().unwrap();
    let aws = home.path().join(".aws");
    fs::create_dir_all(aws.join("sso/cache")).unwrap();
    fs::write(aws.join("config"), CONFIG).unwrap();
    arrange(&aws);
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("own_login::{test}")])
        .env_clear()
        .env("IN_OWN_PROCESS", "1")
        .env("HOME", home.path())
        .env("AWS_ACCESS_KEY_ID", "AKIAVARIABLE")
        .env("AWS_SECRET_ACCESS_KEY", "of-the-variable")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}");
    true
}

/// Key that a server sees when it is entered with a profile, or what went wrong.
async fn entered(profile: Option<&str>) -> Result<String, interlock_domain::ConnectorError> {
    let server = Server::start(|asked, _| {
        Some(match asked.action() {
            "GetCallerIdentity" => identity("333333333333", asked),
            _ => result("DescribeStacks", "<Stacks/>"),
        })
    })
    .await;
    let mut options = options(&server.address);
    options.access_key = None;
    options.environments[0].profile = profile.map(str::to_owned);
    AwsConnector::new(options).stacks(&scope()).await?;
    Ok(server.asked("DescribeStacks")[0].key.clone())
}

#[tokio::test]
async fn a_profile_of_the_estate_file_comes_before_variables_of_the_process() {
    let test = "a_profile_of_the_estate_file_comes_before_variables_of_the_process";
    if in_own_process(test, |_| ()) {
        return;
    }
    assert_eq!(entered(Some("bank-prod")).await.unwrap(), "AKIAPROFILE");
    assert_eq!(entered(None).await.unwrap(), "AKIAVARIABLE");
}

#[tokio::test]
async fn a_profile_that_is_not_there_is_named() {
    if in_own_process("a_profile_that_is_not_there_is_named", |_| ()) {
        return;
    }
    let missing = entered(Some("bank-prd")).await.unwrap_err();
    assert_eq!(missing.kind, FaultKind::Unauthenticated, "{missing:?}");
    assert!(missing.message.contains("bank-prd"), "{}", missing.message);
}

#[tokio::test]
async fn single_sign_on_that_never_was_asks_for_a_login_to_this_profile() {
    let test = "single_sign_on_that_never_was_asks_for_a_login_to_this_profile";
    if in_own_process(test, |_| ()) {
        return;
    }
    let missing = entered(Some("single-sign-on")).await.unwrap_err();
    assert_eq!(missing.kind, FaultKind::Unauthenticated, "{missing:?}");
    let hint = missing.hint.unwrap();
    assert!(
        hint.contains("aws sso login --profile single-sign-on"),
        "{hint}"
    );
}

#[tokio::test]
async fn single_sign_on_that_ran_out_is_expired() {
    let ran_out = |aws: &Path| {
        let token = "{\"accessToken\": \"t\", \"expiresAt\": \"2020-01-01T00:00:00Z\"}";
        fs::write(aws.join("sso/cache").join(TOKEN_FILE), token).unwrap();
    };
    if in_own_process("single_sign_on_that_ran_out_is_expired", ran_out) {
        return;
    }
    let expired = entered(Some("single-sign-on")).await.unwrap_err();
    assert_eq!(expired.kind, FaultKind::Expired, "{expired:?}");
    assert!(expired.hint.unwrap().contains("--profile single-sign-on"));
}
