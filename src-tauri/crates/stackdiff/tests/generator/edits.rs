//! Edits whose effect is written down beside them, from AWS's documentation of each property.

use super::base::{self, Estate};
use super::walk::{references, resources, type_of};
use super::{Answer, AnswerKey, Random};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Type, path of a property, its new value, and what the edit does.
type Edit = (&'static str, &'static str, fn(&mut Random) -> Value, Answer);

const EDITS: [Edit; 34] = [
    (
        "AWS::SQS::Queue",
        "/VisibilityTimeout",
        small_number,
        Answer::Updated,
    ),
    (
        "AWS::SQS::Queue",
        "/RedrivePolicy/maxReceiveCount",
        small_number,
        Answer::Updated,
    ),
    ("AWS::SQS::Queue", "/QueueName", text, Answer::Replaced),
    ("AWS::SNS::Topic", "/DisplayName", text, Answer::Updated),
    ("AWS::SNS::Topic", "/TopicName", text, Answer::Replaced),
    (
        "AWS::Logs::LogGroup",
        "/LogGroupName",
        text,
        Answer::Replaced,
    ),
    ("AWS::IAM::Role", "/Description", text, Answer::Updated),
    (
        "AWS::IAM::Role",
        "/MaxSessionDuration",
        large_number,
        Answer::Updated,
    ),
    (
        "AWS::IAM::Role",
        "/Policies/0/PolicyDocument/Statement/0/Action/1",
        action,
        Answer::Updated,
    ),
    ("AWS::IAM::ManagedPolicy", "/Path", path, Answer::Replaced),
    (
        "AWS::IAM::ManagedPolicy",
        "/PolicyDocument/Statement/1/Effect",
        deny,
        Answer::Updated,
    ),
    (
        "AWS::Lambda::Function",
        "/MemorySize",
        large_number,
        Answer::Updated,
    ),
    (
        "AWS::Lambda::Function",
        "/Timeout",
        small_number,
        Answer::Updated,
    ),
    (
        "AWS::Lambda::Function",
        "/Environment/Variables/BATCH",
        text,
        Answer::Updated,
    ),
    (
        "AWS::Lambda::Function",
        "/FunctionName",
        text,
        Answer::Replaced,
    ),
    (
        "AWS::Lambda::Permission",
        "/Principal",
        text,
        Answer::Replaced,
    ),
    (
        "AWS::DynamoDB::Table",
        "/StreamSpecification/StreamViewType",
        image,
        Answer::Updated,
    ),
    ("AWS::DynamoDB::Table", "/TableName", text, Answer::Replaced),
    (
        "AWS::S3::Bucket",
        "/LifecycleConfiguration/Rules/0/ExpirationInDays",
        large_number,
        Answer::Updated,
    ),
    ("AWS::S3::Bucket", "/BucketName", text, Answer::Replaced),
    (
        "AWS::EC2::SecurityGroup",
        "/SecurityGroupIngress/1/ToPort",
        large_number,
        Answer::Updated,
    ),
    (
        "AWS::EC2::SecurityGroup",
        "/GroupDescription",
        text,
        Answer::Replaced,
    ),
    (
        "AWS::CloudWatch::Alarm",
        "/Threshold",
        small_number,
        Answer::Updated,
    ),
    (
        "AWS::CloudWatch::Alarm",
        "/TreatMissingData",
        text,
        Answer::Updated,
    ),
    (
        "AWS::Events::Rule",
        "/ScheduleExpression",
        text,
        Answer::Updated,
    ),
    ("AWS::Events::Rule", "/Name", text, Answer::Replaced),
    (
        "AWS::ECS::TaskDefinition",
        "/ContainerDefinitions/0/Environment/1/Value",
        text,
        Answer::Replaced,
    ),
    (
        "AWS::ECS::TaskDefinition",
        "/Cpu",
        small_number,
        Answer::Replaced,
    ),
    (
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "/HealthCheckPath",
        path,
        Answer::Updated,
    ),
    (
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "/Port",
        large_number,
        Answer::Replaced,
    ),
    ("AWS::SSM::Parameter", "/Value", text, Answer::Updated),
    ("AWS::SSM::Parameter", "/Name", text, Answer::Replaced),
    (
        "AWS::RDS::DBInstance",
        "/DBInstanceClass",
        text,
        Answer::Updated,
    ),
    (
        "AWS::StepFunctions::StateMachine",
        "/Definition/States/Wait/Seconds",
        small_number,
        Answer::Updated,
    ),
];

fn small_number(random: &mut Random) -> Value {
    json!(1_000 + random.below(900))
}

fn large_number(random: &mut Random) -> Value {
    json!(20_000 + random.below(9_000))
}

fn text(random: &mut Random) -> Value {
    json!(format!("edited-{}", random.below(9_000)))
}

fn path(random: &mut Random) -> Value {
    json!(format!("/edited/{}/", random.below(9_000)))
}

fn action(_: &mut Random) -> Value {
    json!("s3:DeleteObject")
}

fn deny(_: &mut Random) -> Value {
    json!("Deny")
}

fn image(_: &mut Random) -> Value {
    json!("NEW_AND_OLD_IMAGES")
}

/// Edits a template: properties, resources that come and go, one default, one row of a mapping.
pub fn apply(random: &mut Random, template: &mut Value) -> AnswerKey {
    let mut key = AnswerKey::default();
    let count = resources(template).len();
    for _ in 0..count / 20 {
        property(random, template, &mut key);
    }
    for number in 0..count / 60 {
        // Nothing refers to what is new, and it refers to nothing that may go.
        let (name, made) = base::one(random, &mut Estate::default(), count + number);
        resources(template).insert(name.clone(), made);
        key.edited.insert(name, Answer::Added);
    }
    for _ in 0..count / 60 {
        remove(random, template, &mut key);
    }
    template["Parameters"]["LogLevel"]["Default"] = json!("DEBUG");
    template["Mappings"]["Settings"]["prod"]["Retention"] = json!(731);
    follow(template, &mut key);
    key
}

fn property(random: &mut Random, template: &mut Value, key: &mut AnswerKey) {
    let names: Vec<String> = resources(template).keys().cloned().collect();
    let name = random.pick(&names).clone();
    let resource = &mut resources(template)[&name];
    let edits: Vec<_> = EDITS
        .iter()
        .filter(|(of, ..)| *of == type_of(resource))
        .collect();
    if edits.is_empty() || key.edited.contains_key(&name) {
        return;
    }
    let (_, path, value, answer) = random.pick(&edits);
    let place = resource["Properties"]
        .pointer_mut(path)
        .expect("a path that exists");
    *place = value(random);
    key.edited.insert(name, *answer);
}

fn remove(random: &mut Random, template: &mut Value, key: &mut AnswerKey) {
    let mut referred = BTreeSet::new();
    references(template, &mut referred);
    let free: Vec<String> = resources(template)
        .keys()
        .filter(|name| !referred.contains(*name) && !key.edited.contains_key(*name))
        .cloned()
        .collect();
    if let Some(name) = (!free.is_empty()).then(|| random.pick(&free).clone()) {
        resources(template).shift_remove(&name);
        key.edited.insert(name, Answer::Removed);
    }
}

/// Finds out who is reached by the parameter and the mapping, and who refers to what is replaced.
fn follow(template: &mut Value, key: &mut AnswerKey) {
    let mut moved: BTreeSet<String> = key
        .edited
        .iter()
        .filter(|(_, answer)| **answer == Answer::Replaced)
        .map(|(name, _)| name.clone())
        .collect();
    let mut first = true;
    loop {
        let mut next = BTreeSet::new();
        for (name, resource) in resources(template) {
            let mut to = BTreeSet::new();
            references(resource, &mut to);
            if to.contains("LogLevel") || to.contains("Settings/Retention") {
                key.reached.insert(name.clone());
            }
            if !to.is_disjoint(&moved) {
                next.insert(name.clone());
            }
        }
        let known = if first {
            &mut key.carried
        } else {
            &mut key.perhaps
        };
        let before = known.len();
        known.extend(next.iter().cloned());
        if known.len() == before {
            return;
        }
        moved = next;
        first = false;
    }
}
