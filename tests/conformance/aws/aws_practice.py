"""A running practice estate and its people as boto3 clients, whose answers are all checked against the model."""

import json
import os
import subprocess
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

from aws_model import check

ROOT = Path(__file__).resolve().parents[3]
DEV, QA, PROD = "111111111111", "222222222222", "333333333333"
ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20)


def build():
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    subprocess.run(
        ["cargo", "build", "--quiet", "-p", "interlock-practice", "--example", "practice"],
        cwd=ROOT,
        check=True,
    )
    return target / "debug" / "examples" / "practice"


class Estate:
    """A running practice estate."""

    def __init__(self, program, directory, *options):
        self.command = [str(program), str(directory), *options]
        self.findings = []
        self.checked = set()
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.addresses = json.loads(self.process.stdout.readline())
        self.people = {person["id"]: person for person in self.addresses["people"]}

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=20)

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.addresses["control"] + path, data=data, method=method
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def pass_time(self, seconds):
        self.control("POST", "/clock", {"advance_seconds": seconds})

    def fault(self, **rule):
        return self.control("POST", "/faults", rule)["id"]

    def keys(self, person):
        holder = self.addresses["pipeline"] if person == "pipeline" else self.people[person]
        return {
            "aws_access_key_id": holder["aws_access_key_id"],
            "aws_secret_access_key": holder["aws_secret_access_key"],
        }

    def client(self, service, region="us-east-1", config=ONCE, **keys):
        client = boto3.client(
            service,
            endpoint_url=self.addresses["aws"],
            region_name=region,
            config=config,
            **keys,
        )
        client.meta.events.register("response-received", self.checker(client))
        return client

    def checker(self, client):
        def look(response_dict=None, event_name=None, **_):
            if response_dict is None:
                return
            operation = client.meta.service_model.operation_model(event_name.rpartition(".")[2])
            self.checked.add(operation.name)
            self.findings += check(
                operation, response_dict["status_code"], response_dict["body"]
            )

        return look

    def assume(self, person, account, role, **more):
        sts = self.client("sts", **self.keys(person))
        answer = sts.assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName=person, **more
        )
        return answer["Credentials"]

    def cloudformation(self, person, account, role, region="us-east-1", config=ONCE):
        given = self.assume(person, account, role)
        return self.client(
            "cloudformation",
            region,
            config,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    def follow(self, client, stack, seconds=30):
        """Waits until no operation goes on and returns the stack."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = client.describe_stacks(StackName=stack)["Stacks"][0]
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                return found
            time.sleep(0.05)
        raise AssertionError(f"{stack} is still {found['StackStatus']}")

    def ready(self, client, change_set, seconds=10, **more):
        """Waits until a change set is computed and returns it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = client.describe_change_set(ChangeSetName=change_set, **more)
            if found["Status"] in ("CREATE_COMPLETE", "FAILED"):
                return found
            time.sleep(0.02)
        raise AssertionError(f"{change_set} is still {found['Status']}")
