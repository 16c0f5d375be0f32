"""The practice estate, started for these tests, and its people as clients of python-gitlab."""

import json
import os
import subprocess
from pathlib import Path

import gitlab
import pytest

ROOT = Path(__file__).resolve().parents[3]

# The practice people's tokens are public; they open nothing else.
TOKENS = {
    "s.lara": "glpat-practice-s-lara-00001",
    "d.mora": "glpat-practice-d-mora-00002",
    "a.ruiz": "glpat-practice-a-ruiz-00003",
    "l.prado": "glpat-practice-l-prado-00004",
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
    return [str(program), str(directory), "--pace", "0.05"]


@pytest.fixture(scope="session")
def tokens():
    return TOKENS


@pytest.fixture(scope="session")
def starting():
    """How an estate is started in a directory, for tests that need one of their own."""
    return command


@pytest.fixture(scope="session")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("practice")


@pytest.fixture(scope="session")
def addresses(directory):
    """Addresses of the servers; INTERLOCK_PRACTICE names a running estate instead."""
    running = os.environ.get("INTERLOCK_PRACTICE")
    if running:
        yield json.loads(running)
        return
    process = subprocess.Popen(
        command(directory), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield json.loads(process.stdout.readline())
    finally:
        # The estate ends with its standard input.
        process.stdin.close()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def client(addresses):
    return gitlab.Gitlab(addresses["gitlab"], private_token=TOKENS["s.lara"], timeout=10)


@pytest.fixture(scope="session")
def payments(client):
    return client.projects.get("andes/payments")
