"""What people may not do: python-jenkins hears 403 with the permission that is missing."""

import jenkins
import pytest
import requests

JOB = "payments/build-payments-api"
CONFIG = jenkins.EMPTY_CONFIG_XML


@pytest.mark.parametrize(
    "act",
    [
        lambda server: server.reconfig_job(JOB, CONFIG),
        lambda server: server.get_job_config(JOB),
        lambda server: server.delete_job(JOB),
        lambda server: server.enable_job(JOB),
        lambda server: server.disable_job(JOB),
        lambda server: server.create_job("payments/new", CONFIG),
        lambda server: server.create_folder("new"),
        lambda server: server.create_view("new", jenkins.EMPTY_VIEW_CONFIG_XML),
        lambda server: server.delete_build(JOB, server.get_job_info(JOB)["lastBuild"]["number"]),
        lambda server: server.create_node("new"),
        lambda server: server.run_script("println 1"),
        lambda server: server.get_plugins(),
        lambda server: server.quiet_down(),
    ],
)
def test_a_developer_administers_nothing(developer, act):
    with pytest.raises(jenkins.JenkinsException, match=r"\[403\]"):
        act(developer)
    assert developer.job_exists(JOB)


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("/createItem?name=x", "hudson.model.Item.Create"),
        ("/createView?name=x", "hudson.model.View.Create"),
        ("/computer/doCreateItem", "hudson.model.Computer.Create"),
        ("/scriptText", "hudson.model.Hudson.Administer"),
        ("/job/payments/job/build-payments-api/doDelete", "hudson.model.Item.Delete"),
        ("/job/payments/job/build-payments-api/disable", "hudson.model.Item.Configure"),
        ("/job/payments/job/build-payments-api/lastBuild/doDelete", "hudson.model.Run.Delete"),
    ],
)
def test_a_refusal_names_the_permission(estate, path, permission):
    answer = requests.post(
        estate.jenkins + path, auth=("s.lara", estate.token("s.lara")), timeout=10
    )
    assert answer.status_code == 403
    assert answer.headers["X-Required-Permission"] == permission
    assert answer.headers["X-You-Are-Authenticated-As"] == "s.lara"
    assert "Access Denied" in answer.text


def test_views_and_nodes_are_what_python_jenkins_expects(lead):
    assert [view["name"] for view in lead.get_views()] == ["all"]
    assert lead.view_exists("all") and not lead.view_exists("nothing")
    assert "AllView" in lead.get_view_config("all")
    assert [node["name"] for node in lead.get_nodes()] == ["Built-In Node"]
    assert not lead.node_exists("nothing")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 403),
        ("Bearer something", 403),
        ("Basic", 401),
        ("Basic !!!", 401),
        ("Basic QQ==", 401),
    ],
)
def test_strange_credentials_are_told_apart(estate, header, status):
    headers = {"Authorization": header} if header else {}
    answer = requests.get(f"{estate.jenkins}/api/json", headers=headers, timeout=10)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    if status == 401:
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="Jenkins"'
    else:
        assert "/login?from=%2Fapi%2Fjson" in answer.text
