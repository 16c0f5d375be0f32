"""Members that AWS's model forbids are refused before anything else, in the model's own words."""

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_practice import DEV, ONCE

UNCHECKED = ONCE.merge(Config(parameter_validation=False))
TOPIC = "Resources: {T: {Type: 'AWS::SNS::Topic'}}"


@pytest.fixture(scope="module")
def lax(estate):
    """The developer with a client that checks nothing itself."""
    return estate.cloudformation("s.lara", DEV, "InterlockDeveloper", config=UNCHECKED)


@pytest.mark.parametrize(
    ("operation", "arguments", "words"),
    [
        ("describe_stacks", {"StackName": ""}, "Value '' at 'stackName'"),
        ("list_stack_resources", {}, "Value null at 'stackName'"),
        ("describe_stack_resource", {"StackName": "s"}, "Value null at 'logicalResourceId'"),
        ("list_stacks", {"NextToken": ""}, "Value '' at 'nextToken'"),
        ("list_exports", {"NextToken": "x" * 1025}, "length less than or equal to 1024"),
        ("list_stacks", {"StackStatusFilter": ["X"]}, "Value '[X]' at 'stackStatusFilter'"),
        (
            "describe_stack_resource_drifts",
            {"StackName": "s", "MaxResults": 0},
            "value greater than or equal to 1",
        ),
        (
            "describe_stack_resource_drifts",
            {"StackName": "s", "MaxResults": 101},
            "value less than or equal to 100",
        ),
        (
            "describe_stack_resource_drifts",
            {"StackName": "s", "StackResourceDriftStatusFilters": ["X"]},
            "Value '[X]' at 'stackResourceDriftStatusFilters'",
        ),
        (
            "describe_stack_drift_detection_status",
            {"StackDriftDetectionId": "x" * 37},
            "length less than or equal to 36",
        ),
        (
            "create_stack",
            {"StackName": "s", "TemplateBody": TOPIC, "OnFailure": "X"},
            "enum value set: [DO_NOTHING, ROLLBACK, DELETE]",
        ),
        (
            "create_stack",
            {"StackName": "s", "TemplateBody": TOPIC, "TimeoutInMinutes": 0},
            "Value '0' at 'timeoutInMinutes'",
        ),
        (
            "create_stack",
            {"StackName": "s", "TemplateBody": TOPIC, "Capabilities": ["CAPABILITY_X"]},
            "Value '[CAPABILITY_X]' at 'capabilities'",
        ),
        (
            "create_stack",
            {"StackName": "s", "TemplateBody": TOPIC, "RoleARN": "x"},
            "Value 'x' at 'roleARN'",
        ),
        (
            "create_stack",
            {"StackName": "s", "TemplateBody": TOPIC, "ClientRequestToken": "a b"},
            "Value 'a b' at 'clientRequestToken'",
        ),
        (
            "create_stack",
            {
                "StackName": "s",
                "TemplateBody": TOPIC,
                "Tags": [{"Key": str(n), "Value": "x"} for n in range(51)],
            },
            "length less than or equal to 50",
        ),
        (
            "describe_change_set",
            {"StackName": "s", "ChangeSetName": "a b"},
            "Value 'a b' at 'changeSetName'",
        ),
        (
            "create_change_set",
            {"StackName": "s", "ChangeSetName": "x", "TemplateBody": TOPIC, "ChangeSetType": "X"},
            "enum value set: [CREATE, UPDATE, IMPORT]",
        ),
        (
            "create_change_set",
            {"StackName": "a_b", "ChangeSetName": "1x", "TemplateBody": TOPIC},
            "2 validation errors detected",
        ),
        ("get_template", {"StackName": "s", "TemplateStage": "X"}, "[Original, Processed]"),
    ],
)
def test_what_the_model_forbids_is_refused(lax, operation, arguments, words):
    with pytest.raises(ClientError) as refused:
        getattr(lax, operation)(**arguments)
    error = refused.value.response["Error"]
    assert (error["Code"], words in error["Message"]) == ("ValidationError", True), error


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ({"RoleSessionName": "x"}, "ValidationError", "length greater than or equal to 2"),
        ({"RoleSessionName": "a b"}, "ValidationError", r"pattern: [\w+=,.@-]*"),
        ({"RoleSessionName": "a" * 65}, "ValidationError", "less than or equal to 64"),
        ({"DurationSeconds": 899}, "ValidationError", "greater than or equal to 900"),
        ({"DurationSeconds": 43201}, "ValidationError", "less than or equal to 43200"),
        ({"ExternalId": "x"}, "ValidationError", "at 'externalId'"),
        ({"RoleArn": "short"}, "ValidationError", "length greater than or equal to 20"),
        ({"RoleArn": f"arn:aws:iam::{DEV}:user/somebody"}, "ValidationError", "is invalid"),
        ({"RoleArn": f"arn:aws:iam::{DEV}:role/Nobody"}, "AccessDenied", "sts:AssumeRole"),
        ({"RoleArn": "arn:aws:iam::999999999999:role/Foreign"}, "AccessDenied", "sts:AssumeRole"),
        ({"Policy": "nonsense"}, "MalformedPolicyDocument", "Syntax errors in policy."),
        ({"Tags": [{"Key": "a", "Value": "b"}]}, "AccessDenied", "sts:TagSession"),
        ({"SourceIdentity": "somebody"}, "AccessDenied", "sts:SetSourceIdentity"),
        (
            {"SerialNumber": "arn:aws:iam::444444444444:mfa/s.lara", "TokenCode": "123456"},
            "AccessDenied",
            "MultiFactorAuthentication failed",
        ),
    ],
)
def test_a_role_is_assumed_in_the_right_way_or_not_at_all(estate, arguments, code, words):
    sts = estate.client("sts", config=UNCHECKED, **estate.keys("s.lara"))
    right = {"RoleArn": f"arn:aws:iam::{DEV}:role/InterlockReadOnly", "RoleSessionName": "right"}
    with pytest.raises(ClientError) as refused:
        sts.assume_role(**{**right, **arguments})
    error = refused.value.response["Error"]
    assert (error["Code"], words in error["Message"]) == (code, True), error


def test_what_a_trust_does_not_ask_for_does_no_harm(estate):
    given = estate.assume("s.lara", DEV, "InterlockReadOnly", ExternalId="some-id")
    assert given["SessionToken"]
