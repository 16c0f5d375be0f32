//! Arranges accounts, people, roles and stacks on an emulator, with boto3; and makes connectors.

use crate::peer::{Peer, program};
use interlock_app::ports::Clock;
use interlock_connect_aws::{
    AccessKey, AwsConnector, AwsEnvironment, AwsOptions, Patience, RequestBudget,
};
use interlock_domain::{
    AccountId, Environment, EnvironmentName, Region, Scope, Secret, StackName, Tier, Timestamp,
};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub const DEV: &str = "111111111111";
pub const QA: &str = "222222222222";
pub const PROD: &str = "333333333333";
/// Where people have their users.
const HUB: &str = "999999999999";

/// How an emulator lets anybody into an account.
#[derive(Clone, Copy)]
pub enum WayIn {
    /// The account's id is an access key of its root.
    Key,
    /// Any role may be assumed.
    Role,
}

/// boto3 in a process of its own, ended when dropped.
pub struct Boto {
    child: Child,
    calls: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Boto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Boto {
    pub fn start(peer: &Peer, way_in: WayIn) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/emulators/boto.py");
        let way_in = match way_in {
            WayIn::Key => "key",
            WayIn::Role => "role",
        };
        let mut child = Command::new(program("python"))
            .arg(script)
            .args([&peer.address, way_in])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            calls: child.stdin.take().unwrap(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    fn send(&mut self, call: &Value) -> Result<Value, String> {
        writeln!(self.calls, "{call}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut reply: Value = serde_json::from_str(&line).unwrap();
        match reply["error"].take() {
            Value::String(error) => Err(error),
            _ => Ok(reply["ok"].take()),
        }
    }

    /// A call as root of an account, in us-east-1.
    pub fn call(
        &mut self,
        account: &str,
        service: &str,
        operation: &str,
        parameters: Value,
    ) -> Value {
        self.call_in(account, "us-east-1", service, operation, parameters)
    }

    /// A call as root of an account.
    pub fn call_in(
        &mut self,
        account: &str,
        region: &str,
        service: &str,
        operation: &str,
        parameters: Value,
    ) -> Value {
        let call = json!({
            "account": account, "region": region, "service": service,
            "operation": operation, "parameters": parameters,
        });
        let answer = self.send(&call);
        answer.unwrap_or_else(|error| panic!("{service} {operation}: {error}"))
    }

    /// A call as root of an account in us-east-1 that may be refused.
    pub fn try_call(
        &mut self,
        account: &str,
        service: &str,
        operation: &str,
        parameters: Value,
    ) -> Result<Value, String> {
        self.send(&json!({
            "account": account, "region": "us-east-1", "service": service,
            "operation": operation, "parameters": parameters,
        }))
    }

    /// A call of STS as the owner of a key.
    pub fn sts(&mut self, key: &AccessKey, operation: &str, parameters: Value) -> Value {
        let call = json!({
            "key": key.id, "secret": key.secret.expose(),
            "token": key.session_token.as_ref().map(Secret::expose),
            "region": "us-east-1", "service": "sts",
            "operation": operation, "parameters": parameters,
        });
        let answer = self.send(&call);
        answer.unwrap_or_else(|error| panic!("sts {operation}: {error}"))
    }

    /// A stack made at once, followed to the end of its creation.
    pub fn stack(&mut self, account: &str, name: &str, template: &Value) {
        let order = json!({"StackName": name, "TemplateBody": template.to_string()});
        self.call(account, "cloudformation", "create_stack", order);
        let name = json!({"StackName": name});
        let begun = Instant::now();
        loop {
            let seen = self.call(account, "cloudformation", "describe_stacks", name.clone());
            match seen["Stacks"][0]["StackStatus"].as_str().unwrap() {
                "CREATE_COMPLETE" => return,
                "CREATE_IN_PROGRESS" if begun.elapsed() < Duration::from_secs(30) => {}
                status => panic!("{name}: {status}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Tells a wait condition that what it waits for has happened.
    pub fn signal(&mut self, account: &str, stack: &str, handle: &str) {
        let about = json!({"StackName": stack, "LogicalResourceId": handle});
        let operation = "describe_stack_resource";
        let resource = self.call(account, "cloudformation", operation, about);
        let address = &resource["StackResourceDetail"]["PhysicalResourceId"];
        let body = json!({"Status": "SUCCESS", "UniqueId": "1", "Data": "d", "Reason": "ok"});
        let call = json!({"put": address, "body": body.to_string()});
        assert_eq!(self.send(&call), Ok(json!({"status": 200})));
    }

    /// A person with a key of their own who may assume roles, and in every account the roles
    /// `Reader` (reads CloudFormation), `Releaser` (does everything) and `Nothing`.
    pub fn people_and_roles(&mut self, person: &str) -> AccessKey {
        self.call(HUB, "iam", "create_user", json!({"UserName": person}));
        let assume = statement(&json!("sts:AssumeRole"));
        let policy = json!({"UserName": person, "PolicyName": "p", "PolicyDocument": assume});
        self.call(HUB, "iam", "put_user_policy", policy);
        for account in [DEV, QA, PROD] {
            for (role, actions) in [
                ("Reader", reading()),
                ("Releaser", json!("*")),
                ("Nothing", json!("s3:ListAllMyBuckets")),
            ] {
                let who = format!("arn:aws:iam::{HUB}:user/{person}");
                let trust = json!({"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": who},
                }]});
                let trusted =
                    json!({"RoleName": role, "AssumeRolePolicyDocument": trust.to_string()});
                self.call(account, "iam", "create_role", trusted);
                let policy = json!({
                    "RoleName": role, "PolicyName": "p", "PolicyDocument": statement(&actions),
                });
                self.call(account, "iam", "put_role_policy", policy);
            }
        }
        let key = self.call(HUB, "iam", "create_access_key", json!({"UserName": person}));
        access_key(&key["AccessKey"])
    }
}

fn reading() -> Value {
    json!([
        "cloudformation:Describe*",
        "cloudformation:List*",
        "cloudformation:Get*",
        "cloudformation:Detect*"
    ])
}

fn statement(actions: &Value) -> String {
    let allow = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
    json!({"Version": "2012-10-17", "Statement": [allow]}).to_string()
}

/// The key in an answer of IAM or STS.
pub fn access_key(answer: &Value) -> AccessKey {
    let text = |field: &str| answer[field].as_str().map(str::to_owned);
    AccessKey {
        id: text("AccessKeyId").unwrap(),
        secret: Secret::new(text("SecretAccessKey").unwrap()),
        session_token: text("SessionToken").map(Secret::new),
    }
}

/// A template with one Systems Manager parameter.
pub fn parameter(name: &str, value: &str) -> Value {
    json!({"Resources": {"Limit": {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Name": name, "Type": "String", "Value": value},
    }}})
}

/// The same with a wait condition, which holds the stack in progress until it is signalled.
pub fn held(name: &str, value: &str, handle: &str) -> Value {
    let mut template = parameter(name, value);
    template["Resources"][handle] = json!({"Type": "AWS::CloudFormation::WaitConditionHandle"});
    template["Resources"][format!("{handle}Wait")] = json!({
        "Type": "AWS::CloudFormation::WaitCondition",
        "DependsOn": "Limit",
        "Properties": {"Handle": {"Ref": handle}, "Timeout": "60", "Count": "1"},
    });
    template
}

pub fn stack_name(name: &str) -> StackName {
    StackName::new(name).unwrap()
}

struct RealTime;

impl Clock for RealTime {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

fn environment(name: &str, account: &str) -> Environment {
    Environment {
        name: EnvironmentName::new(name).unwrap(),
        tier: if account == PROD {
            Tier::Production
        } else {
            Tier::Test
        },
        account: AccountId::new(account).unwrap(),
        regions: ["us-east-1", "sa-east-1"]
            .map(|region| Region::new(region).unwrap())
            .into(),
    }
}

/// The first scope of one of our environments.
pub fn scope(account: &str) -> Scope {
    let name = match account {
        DEV => "dev",
        QA => "qa",
        _ => "prod",
    };
    environment(name, account).scopes().remove(0)
}

/// Options for dev, qa and prod on an emulator, entered with `Reader` and `Releaser`.
pub fn options(peer: &Peer, key: AccessKey) -> AwsOptions {
    let environments = [("dev", DEV), ("qa", QA), ("prod", PROD)].map(|(name, account)| {
        let role = |role: &str| Some(format!("arn:aws:iam::{account}:role/{role}"));
        AwsEnvironment {
            environment: environment(name, account),
            profile: None,
            role: role("Reader"),
            release_role: role("Releaser"),
            endpoint: Some(peer.address.clone()),
        }
    });
    let mut options = AwsOptions::new(environments.into(), Arc::new(RealTime));
    options.access_key = Some(key);
    options.budget = RequestBudget {
        per_second: 200.0,
        burst: 200.0,
        floor: 50.0,
        ceiling: 500.0,
    };
    options.patience = Patience {
        poll: Duration::from_millis(50),
        ..Patience::default()
    };
    options
}

/// MiniStack with people and roles, boto3, and a connector for Ana Ruiz.
pub struct Bank {
    // In the order in which they end: boto3 before the emulator.
    pub boto: Boto,
    pub key: AccessKey,
    pub peer: Peer,
}

impl Bank {
    pub fn open() -> Self {
        let peer = crate::peer::ministack();
        let mut boto = Boto::start(&peer, WayIn::Key);
        let key = boto.people_and_roles("ana.ruiz");
        Self { boto, key, peer }
    }

    pub fn options(&self) -> AwsOptions {
        options(&self.peer, self.key.clone())
    }

    pub fn connector(&self) -> AwsConnector {
        AwsConnector::new(self.options())
    }
}

/// Looks again and again until something is so.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, look: impl Fn() -> F) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "never: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
