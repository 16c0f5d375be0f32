"""Stack policies: set, read and obeyed."""

import json

import pytest
from botocore.exceptions import ClientError

BODY = "Resources: {Queue: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: %s}}, %s}"
TOPIC = "Topic: {Type: 'AWS::SNS::Topic'}"


def policy(effect, action, resource):
    everything = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
    one = {"Effect": effect, "Action": action, "Principal": "*", "Resource": resource}
    return json.dumps({"Statement": [everything, one]})


def test_a_policy_is_kept_and_obeyed(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=BODY % (1, TOPIC))
    estate.follow(dev, name)
    assert "StackPolicyBody" not in dev.get_stack_policy(StackName=name)
    text = policy("Deny", "Update:Modify", "LogicalResourceId/Queue")
    dev.set_stack_policy(StackName=name, StackPolicyBody=text)
    assert dev.get_stack_policy(StackName=name)["StackPolicyBody"] == text
    dev.update_stack(StackName=name, TemplateBody=BODY % (2, TOPIC))
    assert estate.follow(dev, name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [
        event.get("ResourceStatusReason", "")
        for event in dev.describe_stack_events(StackName=name)["StackEvents"]
    ]
    assert any(
        "Action denied by stack policy: Statement [#2] does not allow [Update:Modify]" in reason
        for reason in reasons
    )
    dev.update_stack(
        StackName=name,
        TemplateBody=BODY % (2, TOPIC),
        StackPolicyDuringUpdateBody=policy("Allow", "Update:*", "*"),
    )
    assert estate.follow(dev, name)["StackStatus"] == "UPDATE_COMPLETE"
    assert dev.get_stack_policy(StackName=name)["StackPolicyBody"] == text


def test_a_policy_may_forbid_a_removal(estate, dev, name):
    dev.create_stack(
        StackName=name,
        TemplateBody=BODY % (1, TOPIC),
        StackPolicyBody=policy("Deny", "Update:Delete", "LogicalResourceId/Topic"),
    )
    estate.follow(dev, name)
    dev.update_stack(StackName=name, TemplateBody=BODY % (2, ""))
    assert estate.follow(dev, name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert dev.describe_stack_resource(StackName=name, LogicalResourceId="Topic")


def test_what_is_no_policy_is_refused(dev, name):
    with pytest.raises(ClientError) as refused:
        dev.get_stack_policy(StackName="no-such-stack")
    assert "does not exist" in str(refused.value)
    for arguments in (
        {"StackPolicyBody": "nonsense"},
        {"StackPolicyBody": "{}"},
        {"StackPolicyURL": "https://s3.amazonaws.com/bucket/policy.json"},
    ):
        with pytest.raises(ClientError) as refused:
            dev.create_stack(StackName=name, TemplateBody=BODY % (1, TOPIC), **arguments)
        assert refused.value.response["Error"]["Code"] == "ValidationError"
