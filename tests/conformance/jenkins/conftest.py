"""The practice estate, started for these tests, and its people as clients of python-jenkins."""

import json
import os
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import jenkins
import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]

# The practice people's credentials are public; they open nothing else.
TOKENS = {
    "s.lara": "1100000000000000000000000000515a7a",
    "d.mora": "1100000000000000000000000000d3074a",
    "a.ruiz": "1100000000000000000000000000a4012c",
    "l.prado": "1100000000000000000000000000109ad0",
}


def command(directory: Path) -> list[str]:
    """How the practice estate is started; it prints its addresses as one JSON line."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    program = target / "debug" / "examples" / "practice"
    subprocess.run(
        ["cargo", "build", "--quiet", "-p", "interlock-practice", "--example", "practice"],
        cwd=ROOT,
        check=True,
    )
    return [str(program), str(directory), "--pace", "0.05"]


@dataclass
class Estate:
    jenkins: str
    control: str

    def pass_time(self, seconds: float) -> None:
        """Moves the practice clock forward."""
        body = json.dumps({"advance_seconds": seconds}).encode()
        request = urllib.request.Request(f"{self.control}/clock", data=body, method="POST")
        urllib.request.urlopen(request, timeout=10).read()

    @staticmethod
    def token(person: str) -> str:
        return TOKENS[person]

    def client(self, person: str, secret: str | None = None) -> jenkins.Jenkins:
        return jenkins.Jenkins(
            self.jenkins, username=person, password=secret or TOKENS[person], timeout=10
        )

    def wait_for(self, look, what: str):
        """Moves time on until `look` gives something."""
        for _ in range(120):
            found = look()
            if found:
                return found
            self.pass_time(2)
            time.sleep(0.02)
        raise AssertionError(f"{what} did not happen")


@pytest.fixture(scope="session")
def estate(tmp_path_factory):
    """Addresses of the servers; INTERLOCK_PRACTICE names a running estate instead."""
    running = os.environ.get("INTERLOCK_PRACTICE")
    if running:
        addresses = json.loads(running)
        yield Estate(jenkins=addresses["jenkins"], control=addresses["control"])
        return
    directory = tmp_path_factory.mktemp("practice")
    process = subprocess.Popen(
        command(directory), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        addresses = json.loads(process.stdout.readline())
        yield Estate(jenkins=addresses["jenkins"], control=addresses["control"])
    finally:
        # The estate ends with its standard input.
        process.stdin.close()
        process.wait(timeout=10)


@pytest.fixture
def developer(estate):
    return estate.client("s.lara")


@pytest.fixture
def lead(estate):
    return estate.client("d.mora")


@pytest.fixture
def manager(estate):
    return estate.client("a.ruiz")


@pytest.fixture
def post(estate):
    """Sends a form as somebody, without a client between."""
    def post(path, person="s.lara", **how):
        return requests.post(
            estate.jenkins + path,
            auth=(person, estate.token(person)),
            timeout=10,
            allow_redirects=False,
            **how,
        )

    return post
