//! The kinds of resources that do the work: functions, tasks, and what starts and reaches them.

use super::Random;
use super::base::Estate;
use super::resources::{attribute, reference, setting, sub, tags};
use serde_json::{Value, json};

/// A function with an environment.
pub fn function(random: &mut Random, estate: &Estate, number: usize) -> Value {
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

/// Who may call a function.
pub fn permission(random: &mut Random, estate: &Estate, _: usize) -> Value {
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

/// What wakes a function.
pub fn rule(random: &mut Random, estate: &Estate, number: usize) -> Value {
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

/// A container.
pub fn task(random: &mut Random, estate: &Estate, number: usize) -> Value {
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

/// A state machine.
pub fn machine(random: &mut Random, estate: &Estate, number: usize) -> Value {
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
/// What a load balancer reaches.
pub fn target_group(random: &mut Random, _: &Estate, number: usize) -> Value {
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
