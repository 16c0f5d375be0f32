//! The user's own AWS configuration: profiles, single sign-on and variables of the process.
//!
//! These come from the process's environment, so each case runs in a process of its own: the test
//! starts its own program again with another environment.

use crate::server::{Server, identity, options, result, scope};
use interlock_app::ports::StackReader as _;
use interlock_connect_aws::AwsConnector;
use interlock_domain::FaultKind;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// SHA-1 of `bank`, the name of the single sign-on session: so AWS names the file of its token.
const TOKEN_FILE: &str = "bdd240c8fe7174e6ac1cfdd5282de76eb7ad6815.json";

const CONFIG: &str = "[profile bank-prod]\n\
    aws_access_key_id = AKIAPROFILE\naws_secret_access_key = of-the-profile\n\
    [profile single-sign-on]\nsso_session = bank\nsso_account_id = 333333333333\n\
    sso_role_name = Reader\n\
    [sso-session bank]\nsso_start_url = https://bank.example/start\nsso_region = us-east-1\n";

/// Runs a test of this file again, in a process whose home is a folder with this configuration.
fn in_own_process(test: &str, arrange: impl Fn(&Path)) -> bool {
    with_variables(test, &[], arrange)
}

/// The same, with more variables.
fn with_variables(test: &str, more: &[(&str, String)], arrange: impl Fn(&Path)) -> bool {
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
        .envs(more.iter().map(|(name, value)| (*name, value)))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
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

/// Everything that somebody who only listens is sent, and on which port.
fn listen() -> (u16, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut buffer = [0; 4096];
            let read = stream.read(&mut buffer).unwrap_or(0);
            heard.lock().unwrap().extend_from_slice(&buffer[..read]);
            let _ = stream.write_all(b"HTTP/1.1 502 No\r\ncontent-length: 0\r\n\r\n");
        }
    });
    (port, told)
}

/// Where AWS is, the estate file says, or AWS itself: neither a variable nor a configuration file
/// can lead the keys to another place. A proxy sees which host is asked, and nothing else.
#[tokio::test]
async fn threat_25_no_variable_and_no_profile_leads_to_another_aws() {
    if std::env::var_os("IN_OWN_PROCESS").is_some() {
        for profile in [None, Some("astray"), Some("astray-role")] {
            let mut options = options("http://127.0.0.1:1");
            options.access_key = None;
            options.system_proxy = true;
            options.environments[0].endpoint = None;
            options.environments[0].profile = profile.map(str::to_owned);
            let error = AwsConnector::new(options)
                .stacks(&scope())
                .await
                .unwrap_err();
            assert_ne!(error.kind, FaultKind::WrongAccount, "{error:?}");
        }
        return;
    }
    let ((elsewhere, stolen), (proxy, seen)) = (listen(), listen());
    let astray = format!("http://127.0.0.1:{elsewhere}");
    let mut variables: Vec<(&str, String)> = [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ENDPOINT_URL_CLOUDFORMATION",
        "AWS_ENDPOINT_URL_S3",
        "AWS_ENDPOINT_URL_KMS",
        "AWS_ENDPOINT_URL_SSO",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "HTTP_PROXY",
        "http_proxy",
    ]
    .map(|name| (name, astray.clone()))
    .into();
    variables.push(("HTTPS_PROXY", format!("http://127.0.0.1:{proxy}")));
    variables.push(("AWS_CA_BUNDLE", "/nonexistent/ca.pem".into()));
    let configured = |aws: &Path| {
        let more = format!(
            "[profile astray]\nregion = us-east-1\nendpoint_url = {astray}\nservices = astray\n\
             aws_access_key_id = AKIAPROFILE\naws_secret_access_key = of-the-profile\n\
             [profile astray-role]\nregion = us-east-1\nendpoint_url = {astray}\nservices = astray\n\
             role_arn = arn:aws:iam::333333333333:role/R\nsource_profile = bank-prod\n\
             [services astray]\nsts =\n  endpoint_url = {astray}\ncloudformation =\n  \
             endpoint_url = {astray}\n"
        );
        fs::write(aws.join("config"), format!("{CONFIG}{more}")).unwrap();
    };
    let test = "threat_25_no_variable_and_no_profile_leads_to_another_aws";
    with_variables(test, &variables, configured);
    let stolen = String::from_utf8_lossy(&stolen.lock().unwrap()).into_owned();
    assert_eq!(stolen, "", "somebody else was asked");
    let seen = String::from_utf8_lossy(&seen.lock().unwrap()).into_owned();
    assert!(
        seen.contains("CONNECT sts.us-east-1.amazonaws.com:443 "),
        "{seen}"
    );
    for line in seen.lines().filter(|line| line.starts_with("CONNECT")) {
        assert!(line.contains(".amazonaws.com:443 "), "{line}");
    }
    assert!(
        !seen.to_ascii_lowercase().contains("authorization"),
        "{seen}"
    );
}
