"""Faults on demand, as boto3 meets them, and state that outlives the process."""

import time

import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
)
from botocore.parsers import ResponseParserError

from aws_practice import DEV

QUEUE = "Resources: {Queue: {Type: 'AWS::SQS::Queue', Properties: {VisibilityTimeout: %s}}}"


def code(refused):
    return refused.value.response["Error"]["Code"]


@pytest.mark.parametrize(
    ("rule", "expected", "status"),
    [
        ({"kind": "throttle"}, "Throttling", 400),
        ({"kind": "expired_credentials"}, "ExpiredToken", 403),
        ({"kind": "unavailable_503"}, "ServiceUnavailable", 503),
        ({"kind": "error", "code": "InternalFailure", "status": 500}, "InternalFailure", 500),
    ],
)
def test_refusals_have_awss_shape(estate, dev, rule, expected, status):
    estate.fault(service="cloudformation", operation="ListExports", times=1, **rule)
    with pytest.raises(ClientError) as refused:
        dev.list_exports()
    assert code(refused) == expected
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert "Exports" in dev.list_exports()


def test_a_client_that_waits_gets_through_throttling(estate):
    patient = Config(retries={"total_max_attempts": 4, "mode": "standard"})
    dev = estate.cloudformation("s.lara", DEV, "InterlockDeveloper", config=patient)
    estate.fault(service="cloudformation", operation="List*", kind="throttle", times=2)
    answer = dev.list_exports()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2


def test_a_lost_reply_leaves_the_action_done_once(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=QUEUE % 30)
    estate.follow(dev, name)
    made = dev.create_change_set(
        StackName=name, ChangeSetName="change", TemplateBody=QUEUE % 60
    )
    estate.ready(dev, made["Id"])
    estate.fault(
        service="cloudformation", operation="ExecuteChangeSet", kind="drop_reply_after_action", times=1
    )
    with pytest.raises(ConnectionClosedError):
        dev.execute_change_set(ChangeSetName=made["Id"], ClientRequestToken="once")
    # Asking again with the same token finds the execution that was begun.
    dev.execute_change_set(ChangeSetName=made["Id"], ClientRequestToken="once")
    assert estate.follow(dev, name)["StackStatus"] == "UPDATE_COMPLETE"
    log = estate.control("GET", "/requests")["requests"]
    calls = [one["status"] for one in log if one["operation"] == "ExecuteChangeSet"]
    assert calls[-2:] == [None, 200]


def test_broken_answers_break_as_on_the_wire(estate, dev):
    estate.fault(service="cloudformation", operation="ListExports", kind="truncate", times=1)
    with pytest.raises(ResponseParserError):
        dev.list_exports()
    estate.fault(service="cloudformation", operation="ListExports", kind="cut", times=1)
    with pytest.raises((HTTPClientError, ResponseParserError)):
        dev.list_exports()
    estate.fault(service="cloudformation", operation="ListExports", kind="reset", times=1)
    with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
        dev.list_exports()
    estate.fault(service="cloudformation", operation="ListExports", kind="html_login_200", times=1)
    with pytest.raises(ResponseParserError):
        dev.list_exports()
    # What was broken on purpose is no finding.
    estate.findings.clear()


def test_latency_is_waited_for(estate, dev):
    estate.fault(service="cloudformation", operation="ListExports", kind="latency", millis=300)
    started = time.monotonic()
    dev.list_exports()
    assert time.monotonic() - started >= 0.3


def test_wrong_rules_are_refused(estate):
    for body in ({"service": "x"}, {"service": "x", "kind": "nonsense"}):
        with pytest.raises(Exception) as refused:
            estate.control("POST", "/faults", body)
        assert "400" in str(refused.value)


def test_a_failure_can_be_ordered(estate, dev, name):
    estate.control(
        "POST", "/failures", {"stack": name, "resource": "Queue", "reason": "No room", "times": 1}
    )
    dev.create_stack(StackName=name, TemplateBody=QUEUE % 30)
    assert estate.follow(dev, name)["StackStatus"] == "ROLLBACK_COMPLETE"


def test_a_killed_estate_goes_on_where_it_was(own_estate, tmp_path):
    directory = tmp_path / "estate"
    first = own_estate("--pace", "200", directory=directory)
    dev = first.cloudformation("s.lara", DEV, "InterlockDeveloper")
    dev.create_stack(StackName="survivor", TemplateBody=QUEUE % 30)
    before = dev.describe_stacks(StackName="survivor")["Stacks"][0]
    assert before["StackStatus"] == "CREATE_IN_PROGRESS"
    session = dev._request_signer._credentials
    # What was confirmed is on disk, whatever happens next.
    first.kill()

    second = own_estate("--pace", "200", directory=directory)
    again = second.client(
        "cloudformation",
        aws_access_key_id=session.access_key,
        aws_secret_access_key=session.secret_key,
        aws_session_token=session.token,
    )
    after = again.describe_stacks(StackName="survivor")["Stacks"][0]
    assert after["StackId"] == before["StackId"]
    assert after["StackStatus"] == "CREATE_IN_PROGRESS"
    second.pass_time(1200)
    second.stop()

    third = own_estate("--pace", "200", directory=directory)
    dev = third.cloudformation("s.lara", DEV, "InterlockDeveloper")
    assert dev.describe_stacks(StackName="survivor")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"


def test_a_reset_brings_the_bank_back(own_estate):
    estate = own_estate("--pace", "0.05")
    dev = estate.cloudformation("s.lara", DEV, "InterlockDeveloper")
    before = {s["StackName"] for s in dev.describe_stacks()["Stacks"]}
    dev.create_stack(StackName="extra", TemplateBody=QUEUE % 30)
    estate.pass_time(60)
    estate.control("POST", "/reset", {})
    dev = estate.cloudformation("s.lara", DEV, "InterlockDeveloper")
    assert {s["StackName"] for s in dev.describe_stacks()["Stacks"]} == before
    assert estate.control("GET", "/clock")["offset_seconds"] == 0


def test_people_and_status_are_told(estate):
    people = estate.control("GET", "/people")["people"]
    assert [one["id"] for one in people] == ["s.lara", "d.mora", "a.ruiz", "l.prado"]
    assert "secret" not in str(people[0]).lower() or people[0]["aws_secret_access_key"]
    status = estate.control("GET", "/status")
    assert status["addresses"]["aws"] == estate.addresses["aws"]
