"""Arranges emulators for the tests in Rust: reads calls as JSON lines, makes them with boto3,
writes answers as JSON lines.

A call is {"account", "region", "service", "operation", "parameters"}, or {"put", "body"} for a
plain HTTP PUT. With "key", "secret" and "token" it is made as that caller, otherwise as the root
of the account: its id is the access key ("key"), or a role is assumed into it ("role").
"""

import http.client
import json
import sys
import urllib.parse

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT, WAY_IN = sys.argv[1], sys.argv[2]
# Values that AWS would refuse, such as a session of one second, are for the emulator to judge.
CONFIG = Config(parameter_validation=False, retries={"max_attempts": 0})
clients = {}


def client(service, region, key, secret, token=None):
    identity = (service, region, key, token)
    if identity not in clients:
        clients[identity] = boto3.client(
            service,
            endpoint_url=ENDPOINT,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=CONFIG,
        )
    return clients[identity]


def root(account):
    if WAY_IN == "key":
        return account, "any", None
    role = f"arn:aws:iam::{account}:role/Root"
    sts = client("sts", "us-east-1", "AKIAIOSFODNN7EXAMPLE", "any")
    given = sts.assume_role(RoleArn=role, RoleSessionName="arrange")["Credentials"]
    return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]


roots = {}


def answer(call):
    if "put" in call:
        url = urllib.parse.urlparse(call["put"])
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
        connection.request("PUT", url.path, body=call["body"].encode())
        return {"status": connection.getresponse().status}
    if "key" in call:
        caller = (call["key"], call["secret"], call.get("token"))
    else:
        account = call["account"]
        if account not in roots:
            roots[account] = root(account)
        caller = roots[account]
    made = client(call["service"], call["region"], *caller)
    result = getattr(made, call["operation"])(**call["parameters"])
    result.pop("ResponseMetadata", None)
    return result


for line in sys.stdin:
    try:
        reply = {"ok": answer(json.loads(line))}
    except ClientError as error:
        reply = {"error": f"{error.response['Error'].get('Code')}: {error}"}
    except Exception as error:  # the test says what it expected
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply, default=str), flush=True)
