//! What holds for every input: no change is the same, swapping turns the verdict, and nothing
//! panics or takes long.

use crate::access::{AccessVerdict, change};
use crate::plain::{CLOSES, OPENS, Plain};
use proptest::prelude::*;
use std::time::{Duration, Instant};

const TYPES: [&str; 14] = [
    "AWS::IAM::Role",
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::S3::BucketPolicy",
    "AWS::S3::Bucket",
    "AWS::KMS::Key",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EKS::Cluster",
    "AWS::Serverless::Function",
    "AWS::ApiGateway::Method",
    "AWS::WAFv2::WebACLAssociation",
];

const KEYS: [&str; 30] = [
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "Policies",
    "ManagedPolicyArns",
    "PermissionsBoundary",
    "Statement",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "Principal",
    "AWS",
    "Condition",
    "StringLike",
    "aws:k",
    "IpAddress",
    "DateLessThan",
    "NumericEquals",
    "SecurityGroupIngress",
    "IpProtocol",
    "FromPort",
    "ToPort",
    "CidrIp",
    "CidrIpv6",
    "KeyPolicy",
    "AuthType",
    "FunctionUrlConfig",
    "Version",
    "PublicAccessBlockConfiguration",
    "BlockPublicAcls",
];

fn leaf() -> impl Strategy<Value = Plain> {
    let texts = prop::sample::select(vec![
        "Allow",
        "Deny",
        "*",
        "s3:*",
        "arn:aws:s3:::b/*",
        "true",
        "NONE",
        "tcp",
        "-1",
        "443",
        "0.0.0.0/0",
        "10.0.0.0/99",
        "::/0",
        "2012-10-17",
        "2024-13-45",
        "1e400",
        "NaN",
        "{",
        "",
        "arn:::::",
        "${",
        "${aws:x}",
        "{\"Statement\":[{\"Effect\":\"Allow\"}]}",
    ]);
    prop_oneof![
        texts.prop_map(|text| Plain::Text(text.to_owned())),
        ".{0,6}".prop_map(Plain::Text),
        Just(Plain::Text(format!("a{OPENS}B.Arn{CLOSES}*"))),
        Just(Plain::Text(format!("{CLOSES}a{OPENS}"))),
        Just(Plain::Null),
        Just(Plain::Unknown("X".to_owned())),
    ]
}

fn anything() -> impl Strategy<Value = Plain> {
    leaf().prop_recursive(6, 60, 6, |inner| {
        let key = prop::sample::select(&KEYS[..]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Plain::List),
            prop::collection::btree_map(key, inner, 0..6).prop_map(|members| {
                Plain::Map(
                    members
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    })
}

fn turned(verdict: AccessVerdict) -> AccessVerdict {
    match verdict {
        AccessVerdict::Broadened => AccessVerdict::Narrowed,
        AccessVerdict::Narrowed => AccessVerdict::Broadened,
        other => other,
    }
}

proptest! {
    #[test]
    fn any_two_properties_are_judged_and_swapping_turns_the_judgement(
        resource_type in prop::sample::select(&TYPES[..]),
        before in prop::option::of(anything()),
        after in prop::option::of(anything()),
    ) {
        let there = change(resource_type, before.as_ref(), after.as_ref());
        let back = change(resource_type, after.as_ref(), before.as_ref());
        prop_assert_eq!(
            there.as_ref().map(|change| change.verdict),
            back.as_ref().map(|change| turned(change.verdict))
        );
        if let (Some(there), Some(back)) = (there, back) {
            prop_assert_eq!(there.added.len(), back.removed.len());
        }
        let none = change(resource_type, before.as_ref(), before.as_ref());
        prop_assert!(none.is_none_or(|none| none.verdict == AccessVerdict::Same));
    }
}

#[test]
fn patterns_that_are_costly_to_compare_end_in_time_and_claim_nothing() {
    let many = |letter: &str| {
        let actions: Vec<String> = (0..40)
            .map(|index| {
                let step = format!("{letter}{}", "?".repeat(index % 7));
                format!("\"s3:*{}*\"", step.repeat(12))
            })
            .collect();
        super::plain(&super::policy(&format!(
            r#"{{"Effect":"Allow","Action":[{}],"Resource":"*"}}"#,
            actions.join(",")
        )))
    };
    let began = Instant::now();
    let found = change(
        "AWS::IAM::ManagedPolicy",
        Some(&many("a")),
        Some(&many("b")),
    );
    assert!(began.elapsed() < Duration::from_secs(20));
    assert!(found.is_some_and(|found| found.verdict == AccessVerdict::Incomparable));
}
