//! The kinds of resources: one function each.

use super::Random;
use super::base::Estate;
use super::work::{function, machine, permission, rule, target_group, task};
use serde_json::{Value, json};

type Make = fn(&mut Random, &Estate, usize) -> Value;

/// Every kind, by the end of its logical ids.
pub const KINDS: [(&str, Make); 27] = [
    ("Queue", queue),
    ("Topic", topic),
    ("LogGroup", log_group),
    ("Role", role),
    ("Policy", policy),
    ("Function", function),
    ("Function", function),
    ("Permission", permission),
    ("Table", table),
    ("Bucket", bucket),
    ("SecurityGroup", security_group),
    ("Alarm", alarm),
    ("Rule", rule),
    ("Task", task),
    ("TargetGroup", target_group),
    ("Parameter", parameter),
    ("Database", database),
    ("Machine", machine),
    ("Alarm", alarm),
    ("Parameter", parameter),
    ("Parameter", parameter),
    ("Parameter", parameter),
    ("Permission", permission),
    ("Permission", permission),
    ("Permission", permission),
    ("Rule", rule),
    ("Topic", topic),
];

/// The tags of a resource.
pub fn tags(random: &mut Random, number: usize) -> Value {
    let mut tags = vec![json!({"Key": "Team", "Value": {"Ref": "Team"}})];
    if random.percent(50) {
        tags.push(json!({"Key": "CostCentre", "Value": format!("{:06}", number % 97)}));
    }
    Value::Array(tags)
}

/// A substitution.
pub fn sub(text: String) -> Value {
    json!({"Fn::Sub": text})
}

/// An attribute of a resource, or a text where there is none.
pub fn attribute(of: Option<String>, name: &str, otherwise: &str) -> Value {
    of.map_or_else(|| json!(otherwise), |of| json!({"Fn::GetAtt": [of, name]}))
}

/// A reference to a resource, or a text where there is none.
pub fn reference(to: Option<String>, otherwise: &str) -> Value {
    to.map_or_else(|| json!(otherwise), |to| json!({"Ref": to}))
}

/// A row of the mapping, for the stage.
pub fn setting(name: &str) -> Value {
    json!({"Fn::FindInMap": ["Settings", {"Ref": "Stage"}, name]})
}

fn queue(random: &mut Random, estate: &Estate, number: usize) -> Value {
    let dead = attribute(
        estate.any(random, "Queue"),
        "Arn",
        "arn:aws:sqs:eu-central-1:012345678901:dead",
    );
    json!({
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "QueueName": sub(format!("${{AWS::StackName}}-${{Stage}}-queue-{number:04}")),
            "VisibilityTimeout": 30 + random.below(20) * 10,
            "MessageRetentionPeriod": 345_600,
            "SqsManagedSseEnabled": true,
            "RedrivePolicy": {"deadLetterTargetArn": dead, "maxReceiveCount": 5},
            "Tags": tags(random, number),
        },
    })
}

fn topic(random: &mut Random, _: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::SNS::Topic",
        "Properties": {
            "TopicName": sub(format!("${{Stage}}-topic-{number:04}")),
            "DisplayName": format!("Orders of region {}", random.below(40)),
            "KmsMasterKeyId": "alias/aws/sns",
            "Tags": tags(random, number),
        },
    })
}

fn log_group(random: &mut Random, _: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "LogGroupName": sub(format!("/orders/${{Stage}}/{number:04}")),
            "RetentionInDays": setting("Retention"),
            "Tags": tags(random, number),
        },
    })
}

fn statement(random: &mut Random, sid: &str, resource: &Value) -> Value {
    let service = *random.pick(&["s3", "sqs", "dynamodb", "kms"]);
    let actions = [
        ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"],
        ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
        ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
    ];
    let actions = actions
        .iter()
        .find(|of| of[0].starts_with(service))
        .expect("a service with actions");
    json!({"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource})
}

fn role(random: &mut Random, estate: &Estate, number: usize) -> Value {
    let queue = attribute(
        estate.any(random, "Queue"),
        "Arn",
        "arn:aws:sqs:eu-central-1:012345678901:orders",
    );
    let bucket = estate.any(random, "Bucket").map_or_else(
        || json!("arn:aws:s3:::orders-archive/*"),
        |name| sub(format!("${{{name}.Arn}}/*")),
    );
    json!({
        "Type": "AWS::IAM::Role",
        "Properties": {
            "Description": format!("Works on orders {number:04}"),
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }],
            },
            "ManagedPolicyArns": [
                "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
            ],
            "Policies": [{
                "PolicyName": "work",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        statement(random, "Read", &queue),
                        statement(random, "Archive", &bucket),
                    ],
                },
            }],
            "MaxSessionDuration": 3_600,
            "Tags": tags(random, number),
        },
    })
}

fn policy(random: &mut Random, estate: &Estate, number: usize) -> Value {
    let role = reference(estate.any(random, "Role"), "orders-role");
    json!({
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "Description": format!("What orders {number:04} may do"),
            "Path": "/orders/",
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    statement(random, "Objects", &json!("arn:aws:s3:::orders-archive/*")),
                    statement(random, "Rest", &json!("arn:aws:s3:::orders-rest/*")),
                ],
            },
            "Roles": [role],
        },
    })
}

fn table(random: &mut Random, _: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::DynamoDB::Table",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "TableName": sub(format!("${{Stage}}-table-{number:04}")),
            "AttributeDefinitions": [
                {"AttributeName": "customer", "AttributeType": "S"},
                {"AttributeName": "created", "AttributeType": "N"},
                {"AttributeName": "state", "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": "customer", "KeyType": "HASH"},
                {"AttributeName": "created", "KeyType": "RANGE"},
            ],
            "GlobalSecondaryIndexes": [{
                "IndexName": "by-state",
                "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }],
            "BillingMode": "PAY_PER_REQUEST",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true},
            "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": random.percent(50)},
            "Tags": tags(random, number),
        },
    })
}

fn bucket(random: &mut Random, _: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BucketName": sub(format!("orders-${{Stage}}-{number:04}-${{AWS::AccountId}}")),
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}},
                ],
            },
            "LifecycleConfiguration": {
                "Rules": [{
                    "Id": "expire",
                    "Status": "Enabled",
                    "ExpirationInDays": 30 + random.below(300),
                }],
            },
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": true,
                "BlockPublicPolicy": true,
                "IgnorePublicAcls": true,
                "RestrictPublicBuckets": true,
            },
            "VersioningConfiguration": {"Status": "Enabled"},
            "Tags": tags(random, number),
        },
    })
}

fn security_group(random: &mut Random, _: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": format!("Orders {number:04}"),
            "VpcId": {"Ref": "VpcId"},
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"},
                {
                    "IpProtocol": "tcp",
                    "FromPort": 8000 + random.below(999),
                    "ToPort": 9000,
                    "CidrIp": "10.20.0.0/16",
                },
            ],
            "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
            "Tags": tags(random, number),
        },
    })
}

fn alarm(random: &mut Random, estate: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::CloudWatch::Alarm",
        "Condition": "HasAlarms",
        "Properties": {
            "AlarmDescription": format!("Orders {number:04} are late"),
            "Namespace": "AWS/Lambda",
            "MetricName": "Errors",
            "Statistic": "Sum",
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Dimensions": [
                {"Name": "FunctionName", "Value": reference(estate.any(random, "Function"), "orders")},
                {"Name": "Resource", "Value": "live"},
            ],
            "Threshold": f64::from(u8::try_from(random.below(200)).unwrap_or(0)) + 0.5,
            "Period": 60,
            "EvaluationPeriods": 1 + random.below(5),
            "TreatMissingData": "notBreaching",
            "AlarmActions": [
                reference(estate.any(random, "Topic"), "arn:aws:sns:eu-central-1:012345678901:on-call"),
                "arn:aws:sns:eu-central-1:012345678901:desk",
            ],
        },
    })
}

fn parameter(random: &mut Random, _: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::SSM::Parameter",
        "Properties": {
            "Name": sub(format!("/orders/${{Stage}}/{number:04}")),
            "Type": "String",
            "Value": *random.pick(&["on", "0755", "13.10", "1e3", "012345678901", "true", ""]),
            "Description": format!("Setting {number:04}"),
        },
    })
}

fn database(random: &mut Random, _: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::RDS::DBInstance",
        "DeletionPolicy": "Snapshot",
        "UpdateReplacePolicy": "Snapshot",
        "Properties": {
            "Engine": "postgres",
            "EngineVersion": *random.pick(&["13.1", "13.10", "16.4"]),
            "DBInstanceClass": *random.pick(&["db.t4g.medium", "db.m7g.large"]),
            "AllocatedStorage": setting("Storage"),
            "StorageEncrypted": true,
            "MultiAZ": {"Fn::If": ["IsProduction", true, false]},
            "DeletionProtection": true,
            "BackupRetentionPeriod": 7,
            "MasterUsername": "orders",
            "MasterUserPassword": {"Ref": "DatabasePassword"},
            "PreferredMaintenanceWindow": "sun:03:00-sun:04:00",
            "Tags": tags(random, number),
        },
    })
}
