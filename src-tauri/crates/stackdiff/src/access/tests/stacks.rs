//! What all resources of a stack give together.

use super::plain;
use crate::access::{Subject, stack_change};
use crate::plain::Plain;

type Resource = (&'static str, &'static str, &'static str);

fn verdict(before: &[Resource], after: &[Resource]) -> &'static str {
    let read =
        |side: &[Resource]| -> Vec<Plain> { side.iter().map(|(_, _, text)| plain(text)).collect() };
    let (left, right) = (read(before), read(after));
    stack_change(&subjects(before, &left), &subjects(after, &right))
        .map_or("none", |change| change.verdict.name())
}

fn subjects<'s>(side: &[Resource], read: &'s [Plain]) -> Vec<Subject<'s>> {
    side.iter()
        .zip(read)
        .map(|((logical_id, resource_type, _), properties)| Subject {
            logical_id,
            resource_type,
            properties,
        })
        .collect()
}

const ROLE: Resource = ("Role", "AWS::IAM::Role", "{}");

#[test]
fn what_moves_from_one_policy_of_a_role_to_another_stays_the_same() {
    let inside: Resource = (
        "Role",
        "AWS::IAM::Role",
        r#"{"Policies":[{"PolicyDocument":{"Statement":{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}}}]}"#,
    );
    let inline: Resource = (
        "P",
        "AWS::IAM::Policy",
        r#"{"Roles":["<Role>"],"PolicyDocument":{"Statement":{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}}}"#,
    );
    let managed: Resource = (
        "M",
        "AWS::IAM::ManagedPolicy",
        r#"{"Roles":["<Role>"],"PolicyDocument":{"Statement":{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}}}"#,
    );
    let loose: Resource = (
        "M",
        "AWS::IAM::ManagedPolicy",
        r#"{"PolicyDocument":{"Statement":{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}}}"#,
    );
    let attached: Resource = ("Role", "AWS::IAM::Role", r#"{"ManagedPolicyArns":["<M>"]}"#);
    let get: Resource = (
        "P",
        "AWS::IAM::Policy",
        r#"{"Roles":["<Role>"],"PolicyDocument":{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}}"#,
    );
    let put: Resource = (
        "Q",
        "AWS::IAM::Policy",
        r#"{"Roles":["<Role>"],"PolicyDocument":{"Statement":{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}}}"#,
    );
    for (before, after, wanted) in [
        (vec![inside], vec![ROLE, inline], "same"),
        (vec![ROLE, inline], vec![ROLE, managed], "same"),
        (vec![ROLE, managed], vec![attached, loose], "same"),
        (vec![inside], vec![attached, loose], "same"),
        (vec![ROLE, inline], vec![ROLE, get, put], "same"),
        (vec![ROLE, inline], vec![ROLE, get], "narrowed"),
        (vec![ROLE, loose], vec![attached, loose], "broadened"),
        (vec![ROLE], vec![ROLE, loose], "broadened"),
    ] {
        assert_eq!(verdict(&before, &after), wanted, "{before:?} -> {after:?}");
    }
}

#[test]
fn a_rule_that_moves_out_of_its_group_stays_the_same() {
    let inline: Resource = (
        "G",
        "AWS::EC2::SecurityGroup",
        r#"{"SecurityGroupIngress":[{"CidrIp":"10.0.0.0/8","IpProtocol":"tcp","FromPort":1,"ToPort":2}]}"#,
    );
    let bare: Resource = ("G", "AWS::EC2::SecurityGroup", "{}");
    let rule: Resource = (
        "R",
        "AWS::EC2::SecurityGroupIngress",
        r#"{"GroupId":"<G.GroupId>","CidrIp":"10.0.0.0/8","IpProtocol":"tcp","FromPort":1,"ToPort":2}"#,
    );
    let wider: Resource = (
        "R",
        "AWS::EC2::SecurityGroupIngress",
        r#"{"GroupId":"<G>","CidrIp":"0.0.0.0/0","IpProtocol":"tcp","FromPort":1,"ToPort":2}"#,
    );
    let elsewhere: Resource = (
        "R",
        "AWS::EC2::SecurityGroupIngress",
        r#"{"GroupId":"sg-1","CidrIp":"10.0.0.0/8","IpProtocol":"tcp","FromPort":1,"ToPort":2}"#,
    );
    assert_eq!(verdict(&[inline], &[bare, rule]), "same");
    assert_eq!(verdict(&[bare, rule], &[inline]), "same");
    assert_eq!(verdict(&[inline], &[bare, wider]), "broadened");
    assert_eq!(verdict(&[inline], &[bare, elsewhere]), "incomparable");
    assert_eq!(verdict(&[bare], &[bare]), "same");
}

#[test]
fn what_only_has_another_name_stays_the_same() {
    let trusting = r#"{"AssumeRolePolicyDocument":{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"a.amazonaws.com"}}}}"#;
    let wider = r#"{"AssumeRolePolicyDocument":{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}}}"#;
    let (role, other): (Resource, Resource) = (
        ("Role", "AWS::IAM::Role", trusting),
        ("Other", "AWS::IAM::Role", trusting),
    );
    let policy: Resource = (
        "P",
        "AWS::IAM::Policy",
        r#"{"Roles":["<Role>"],"PolicyDocument":{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}}"#,
    );
    let same: Resource = (
        "P",
        "AWS::IAM::Policy",
        r#"{"Roles":["<Other>"],"PolicyDocument":{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}}"#,
    );
    assert_eq!(verdict(&[role, policy], &[other, same]), "same");
    assert_eq!(
        verdict(&[role], &[("Other", "AWS::IAM::Role", wider)]),
        "incomparable"
    );
    let group = |id: &'static str| -> Resource {
        (
            id,
            "AWS::EC2::SecurityGroup",
            r#"{"SecurityGroupIngress":[{"CidrIp":"10.0.0.0/8","IpProtocol":"-1"}]}"#,
        )
    };
    assert_eq!(verdict(&[group("G")], &[group("H")]), "same");
    // Another bucket is another bucket.
    let bucket = |id: &'static str| -> Resource { (id, "AWS::S3::Bucket", "{}") };
    let opens = |reference: &'static str| -> Resource { ("O", "AWS::S3::BucketPolicy", reference) };
    assert_eq!(
        verdict(
            &[
                bucket("A"),
                opens(
                    r#"{"Bucket":"<A>","PolicyDocument":{"Statement":{"Effect":"Allow","Action":"*","Resource":"<A.Arn>","Principal":"*"}}}"#
                )
            ],
            &[
                bucket("B"),
                opens(
                    r#"{"Bucket":"<B>","PolicyDocument":{"Statement":{"Effect":"Allow","Action":"*","Resource":"<B.Arn>","Principal":"*"}}}"#
                )
            ],
        ),
        "incomparable"
    );
}

#[test]
fn what_the_stack_knows_of_its_resources_says_what_their_arns_are() {
    let bucket: Resource = ("B", "AWS::S3::Bucket", r#"{"BucketName":"data"}"#);
    let allow = |text: &'static str| -> Resource { ("P", "AWS::IAM::Policy", text) };
    let by_name = allow(
        r#"{"Roles":["r"],"PolicyDocument":{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::data/*"}}}"#,
    );
    let by_arn = allow(
        r#"{"Roles":["r"],"PolicyDocument":{"Statement":{"Effect":"Allow","Action":"*","Resource":"<B.Arn>/*"}}}"#,
    );
    let every = allow(
        r#"{"Roles":["r"],"PolicyDocument":{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*"}}}"#,
    );
    assert_eq!(verdict(&[bucket, by_name], &[bucket, by_arn]), "same");
    assert_eq!(verdict(&[bucket, every], &[bucket, by_arn]), "narrowed");
    // A name that changes is not known.
    let renamed: Resource = ("B", "AWS::S3::Bucket", r#"{"BucketName":"other"}"#);
    assert_eq!(
        verdict(&[bucket, by_name], &[renamed, by_arn]),
        "incomparable"
    );
    // A role of the stack is in its own account.
    let trusts = |text: &'static str| -> Resource { ("R", "AWS::IAM::Role", text) };
    let account = trusts(
        r#"{"AssumeRolePolicyDocument":{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"<AWS::AccountId>"}}}}"#,
    );
    let one = trusts(
        r#"{"AssumeRolePolicyDocument":{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"<Role.Arn>"}}}}"#,
    );
    assert_eq!(verdict(&[ROLE, account], &[ROLE, one]), "narrowed");
}

#[test]
fn users_are_in_a_group_by_whichever_resource_says_so() {
    let inside: Resource = ("U", "AWS::IAM::User", r#"{"Groups":["g"]}"#);
    let bare: Resource = ("U", "AWS::IAM::User", "{}");
    let added: Resource = (
        "A",
        "AWS::IAM::UserToGroupAddition",
        r#"{"GroupName":"g","Users":["<U>"]}"#,
    );
    assert_eq!(verdict(&[inside], &[bare, added]), "same");
    assert_eq!(verdict(&[inside], &[bare]), "narrowed");
}

#[test]
fn a_denial_on_what_is_new_takes_nothing_from_anybody() {
    let bucket: Resource = ("B", "AWS::S3::Bucket", "{}");
    let policy: Resource = (
        "P",
        "AWS::S3::BucketPolicy",
        r#"{"Bucket":"<B>","PolicyDocument":{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Principal":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}}}"#,
    );
    let role: Resource = ("R", "AWS::IAM::Role", "{}");
    assert_eq!(verdict(&[role], &[role, bucket, policy]), "same");
    assert_eq!(
        verdict(&[role, bucket], &[role, bucket, policy]),
        "narrowed"
    );
    assert_eq!(
        verdict(&[role, bucket, policy], &[role, bucket]),
        "broadened"
    );
}

#[test]
fn a_thousand_policies_are_added_up_in_time() {
    let one = |wanted: &str| -> Vec<(String, Plain)> {
        (0..1000)
            .map(|index| {
                let action = if index == 500 { wanted } else { "s3:GetObject" };
                let text = format!(
                    r#"{{"Roles":["<R{index}>"],"PolicyDocument":{{"Statement":{{"Effect":"Allow","Action":"{action}","Resource":"*"}}}}}}"#
                );
                (format!("P{index}"), plain(&text))
            })
            .collect()
    };
    let (before, after) = (one("s3:GetObject"), one("s3:*"));
    let change = stack_change(&policies(&before), &policies(&after));
    assert_eq!(
        change.map(|change| change.added),
        Some(vec!["P500: Allow s3:* on *".to_owned()])
    );
}

fn policies(side: &[(String, Plain)]) -> Vec<Subject<'_>> {
    side.iter()
        .map(|(logical_id, properties)| Subject {
            logical_id,
            resource_type: "AWS::IAM::Policy",
            properties,
        })
        .collect()
}
