//! The kinds of resources: one function each.

use super::Random;
use super::base::Estate;
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

fn tags(random: &mut Random, number: usize) -> Value {
    let mut tags = vec![json!({"Key": "Team", "Value": {"Ref": "Team"}})];
    if random.percent(50) {
        tags.push(json!({"Key": "CostCentre", "Value": format!("{:06}", number % 97)}));
    }
    Value::Array(tags)
}

fn sub(text: String) -> Value {
    json!({"Fn::Sub": text})
}

fn attribute(of: Option<String>, name: &str, otherwise: &str) -> Value {
    of.map_or_else(|| json!(otherwise), |of| json!({"Fn::GetAtt": [of, name]}))
}

fn reference(to: Option<String>, otherwise: &str) -> Value {
    to.map_or_else(|| json!(otherwise), |to| json!({"Ref": to}))
}

fn setting(name: &str) -> Value {
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

fn function(random: &mut Random, estate: &Estate, number: usize) -> Value {
    let role = attribute(
        estate.any(random, "Role"),
        "Arn",
        "arn:aws:iam::012345678901:role/orders",
    );
    let group = reference(estate.any(random, "SecurityGroup"), "sg-0a1b2c3d4e5f60718");
    let memory = if random.percent(30) {
        setting("Memory")
    } else {
        json!(*random.pick(&[128, 256, 512, 1024]))
    };
    json!({
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": sub(format!("${{Stage}}-function-{number:04}")),
            "Handler": "orders.handler",
            "Runtime": *random.pick(&["python3.13", "nodejs22.x", "java21"]),
            "MemorySize": memory,
            "Timeout": 10 + random.below(20) * 5,
            "Role": role,
            "Code": {
                "S3Bucket": {"Ref": "ArtifactBucket"},
                "S3Key": {"Fn::Join": ["/", ["orders", {"Ref": "ArtifactVersion"}, format!("{number:04}.zip")]]},
            },
            "Environment": {
                "Variables": {
                    "LOG_LEVEL": {"Ref": "LogLevel"},
                    "STAGE": {"Ref": "Stage"},
                    "TABLE": reference(estate.any(random, "Table"), "orders"),
                    "ACCOUNT": {"Fn::FindInMap": ["Accounts", {"Ref": "Stage"}, "Id"]},
                    "BATCH": format!("{}", random.below(500)),
                },
            },
            "VpcConfig": {"SecurityGroupIds": [group], "SubnetIds": {"Ref": "SubnetIds"}},
            "TracingConfig": {"Mode": "Active"},
            "Tags": tags(random, number),
        },
    })
}

fn permission(random: &mut Random, estate: &Estate, _: usize) -> Value {
    json!({
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": reference(estate.any(random, "Function"), "orders"),
            "Principal": "events.amazonaws.com",
            "SourceAccount": {"Ref": "AWS::AccountId"},
            "SourceArn": attribute(
                estate.any(random, "Rule"),
                "Arn",
                "arn:aws:events:eu-central-1:012345678901:rule/orders",
            ),
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

fn rule(random: &mut Random, estate: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::Events::Rule",
        "Properties": {
            "Name": sub(format!("${{Stage}}-rule-{number:04}")),
            "Description": format!("Wakes orders {number:04}"),
            "ScheduleExpression": format!("rate({} minutes)", 2 + random.below(50)),
            "State": "ENABLED",
            "Targets": [{
                "Id": "work",
                "Arn": attribute(
                    estate.any(random, "Function"),
                    "Arn",
                    "arn:aws:lambda:eu-central-1:012345678901:function:orders",
                ),
            }],
        },
    })
}

fn task(random: &mut Random, estate: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {
            "Family": sub(format!("${{Stage}}-task-{number:04}")),
            "Cpu": "512",
            "Memory": "1024",
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
            "ExecutionRoleArn": attribute(
                estate.any(random, "Role"),
                "Arn",
                "arn:aws:iam::012345678901:role/orders",
            ),
            "ContainerDefinitions": [{
                "Name": "orders",
                "Image": sub(format!(
                    "${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.amazonaws.com/orders:1.{}",
                    random.below(40),
                )),
                "Essential": true,
                "Command": ["serve", "--port", "8080"],
                "PortMappings": [{"ContainerPort": 8080, "Protocol": "tcp"}],
                "Environment": [
                    {"Name": "STAGE", "Value": {"Ref": "Stage"}},
                    {"Name": "LEVEL", "Value": "INFO"},
                    {"Name": "QUEUE", "Value": reference(estate.any(random, "Queue"), "orders")},
                ],
                "LogConfiguration": {
                    "LogDriver": "awslogs",
                    "Options": {
                        "awslogs-group": reference(estate.any(random, "LogGroup"), "/orders"),
                        "awslogs-region": {"Ref": "AWS::Region"},
                        "awslogs-stream-prefix": "orders",
                    },
                },
            }],
            "Tags": tags(random, number),
        },
    })
}

fn target_group(random: &mut Random, _: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": {
            "Port": 8080,
            "Protocol": "HTTP",
            "TargetType": "ip",
            "VpcId": {"Ref": "VpcId"},
            "HealthCheckPath": "/health",
            "HealthCheckIntervalSeconds": 10 + random.below(20),
            "Matcher": {"HttpCode": "200-299"},
            "TargetGroupAttributes": [
                {"Key": "deregistration_delay.timeout_seconds", "Value": "30"},
                {"Key": "stickiness.enabled", "Value": "false"},
            ],
            "Tags": tags(random, number),
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

fn machine(random: &mut Random, estate: &Estate, number: usize) -> Value {
    json!({
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "StateMachineName": sub(format!("${{Stage}}-machine-{number:04}")),
            "StateMachineType": "STANDARD",
            "RoleArn": attribute(
                estate.any(random, "Role"),
                "Arn",
                "arn:aws:iam::012345678901:role/orders",
            ),
            "Definition": {
                "Comment": format!("Settles orders {number:04}"),
                "StartAt": "Wait",
                "States": {
                    "Wait": {"Type": "Wait", "Seconds": 10, "Next": "Done"},
                    "Done": {"Type": "Succeed"},
                },
            },
            "TracingConfiguration": {"Enabled": true},
            "Tags": tags(random, number),
        },
    })
}
