"""Deployments: what Jenkins reported in the past, and what python-jenkins sets going now."""

import json
import time
import urllib.request

import gitlab
import jenkins
import pytest
import requests

JENKINS_TOKENS = {
    "s.lara": "1100000000000000000000000000515a7a",
    "a.ruiz": "1100000000000000000000000000a4012c",
}


@pytest.fixture(scope="module")
def pass_time(addresses):
    """Moves the practice clock forward by some seconds."""

    def pass_time(seconds):
        body = json.dumps({"advance_seconds": seconds}).encode()
        request = urllib.request.Request(f"{addresses['control']}/clock", data=body, method="POST")
        urllib.request.urlopen(request, timeout=10).read()
        time.sleep(0.02)

    return pass_time


@pytest.fixture(scope="module")
def builder(addresses):
    """Somebody as a client of python-jenkins."""

    def builder(person):
        return jenkins.Jenkins(
            addresses["jenkins"], username=person, password=JENKINS_TOKENS[person], timeout=10
        )

    return builder


def newest(project, **filters):
    found = project.deployments.list(
        order_by="id", sort="desc", per_page=1, page=1, **filters
    )
    return found[0] if found else None


def started(server, job, parameters, pass_time):
    """Starts a build and returns its number."""
    item = server.build_job(job, parameters)
    for _ in range(100):
        found = server.get_queue_item(item).get("executable")
        if found:
            return found["number"]
        pass_time(2)
    raise AssertionError("the build does not start")


def finished(server, job, number, pass_time):
    for _ in range(200):
        build = server.get_build_info(job, number)
        if not build["building"]:
            return build
        pass_time(2)
    raise AssertionError("the build does not end")


def earlier_version(project, environment):
    """A version that was deployed there before the one that runs."""
    done = project.deployments.list(
        environment=environment, status="success", order_by="id", sort="desc", get_all=True
    )
    return next(d.ref for d in done if d.ref != done[0].ref).rsplit("/v", 1)[1]


def test_deployments_lead_to_what_runs(payments):
    environments = payments.environments.list(get_all=True)
    prod = next(e for e in environments if e.name == "prod/transfers")
    assert prod.tier == "production"
    last = newest(payments, environment="prod/transfers", status="success")
    assert payments.environments.get(prod.id).last_deployment["id"] == last.id
    assert payments.deployments.get(last.id).sha == last.sha
    assert payments.tags.get(last.ref).commit["id"] == last.sha


def test_what_jenkins_built_in_the_past_is_what_gitlab_was_told(payments, builder):
    server = builder("s.lara")
    builds = server.get_job_info("payments/deploy-transfers", depth=1)["builds"]
    told = payments.deployments.list(get_all=True, per_page=100)
    told = {(d.created_at[:19], d.status) for d in told if d.ref.startswith("transfers/")}
    words = {"SUCCESS": "success", "FAILURE": "failed"}
    past = [build for build in builds if build["result"] in words]
    assert past
    for build in past:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(build["timestamp"] // 1000))
        assert (at, words[build["result"]]) in told, build["url"]


def test_a_service_deployed_by_change_sets_alone_has_no_last_deployment(payments):
    (place,) = payments.environments.list(name="prod/payments-api", get_all=True)
    assert payments.environments.get(place.id).last_deployment is None
    assert not payments.deployments.list(environment="prod/payments-api", get_all=True)


def test_a_deployment_through_jenkins_is_seen_running_and_done(payments, builder, pass_time):
    server, job = builder("s.lara"), "payments/deploy-transfers"
    version = earlier_version(payments, "dev/transfers")
    before = newest(payments)
    number = started(server, job, {"ENVIRONMENT": "dev", "VERSION": version}, pass_time)
    states = []
    for _ in range(400):
        found = newest(payments)
        if found.id != before.id:
            states.append(found.status)
        if not server.get_build_info(job, number)["building"]:
            break
        pass_time(0.1)
    made = newest(payments)
    assert server.get_build_info(job, number)["result"] == "SUCCESS"
    assert list(dict.fromkeys([*states, made.status])) == ["running", "success"]
    assert (made.id, made.iid) == (made.id, before.iid + 1) and made.id > before.id
    assert made.user["username"] == "s.lara"
    assert made.environment["name"] == "dev/transfers"
    assert made.ref == f"transfers/v{version}"
    assert payments.tags.get(made.ref).commit["id"] == made.sha
    assert before.created_at < made.created_at < made.updated_at
    (place,) = payments.environments.list(name="dev/transfers", get_all=True)
    assert payments.environments.get(place.id).last_deployment["id"] == made.id
    since = payments.deployments.list(
        updated_after=made.created_at, order_by="updated_at", get_all=True
    )
    assert [d.id for d in since] == [made.id]


def test_a_promotion_to_prod_is_seen_once_its_input_is_answered(
    addresses, payments, builder, pass_time
):
    server, job = builder("a.ruiz"), "payments/deploy-transfers"
    before = newest(payments)
    version = earlier_version(payments, "prod/transfers")
    parameters = {
        "ENVIRONMENT": "prod",
        "VERSION": version,
        "PROMOTION_ID": "prm-conformance",
        "MANIFEST_SHA256": "ab" * 32,
    }
    number = started(server, job, parameters, pass_time)
    for _ in range(100):
        if server.get_build_stages(job, number)["status"] == "PAUSED_PENDING_INPUT":
            break
        pass_time(2)
    pass_time(300)
    assert newest(payments).id == before.id
    address = f"{addresses['jenkins']}/job/payments/job/deploy-transfers/{number}"
    server.jenkins_open(
        requests.Request("POST", f"{address}/input/Deploy-prod/proceedEmpty")
    )
    assert finished(server, job, number, pass_time)["result"] == "SUCCESS"
    made = newest(payments)
    assert (made.status, made.user["username"]) == ("success", "a.ruiz")
    assert made.environment["name"] == "prod/transfers" and made.id > before.id


def test_a_refused_build_is_never_a_deployment(payments, builder, pass_time):
    server, job = builder("s.lara"), "payments/deploy-transfers"
    before = newest(payments)
    number = started(server, job, {"ENVIRONMENT": "dev", "VERSION": "0.0.1"}, pass_time)
    assert finished(server, job, number, pass_time)["result"] == "FAILURE"
    assert newest(payments).id == before.id


def test_a_stopped_deployment_is_canceled(payments, builder, pass_time):
    server, job = builder("s.lara"), "payments/deploy-transfers"
    before = newest(payments)
    version = earlier_version(payments, "dev/transfers")
    number = started(server, job, {"ENVIRONMENT": "dev", "VERSION": version}, pass_time)
    for _ in range(400):
        if newest(payments).id != before.id:
            break
        pass_time(0.1)
    assert newest(payments).status == "running"
    server.stop_build(job, number)
    assert finished(server, job, number, pass_time)["result"] == "ABORTED"
    assert newest(payments).status == "canceled"
    assert not [d for d in payments.deployments.list(status="running", get_all=True)]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"updated_after": "2026-01-01T00:00:00Z"}, "`updated_at` filter requires `updated_at` sort"),
        ({"finished_after": "2026-01-01T00:00:00Z"}, "`finished_at` filter requires"),
        ({"order_by": "finished_at"}, "`finished_at` sort requires"),
        ({"order_by": "size"}, "order_by does not have a valid value"),
        ({"sort": "up"}, "sort does not have a valid value"),
        ({"status": "done"}, "status does not have a valid value"),
        ({"updated_after": "soon", "order_by": "updated_at"}, "updated_after is invalid"),
    ],
)
def test_filters_that_gitlab_refuses(payments, filters, words):
    with pytest.raises(gitlab.GitlabListError, match=words) as raised:
        payments.deployments.list(get_all=True, **filters)
    assert raised.value.response_code == 400


def test_finished_ones_are_filtered_by_their_end(payments):
    done = payments.deployments.list(status="success", order_by="finished_at", get_all=True)
    since = payments.deployments.list(
        status="success", order_by="finished_at", finished_after=done[-3].updated_at, get_all=True
    )
    assert [d.id for d in since] == [d.id for d in done[-3:]]
