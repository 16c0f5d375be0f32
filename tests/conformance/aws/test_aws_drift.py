"""Drift: the emergency change in prod, and what a deployment does to it."""

import json
import time

import pytest
from botocore.exceptions import ClientError

BODY = """
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: x}, Role: r, MemorySize: %s, Timeout: %s}
  Queue: {Type: 'AWS::SQS::Queue', Properties: {VisibilityTimeout: 30}}
"""


def detect(client, stack):
    started = client.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]
    for _ in range(100):
        found = client.describe_stack_drift_detection_status(StackDriftDetectionId=started)
        if found["DetectionStatus"] != "DETECTION_IN_PROGRESS":
            return found
        assert "StackDriftStatus" not in found
        time.sleep(0.05)
    raise AssertionError("the detection does not end")


def drifts(client, stack, *statuses):
    arguments = {"StackResourceDriftStatusFilters": list(statuses)} if statuses else {}
    found = client.describe_stack_resource_drifts(StackName=stack, **arguments)
    return {one["LogicalResourceId"]: one for one in found["StackResourceDrifts"]}


def test_the_emergency_change_is_known(reader):
    stacks = [
        stack
        for page in reader.get_paginator("describe_stacks").paginate()
        for stack in page["Stacks"]
        if stack["DriftInformation"]["StackDriftStatus"] == "DRIFTED"
    ]
    assert len(stacks) == 1
    assert "LastCheckTimestamp" in stacks[0]["DriftInformation"]
    modified = drifts(reader, stacks[0]["StackName"], "MODIFIED")
    [difference] = [d for one in modified.values() for d in one["PropertyDifferences"]]
    assert difference["DifferenceType"] == "NOT_EQUAL"
    again = detect(reader, stacks[0]["StackName"])
    assert (again["StackDriftStatus"], again["DriftedStackResourceCount"]) == ("DRIFTED", 1)


def test_drift_is_found_and_a_deployment_overwrites_what_it_changes(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=BODY % (512, 10))
    estate.follow(dev, name)
    before = dev.describe_stacks(StackName=name)["Stacks"][0]["DriftInformation"]
    assert before == {"StackDriftStatus": "NOT_CHECKED"}
    assert detect(dev, name)["StackDriftStatus"] == "IN_SYNC"
    estate.control(
        "POST",
        "/drift",
        {
            "account": "111111111111",
            "region": "us-east-1",
            "stack": name,
            "changes": [
                {"change": "property", "logical_id": "Fn", "path": "/MemorySize", "actual": 2048},
                {"change": "property", "logical_id": "Fn", "path": "/Timeout", "actual": None},
                {"change": "deleted", "logical_id": "Queue"},
            ],
        },
    )
    found = detect(dev, name)
    assert (found["StackDriftStatus"], found["DriftedStackResourceCount"]) == ("DRIFTED", 2)
    all_of_them = drifts(dev, name)
    assert all_of_them["Queue"]["StackResourceDriftStatus"] == "DELETED"
    differences = {
        d["PropertyPath"]: (d["ExpectedValue"], d["ActualValue"], d["DifferenceType"])
        for d in all_of_them["Fn"]["PropertyDifferences"]
    }
    assert differences == {
        "/MemorySize": ("512", "2048", "NOT_EQUAL"),
        "/Timeout": ("10", "null", "REMOVE"),
    }
    assert json.loads(all_of_them["Fn"]["ActualProperties"])["MemorySize"] == "2048"
    resource = dev.describe_stack_resource(StackName=name, LogicalResourceId="Fn")
    drift = resource["StackResourceDetail"]["DriftInformation"]
    assert drift["StackResourceDriftStatus"] == "MODIFIED"
    dev.update_stack(StackName=name, TemplateBody=BODY % (1024, 10))
    estate.follow(dev, name)
    detect(dev, name)
    left = drifts(dev, name, "MODIFIED")["Fn"]["PropertyDifferences"]
    assert [one["PropertyPath"] for one in left] == ["/Timeout"]


def test_drift_of_nothing_is_refused(dev):
    with pytest.raises(ClientError):
        dev.detect_stack_drift(StackName="nowhere")
    with pytest.raises(ClientError):
        dev.describe_stack_drift_detection_status(StackDriftDetectionId="nothing")
