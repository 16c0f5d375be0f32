"""The practice estate, started for these tests, and documented calls of SonarQube's web API."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]

# The practice people's tokens are public; they open nothing else.
TOKENS = {
    "s.lara": "squ_0000000000000000000000000000000000000101",
    "d.mora": "squ_0000000000000000000000000000000000000102",
}


def command(directory: Path) -> list[str]:
    """How the practice estate is started; it prints its addresses as one JSON line."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    subprocess.run(
        ["cargo", "build", "--quiet", "-p", "interlock-practice", "--example", "practice"],
        cwd=ROOT,
        check=True,
    )
    program = target / "debug" / "examples" / "practice"
    return [str(program), str(directory)]


@pytest.fixture(scope="session")
def tokens():
    return TOKENS


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    """Address of the server; INTERLOCK_PRACTICE names a running estate instead."""
    running = os.environ.get("INTERLOCK_PRACTICE")
    if running:
        yield json.loads(running)["sonarqube"]
        return
    directory = tmp_path_factory.mktemp("practice")
    process = subprocess.Popen(
        command(directory), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield json.loads(process.stdout.readline())["sonarqube"]
    finally:
        # The estate ends with its standard input.
        process.stdin.close()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def call(base):
    """Calls the API as the lead and gives the JSON of a good answer."""

    def call(path: str, **fields):
        headers = {"Authorization": f"Bearer {TOKENS['d.mora']}"}
        answer = requests.get(f"{base}/api/{path}", params=fields, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return call


@pytest.fixture(scope="session")
def refuse(base):
    """Calls the API and gives the status and the first message of a refusal."""

    def refuse(path: str, **fields):
        headers = {"Authorization": f"Bearer {TOKENS['d.mora']}"}
        answer = requests.get(f"{base}/api/{path}", params=fields, headers=headers, timeout=10)
        return answer.status_code, answer.json()["errors"][0]["msg"]

    return refuse
