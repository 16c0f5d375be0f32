//! Signed requests through the router: refusals and paging as a client on the wire sees them.

use super::super::iam::{Duty, KeyHolder};
use super::super::sigv4::tests::sign;
use super::super::{Cloud, SeedStack, endpoint};
use crate::PracticeOptions;
use crate::clock::PracticeClock;
use crate::state::StateFile;
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use tempfile::TempDir;
use tower_service::Service as _;

const PROD: &str = "333333333333";

pub(super) fn cloud(pace: f64, page_size: usize) -> (Cloud, PracticeClock, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let state = StateFile::open(directory.path()).unwrap();
    let clock = PracticeClock::default();
    let mut options = PracticeOptions::new(directory.path());
    options.pace = pace;
    options.page_size = page_size;
    let cloud = Cloud::open(&state, clock.clone(), &options).unwrap();
    cloud.set_key_holders(vec![KeyHolder {
        user: "a.ruiz".to_owned(),
        access_key_id: "AKIATEST".to_owned(),
        secret_access_key: "secret".to_owned(),
        duty: Duty::ReleaseManager,
    }]);
    (cloud, clock, directory)
}

struct Client {
    cloud: Cloud,
    key: String,
    secret: String,
    token: Option<String>,
}

fn inner(text: &str, name: &str) -> String {
    let start = text
        .find(&format!("<{name}>"))
        .unwrap_or_else(|| panic!("no {name} in {text}"));
    let rest = &text[start + name.len() + 2..];
    rest[..rest.find("</").unwrap()].to_owned()
}

impl Client {
    fn user(cloud: &Cloud) -> Self {
        Self {
            cloud: cloud.clone(),
            key: "AKIATEST".to_owned(),
            secret: "secret".to_owned(),
            token: None,
        }
    }

    async fn assume(cloud: &Cloud, role: &str) -> Self {
        let form = format!(
            "Action=AssumeRole&Version=2011-06-15&RoleSessionName=test&RoleArn=arn%3Aaws%3Aiam%3A%3A{PROD}%3Arole%2F{role}"
        );
        let (status, text) = Self::user(cloud).call("sts", &form).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        Self {
            cloud: cloud.clone(),
            key: inner(&text, "AccessKeyId"),
            secret: inner(&text, "SecretAccessKey"),
            token: Some(inner(&text, "SessionToken")),
        }
    }

    async fn call(&self, service: &str, form: &str) -> (StatusCode, String) {
        let (mut parts, ()) = Request::post("/")
            .header("host", "127.0.0.1")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(())
            .unwrap()
            .into_parts();
        if let Some(token) = &self.token {
            parts
                .headers
                .insert("x-amz-security-token", token.parse().unwrap());
        }
        sign(
            &mut parts,
            form.as_bytes(),
            (&self.key, &self.secret),
            "us-east-1",
            service,
        );
        let request = Request::from_parts(parts, Body::from(form.to_owned()));
        let answer = endpoint::router(self.cloud.clone())
            .call(request)
            .await
            .unwrap();
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }
}

fn seed(cloud: &Cloud, count: usize) {
    for number in 0..count {
        cloud
            .seed_stack(SeedStack {
                account: PROD.to_owned(),
                region: "us-east-1".to_owned(),
                name: format!("stack-{number}"),
                template: "Resources: {Q: {Type: 'AWS::SQS::Queue'}}".to_owned(),
                created_at: jiff::Timestamp::from_second(
                    1_700_000_000 + i64::try_from(number).unwrap() / 2,
                )
                .unwrap(),
                ..SeedStack::default()
            })
            .unwrap();
    }
}

#[tokio::test]
async fn pages_cover_every_stack_once_though_one_is_deleted_between_them() {
    let (cloud, _, _directory) = cloud(0.0, 3);
    seed(&cloud, 10);
    let client = Client::assume(&cloud, "InterlockReadOnly").await;
    let mut names = Vec::new();
    let mut token = String::new();
    loop {
        let form = format!("Action=DescribeStacks&Version=2010-05-15{token}");
        let (status, text) = client.call("cloudformation", &form).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        let page: Vec<_> = text
            .split("<StackName>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect();
        let last = page.last().unwrap().clone();
        names.extend(page);
        if !text.contains("<NextToken>") {
            break;
        }
        token = format!("&NextToken={}", inner(&text, "NextToken"));
        // The stack that the token names goes away.
        let mut estate = cloud.lock();
        let site = super::super::estate::Site::new(PROD, "us-east-1");
        let index = estate.find(&site, &last).unwrap();
        estate.stacks.remove(index);
    }
    names.sort();
    let expected: Vec<_> = (0..10).map(|number| format!("stack-{number}")).collect();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_session_that_has_ended_is_told_so() {
    let (cloud, _, _directory) = cloud(0.0, 100);
    let client = Client::assume(&cloud, "InterlockReadOnly").await;
    let form = "Action=DescribeStacks&Version=2010-05-15";
    assert_eq!(client.call("cloudformation", form).await.0, StatusCode::OK);
    cloud.end_sessions();
    let (status, text) = client.call("cloudformation", form).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(inner(&text, "Code"), "ExpiredToken");
}

#[tokio::test]
async fn without_its_token_a_session_is_nobody() {
    let (cloud, _, _directory) = cloud(0.0, 100);
    let mut client = Client::assume(&cloud, "InterlockReadOnly").await;
    client.token = None;
    let (status, text) = client
        .call("sts", "Action=GetCallerIdentity&Version=2011-06-15")
        .await;
    assert_eq!(
        (status, inner(&text, "Code").as_str()),
        (StatusCode::FORBIDDEN, "InvalidClientTokenId")
    );
}

#[tokio::test]
async fn reading_does_not_allow_executing() {
    let (cloud, _, _directory) = cloud(0.0, 100);
    seed(&cloud, 1);
    let reader = Client::assume(&cloud, "InterlockReadOnly").await;
    let form = "Action=ExecuteChangeSet&Version=2010-05-15&ChangeSetName=x&StackName=stack-0";
    let (status, text) = reader.call("cloudformation", form).await;
    assert_eq!(
        (status, inner(&text, "Code").as_str()),
        (StatusCode::FORBIDDEN, "AccessDenied")
    );
    let manager = Client::assume(&cloud, "InterlockReleaseManager").await;
    let (_, text) = manager.call("cloudformation", form).await;
    assert_eq!(inner(&text, "Code"), "ChangeSetNotFound");
}

#[tokio::test]
async fn unknown_operations_and_services_are_refused() {
    let (cloud, _, _directory) = cloud(0.0, 100);
    let client = Client::user(&cloud);
    let (_, text) = client
        .call("sts", "Action=GetSessionToken&Version=2011-06-15")
        .await;
    assert_eq!(inner(&text, "Code"), "InvalidAction");
    let (status, _) = client.call("dynamodb", "{}").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
