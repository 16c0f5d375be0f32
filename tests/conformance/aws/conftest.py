"""Fixtures: the estate, and people in the roles that they have."""

import shutil
import uuid

import pytest

from aws_ministack import MiniStack
from aws_practice import DEV, PROD, Estate, build


@pytest.fixture(scope="session")
def program():
    return build()


@pytest.fixture(scope="session")
def estate(program, tmp_path_factory):
    estate = Estate(program, tmp_path_factory.mktemp("practice"), "--pace", "0.05")
    yield estate
    estate.stop()


@pytest.fixture(autouse=True)
def answers_fit_the_model(request):
    """Fails a test whose answers the model rejects."""
    if "estate" not in request.fixturenames:
        yield
        return
    estate = request.getfixturevalue("estate")
    estate.findings.clear()
    yield
    estate.control("DELETE", "/faults")
    assert estate.findings == []


@pytest.fixture(scope="session")
def dev(estate):
    """The developer, who may do everything in dev."""
    return estate.cloudformation("s.lara", DEV, "InterlockDeveloper")


@pytest.fixture(scope="session")
def reader(estate):
    """The lead, reading prod."""
    return estate.cloudformation("d.mora", PROD, "InterlockReadOnly")


@pytest.fixture(scope="session")
def manager(estate):
    """A release manager in prod."""
    return estate.cloudformation("a.ruiz", PROD, "InterlockReleaseManager")


@pytest.fixture
def name():
    """A stack name of the test's own."""
    return f"t-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def ministack(tmp_path_factory):
    """The emulator that the practice estate is compared with."""
    peer = MiniStack(tmp_path_factory.mktemp("ministack"))
    try:
        peer.wait()
        yield peer
    finally:
        peer.stop()


@pytest.fixture
def own_estate(program, tmp_path):
    """Starts estates of the test's own, with options."""
    running = []

    def start(*options, directory=tmp_path):
        started = Estate(program, directory, *options)
        running.append(started)
        return started

    yield start
    for one in running:
        if one.process.poll() is None:
            one.kill()
        assert one.findings == []
    shutil.rmtree(tmp_path, ignore_errors=True)
