"""What the practice AWS refuses, MiniStack refuses with the same code and status, where it refuses at all."""

import time

import pytest
from botocore.exceptions import ClientError

BODY = """
Parameters: {Size: {Type: Number, Default: 1}}
Resources: {Queue: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: !Ref Size}}}
"""
NONE = "no-such-stack"
CALLS = {
    "broken YAML": ("validate_template", {"TemplateBody": "Resources: [a: b"}),
    "broken JSON": ("validate_template", {"TemplateBody": '{"Resources": {'}),
    "no template": ("validate_template", {"TemplateBody": "hello"}),
    "creation without a template": ("create_stack", {"StackName": "new"}),
    "creation of what is there": ("create_stack", {"StackName": "both", "TemplateBody": BODY}),
    "update to the same": ("update_stack", {"StackName": "both", "TemplateBody": BODY}),
    "update of nothing": ("update_stack", {"StackName": NONE, "TemplateBody": BODY}),
    "stack of nothing": ("describe_stacks", {"StackName": NONE}),
    "events of nothing": ("describe_stack_events", {"StackName": NONE}),
    "resources of nothing": ("list_stack_resources", {"StackName": NONE}),
    "template of nothing": ("get_template", {"StackName": NONE}),
    "policy of nothing": ("get_stack_policy", {"StackName": NONE}),
    "drift of nothing": ("detect_stack_drift", {"StackName": NONE}),
    "drifts of nothing": ("describe_stack_resource_drifts", {"StackName": NONE}),
    "unknown detection": (
        "describe_stack_drift_detection_status",
        {"StackDriftDetectionId": "nothing"},
    ),
    "deletion of nothing": ("delete_stack", {"StackName": NONE}),
    "unknown resource": (
        "describe_stack_resource",
        {"StackName": "both", "LogicalResourceId": "Nope"},
    ),
    "unknown resources": (
        "describe_stack_resources",
        {"StackName": "both", "LogicalResourceId": "Nope"},
    ),
    "unknown physical id": ("describe_stack_resources", {"PhysicalResourceId": "nope"}),
    "resources of neither": ("describe_stack_resources", {}),
    "cancellation of no update": ("cancel_update_stack", {"StackName": "both"}),
    "rollback of no failure": ("rollback_stack", {"StackName": "both"}),
    "going on with no rollback": ("continue_update_rollback", {"StackName": "both"}),
    "wrong policy": ("set_stack_policy", {"StackName": "both", "StackPolicyBody": "x"}),
    "unknown change set": ("describe_change_set", {"StackName": "both", "ChangeSetName": "nope"}),
    "execution of nothing": ("execute_change_set", {"StackName": "both", "ChangeSetName": "nope"}),
    "template of no change set": ("get_template", {"StackName": "both", "ChangeSetName": "nope"}),
    "wrong token": ("list_stacks", {"NextToken": "bogus"}),
    "wrong token of events": ("describe_stack_events", {"StackName": "both", "NextToken": "bogus"}),
    "importers of nothing": ("list_imports", {"ExportName": "nope"}),
    "creation in review": ("create_stack", {"StackName": "review", "TemplateBody": BODY}),
    "update in review": ("update_stack", {"StackName": "review", "TemplateBody": BODY}),
    "drift in review": ("detect_stack_drift", {"StackName": "review"}),
}


def prepare(client):
    client.create_stack(StackName="both", TemplateBody=BODY)
    for _ in range(200):
        if client.describe_stacks(StackName="both")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE":
            break
        time.sleep(0.05)
    client.create_change_set(
        StackName="review", ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=BODY
    )


@pytest.fixture(scope="module")
def clients(estate, dev, ministack):
    theirs = ministack.client("cloudformation")
    prepare(dev)
    prepare(theirs)
    yield dev, theirs
    for client in (dev, theirs):
        for stack in ("both", "review"):
            client.delete_stack(StackName=stack)


def outcome(client, operation, arguments):
    try:
        getattr(client, operation)(**arguments)
    except ClientError as refused:
        answer = refused.response
        return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]
    return "accepted"


@pytest.mark.parametrize("what", CALLS)
def test_both_refuse_alike(clients, what):
    ours, theirs = (outcome(client, *CALLS[what]) for client in clients)
    assert ours == theirs
