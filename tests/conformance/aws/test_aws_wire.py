"""Requests as they are on the wire: what is signed, for which service and region, and with which version."""

import re
import urllib.error
import urllib.request
from datetime import timedelta

import boto3
import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from aws_practice import DEV, ONCE

LIST = "Action=ListStacks&Version=2010-05-15"
WHO = "Action=GetCallerIdentity&Version=2011-06-15"


@pytest.fixture(scope="module")
def session(estate):
    given = estate.assume("s.lara", DEV, "InterlockReadOnly")
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


@pytest.fixture
def send(estate, session, monkeypatch):
    """Sends a request signed by botocore, changed after the signing; returns status, code and text."""

    def send(body, service="cloudformation", region="us-east-1", method="POST", late=0, change=None):
        address = estate.addresses["aws"] + "/"
        if method == "GET":
            address, body = f"{address}?{body}", None
        request = AWSRequest(
            method=method,
            url=address,
            data=body,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        now = botocore.auth.get_current_datetime
        with monkeypatch.context() as patch:
            patch.setattr(
                botocore.auth,
                "get_current_datetime",
                lambda *a, **k: now(*a, **k) - timedelta(minutes=late),
            )
            SigV4Auth(session, service, region).add_auth(request)
        headers = dict(request.headers)
        if change:
            body = change(headers) or body
        ask = urllib.request.Request(
            address, data=body.encode() if body else None, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(ask, timeout=10) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            status, text = refused.code, refused.read().decode()
            assert "<RequestId>" in text and "<Type>Sender</Type>" in text
        code = re.search("<Code>(.*?)</Code>", text)
        return status, code and code.group(1), text

    return send


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_signed_request_is_answered(send, method):
    status, code, text = send(LIST, method=method)
    assert (status, code) == (200, None)
    assert "<ListStacksResult>" in text


@pytest.mark.parametrize(
    ("body", "service", "region", "words"),
    [
        (LIST, "sts", "us-east-1", "Credential should be scoped to correct service: 'cloudformation'."),
        (LIST, "s3", "us-east-1", "Credential should be scoped to correct service: 'cloudformation'."),
        (WHO, "cloudformation", "us-east-1", "Credential should be scoped to correct service: 'sts'."),
        (LIST, "cloudformation", "mars-1", "Credential should be scoped to a valid region."),
    ],
)
def test_a_signature_for_something_else_does_not_match(send, body, service, region, words):
    status, code, text = send(body.replace("'", "&apos;"), service, region)
    assert (status, code) == (403, "SignatureDoesNotMatch")
    assert words in text.replace("&apos;", "'").replace("&#39;", "'")


@pytest.mark.parametrize(("late", "words"), [(20, "Signature expired"), (-20, "Signature not yet current")])
def test_a_clock_that_is_wrong_is_told_so(send, late, words):
    status, code, text = send(LIST, late=late)
    assert (status, code) == (403, "SignatureDoesNotMatch")
    assert words in text
    assert send(LIST, late=late * 14 // 20)[0] == 200


def test_what_was_changed_after_the_signing_does_not_match(send):
    assert send(LIST, change=lambda _: LIST + "&NextToken=x")[:2] == (403, "SignatureDoesNotMatch")

    def other_key(headers):
        headers["Authorization"] = headers["Authorization"].replace("ASIA", "ASIB", 1)

    assert send(LIST, change=other_key)[:2] == (403, "InvalidClientTokenId")


@pytest.mark.parametrize(
    ("change", "status", "expected"),
    [
        (lambda text: None, 403, "MissingAuthenticationToken"),
        (lambda text: "Basic abc", 400, "IncompleteSignature"),
        (lambda text: text.replace("/aws4_request", ""), 400, "IncompleteSignature"),
        (lambda text: text.partition(", Signature")[0], 400, "IncompleteSignature"),
        (lambda text: text.partition("Signature=")[0] + "Signature=00", 403, "SignatureDoesNotMatch"),
    ],
)
def test_a_broken_authorization_is_told_apart(send, change, status, expected):
    def swap(headers):
        changed = change(headers.pop("Authorization"))
        if changed is not None:
            headers["Authorization"] = changed

    assert send(LIST, change=swap)[:2] == (status, expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Action=ListStacks&Version=2009-01-01", "InvalidAction"),
        ("Action=ListStacks", "InvalidAction"),
        ("Action=Nonsense&Version=2010-05-15", "InvalidAction"),
        ("Version=2010-05-15", "MissingAction"),
        ("", "MissingAction"),
    ],
)
def test_an_operation_is_asked_for_by_name_and_version(send, body, expected):
    assert send(body)[:2] == (400, expected)


def test_other_services_are_refused_in_their_own_shape(estate, session):
    keys = {
        "aws_access_key_id": session.access_key,
        "aws_secret_access_key": session.secret_key,
        "aws_session_token": session.token,
    }
    for service, operation in (("dynamodb", "list_tables"), ("s3", "list_buckets")):
        client = boto3.client(
            service,
            endpoint_url=estate.addresses["aws"],
            region_name="us-east-1",
            config=ONCE,
            **keys,
        )
        with pytest.raises(ClientError) as refused:
            getattr(client, operation)()
        assert refused.value.response["Error"]["Code"] == "UnknownOperationException"
