"""The calls of drift detection: one resource, filters, what is wrong, and two at a time."""

import pytest
from botocore.exceptions import ClientError

from aws_practice import DEV

BODY = """
Resources:
  Queue: {Type: 'AWS::SQS::Queue', Properties: {VisibilityTimeout: 30}}
  Topic: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: x}}
  Seed: {Type: 'Custom::Seed', Properties: {ServiceToken: x}}
"""


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error = refused.value.response["Error"]
    assert error["Code"] == "ValidationError"
    return error["Message"]


def drift(estate, stack, *changes):
    place = {"account": DEV, "region": "us-east-1", "stack": stack}
    estate.control("POST", "/drift", {**place, "changes": list(changes)})


@pytest.fixture
def stack(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=BODY)
    estate.follow(dev, name)
    return name


def test_one_resource_is_looked_at_at_once(estate, dev, stack):
    drift(
        estate,
        stack,
        {"change": "property", "logical_id": "Queue", "path": "/VisibilityTimeout", "actual": 60},
        {"change": "deleted", "logical_id": "Topic"},
    )
    found = dev.detect_stack_resource_drift(StackName=stack, LogicalResourceId="Queue")
    found = found["StackResourceDrift"]
    assert found["StackResourceDriftStatus"] == "MODIFIED"
    assert found["PropertyDifferences"] == [
        {
            "PropertyPath": "/VisibilityTimeout",
            "ExpectedValue": "30",
            "ActualValue": "60",
            "DifferenceType": "NOT_EQUAL",
        }
    ]
    told = dev.describe_stack_resource_drifts(StackName=stack)["StackResourceDrifts"]
    assert [one["LogicalResourceId"] for one in told] == ["Queue"]
    found = dev.detect_stack_resource_drift(StackName=stack, LogicalResourceId="Topic")
    assert found["StackResourceDrift"]["StackResourceDriftStatus"] == "DELETED"
    assert "ActualProperties" not in found["StackResourceDrift"]
    told = dev.describe_stack_resource_drifts(StackName=stack)["StackResourceDrifts"]
    assert {one["LogicalResourceId"] for one in told} == {"Queue", "Topic"}


def test_what_cannot_be_looked_at_is_refused(dev, stack):
    call = dev.detect_stack_resource_drift
    assert "does not exist" in refusal(call, StackName=stack, LogicalResourceId="Nope")
    assert "Custom::Seed" in refusal(call, StackName=stack, LogicalResourceId="Seed")
    assert "does not exist" in refusal(call, StackName="no-such-stack", LogicalResourceId="Queue")
    status = dev.describe_stack_drift_detection_status
    for wrong in ("nothing", "0e7ae9c1-7c2a-4e19-b3c4-92c8e9b1a111"):
        assert "does not exist" in refusal(status, StackDriftDetectionId=wrong)
    assert dev.describe_stack_resource_drifts(StackName=stack)["StackResourceDrifts"] == []


def test_filters_choose_by_status(estate, dev, stack):
    drift(estate, stack, {"change": "deleted", "logical_id": "Topic"})
    dev.detect_stack_drift(StackName=stack)
    estate.pass_time(10)

    def told(*statuses):
        found = dev.describe_stack_resource_drifts(
            StackName=stack, StackResourceDriftStatusFilters=list(statuses)
        )
        return {one["LogicalResourceId"] for one in found["StackResourceDrifts"]}

    assert told("DELETED") == {"Topic"}
    assert told("IN_SYNC") == {"Queue"}
    assert told("MODIFIED") == set()
    assert told("DELETED", "IN_SYNC") == {"Topic", "Queue"}


def test_only_some_resources_are_looked_at(estate, dev, stack):
    drift(estate, stack, {"change": "deleted", "logical_id": "Topic"})
    started = dev.detect_stack_drift(StackName=stack, LogicalResourceIds=["Queue"])
    estate.pass_time(10)
    status = dev.describe_stack_drift_detection_status(**{
        "StackDriftDetectionId": started["StackDriftDetectionId"]
    })
    assert (status["StackDriftStatus"], status["DriftedStackResourceCount"]) == ("IN_SYNC", 0)


def test_two_detections_do_not_run_at_a_time(own_estate):
    estate = own_estate("--pace", "20")
    dev = estate.cloudformation("s.lara", DEV, "InterlockDeveloper")
    dev.create_stack(StackName="slow", TemplateBody=BODY)
    assert "CREATE_IN_PROGRESS" in refusal(dev.detect_stack_drift, StackName="slow")
    estate.pass_time(1000)
    first = dev.detect_stack_drift(StackName="slow")["StackDriftDetectionId"]
    assert "already in progress" in refusal(dev.detect_stack_drift, StackName="slow")
    assert "already in progress" in refusal(
        dev.detect_stack_resource_drift, StackName="slow", LogicalResourceId="Queue"
    )
    status = dev.describe_stack_drift_detection_status(StackDriftDetectionId=first)
    assert status["DetectionStatus"] == "DETECTION_IN_PROGRESS"
    assert "StackDriftStatus" not in status
    found = dev.describe_stacks(StackName="slow")["Stacks"][0]["DriftInformation"]
    assert found == {"StackDriftStatus": "NOT_CHECKED"}
    estate.pass_time(1000)
    second = dev.detect_stack_drift(StackName="slow")["StackDriftDetectionId"]
    assert second != first
    # The first one can still be asked for.
    status = dev.describe_stack_drift_detection_status(StackDriftDetectionId=first)
    assert status["DetectionStatus"] == "DETECTION_COMPLETE"
    elsewhere = estate.cloudformation("s.lara", DEV, "InterlockDeveloper", "sa-east-1")
    call = elsewhere.describe_stack_drift_detection_status
    assert "does not exist" in refusal(call, StackDriftDetectionId=first)
