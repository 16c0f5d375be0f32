"""Who asks: signatures, sessions, roles, refusals."""

from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_practice import DEV, ONCE, PROD, QA


def code(refused):
    return refused.value.response["Error"]["Code"], refused.value.response["ResponseMetadata"]["HTTPStatusCode"]


def test_people_are_users_of_the_identity_account(estate):
    for person in estate.people:
        identity = estate.client("sts", **estate.keys(person)).get_caller_identity()
        assert identity["Arn"] == f"arn:aws:iam::444444444444:user/{person}"
        assert identity["UserId"].startswith("AIDA")


def test_an_assumed_role_acts_in_its_account(estate):
    given = estate.assume("a.ruiz", PROD, "InterlockReleaseManager", DurationSeconds=900)
    lasts = given["Expiration"] - datetime.now(timezone.utc)
    assert timedelta(seconds=890) < lasts <= timedelta(seconds=900)
    session = estate.client(
        "sts",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    identity = session.get_caller_identity()
    assert identity["Account"] == PROD
    assert identity["Arn"] == f"arn:aws:sts::{PROD}:assumed-role/InterlockReleaseManager/a.ruiz"
    assert identity["UserId"].startswith("AROA") and identity["UserId"].endswith(":a.ruiz")
    with pytest.raises(ClientError) as refused:
        session.assume_role(
            RoleArn=f"arn:aws:iam::{DEV}:role/InterlockReadOnly", RoleSessionName="chained"
        )
    assert code(refused) == ("AccessDenied", 403)


@pytest.mark.parametrize(
    ("person", "account", "role", "allowed"),
    [
        ("s.lara", DEV, "InterlockDeveloper", True),
        ("s.lara", PROD, "InterlockReadOnly", True),
        ("s.lara", PROD, "InterlockReleaseManager", False),
        ("s.lara", PROD, "InterlockDeveloper", False),
        ("d.mora", QA, "InterlockReleaseManager", False),
        ("d.mora", PROD, "PipelineDeploy", False),
        ("a.ruiz", QA, "InterlockReleaseManager", True),
        ("l.prado", PROD, "InterlockReleaseManager", True),
        ("pipeline", PROD, "PipelineDeploy", True),
        ("a.ruiz", PROD, "NoSuchRole", False),
    ],
)
def test_roles_trust_whom_they_should(estate, person, account, role, allowed):
    if allowed:
        assert estate.assume(person, account, role)["SessionToken"]
        return
    with pytest.raises(ClientError) as refused:
        estate.assume(person, account, role)
    assert code(refused) == ("AccessDenied", 403)
    assert refused.value.response["Error"]["Message"] == (
        f"User: arn:aws:iam::444444444444:user/{person} is not authorized to perform: "
        f"sts:AssumeRole on resource: arn:aws:iam::{account}:role/{role}"
    )


def test_a_reader_may_not_execute(estate, reader):
    with pytest.raises(ClientError) as refused:
        reader.execute_change_set(ChangeSetName="x", StackName="payments-api-prod")
    assert code(refused) == ("AccessDenied", 403)
    message = refused.value.response["Error"]["Message"]
    assert message.startswith(
        f"User: arn:aws:sts::{PROD}:assumed-role/InterlockReadOnly/d.mora is not authorized to "
        f"perform: cloudformation:ExecuteChangeSet on resource: "
        f"arn:aws:cloudformation:us-east-1:{PROD}:stack/payments-api-prod/"
    )


def test_a_release_manager_may_not_delete_stacks(manager):
    with pytest.raises(ClientError) as refused:
        manager.delete_stack(StackName="payments-api-prod")
    assert code(refused) == ("AccessDenied", 403)


def test_the_identity_account_has_no_stacks(estate):
    client = estate.client("cloudformation", **estate.keys("a.ruiz"))
    with pytest.raises(ClientError) as refused:
        client.describe_stacks()
    assert code(refused) == ("AccessDenied", 403)


def test_wrong_credentials_are_told_apart(estate):
    keys = estate.keys("s.lara")

    def refusal(**changed):
        with pytest.raises(ClientError) as refused:
            estate.client("sts", **{**keys, **changed}).get_caller_identity()
        return code(refused)

    assert refusal(aws_secret_access_key="wrong") == ("SignatureDoesNotMatch", 403)
    assert refusal(aws_access_key_id="AKIANOBODY0000000000") == ("InvalidClientTokenId", 403)
    assert refusal(aws_session_token="not-mine") == ("InvalidClientTokenId", 403)
    unsigned = boto3.client(
        "cloudformation",
        endpoint_url=estate.addresses["aws"],
        region_name="us-east-1",
        config=ONCE.merge(Config(signature_version=UNSIGNED)),
    )
    with pytest.raises(ClientError) as refused:
        unsigned.describe_stacks()
    assert code(refused) == ("MissingAuthenticationToken", 403)


def test_a_session_ends(own_estate):
    estate = own_estate("--pace", "0.05")
    client = estate.cloudformation("d.mora", PROD, "InterlockReadOnly")
    assert client.describe_stacks()["Stacks"]
    # Moving the practice clock ends nobody's session: clients know their own clocks only.
    estate.pass_time(7200)
    assert client.describe_stacks()["Stacks"]
    estate.control("DELETE", "/sessions")
    with pytest.raises(ClientError) as refused:
        client.describe_stacks()
    assert code(refused) == ("ExpiredToken", 403)
    assert estate.cloudformation("d.mora", PROD, "InterlockReadOnly").describe_stacks()["Stacks"]


@pytest.mark.parametrize("seconds", [899, 43201])
def test_a_session_may_not_be_too_short_or_too_long(estate, seconds):
    unchecked = ONCE.merge(Config(parameter_validation=False))
    sts = estate.client("sts", config=unchecked, **estate.keys("s.lara"))
    with pytest.raises(ClientError) as refused:
        sts.assume_role(
            RoleArn=f"arn:aws:iam::{DEV}:role/InterlockReadOnly",
            RoleSessionName="too-long",
            DurationSeconds=seconds,
        )
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_session_may_do_no_more_than_its_own_policy(estate):
    policy = (
        '{"Version": "2012-10-17", "Statement": '
        '[{"Effect": "Allow", "Action": "cloudformation:List*", "Resource": "*"}]}'
    )
    given = estate.assume("s.lara", DEV, "InterlockDeveloper", Policy=policy)
    session = estate.client(
        "cloudformation",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    assert session.list_stacks()["StackSummaries"]
    with pytest.raises(ClientError) as refused:
        session.describe_stacks()
    assert code(refused) == ("AccessDenied", 403)
    assert "because no session policy allows" in str(refused.value)
