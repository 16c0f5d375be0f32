"""Searches, trees and lists beyond the usual ones: pages, filters and facets agree with each other."""

import json

import pytest
import requests

PROJECT = "andes:transfers"


def test_the_server_lists_its_calls_to_anybody(base):
    listed = requests.get(f"{base}/api/webservices/list", timeout=10).json()["webServices"]
    calls = {(s["path"], a["key"]): a["post"] for s in listed for a in s["actions"]}
    assert calls["api/issues", "search"] is False
    assert calls["api/issues", "do_transition"] is True


def test_the_server_answers_a_ping(base):
    answer = requests.get(f"{base}/api/system/ping", timeout=10)
    assert (answer.status_code, answer.text) == (200, "pong")


def test_an_address_for_people_is_a_page(base):
    answer = requests.get(f"{base}/dashboard", params={"id": PROJECT}, timeout=10)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("size", [1, 3, 7])
def test_pages_of_issues_make_up_the_whole(call, size):
    whole = call("issues/search", components=PROJECT, ps=500)
    pages, number = [], 1
    while True:
        page = call("issues/search", components=PROJECT, ps=size, p=number)
        assert page["paging"] == {"pageIndex": number, "pageSize": size, "total": whole["total"]}
        if not page["issues"]:
            break
        pages += [issue["key"] for issue in page["issues"]]
        number += 1
    assert pages == [issue["key"] for issue in whole["issues"]]


@pytest.mark.parametrize("facet", ["severities", "types", "issueStatuses", "impactSeverities"])
def test_a_facet_counts_what_its_filter_finds(call, facet):
    counted = call("issues/search", facets=facet, ps=1)
    (found,) = counted["facets"]
    assert sum(value["count"] for value in found["values"]) == counted["total"]
    for value in found["values"]:
        fields = {facet: value["val"], "ps": 1}
        assert call("issues/search", **fields)["total"] == value["count"]


def test_filters_narrow_a_search(call):
    everything = call("issues/search", ps=1)["total"]
    open_ones = call("issues/search", resolved="false", ps=1)["total"]
    closed = call("issues/search", resolved="true", ps=1)["total"]
    assert open_ones + closed == everything
    issue = call("issues/search", components=PROJECT, ps=1)["issues"][0]
    path = issue["component"].split(":", 2)[2]
    for fields in (
        {"files": path},
        {"author": issue["author"]},
        {"rules": issue["rule"]},
        {"directories": path.rsplit("/", 1)[0]},
        {"createdInLast": "1y"},
    ):
        found = call("issues/search", components=PROJECT, ps=500, **fields)["issues"]
        assert issue["key"] in [other["key"] for other in found], fields
    assert call("issues/search", assignees="nobody", ps=1)["total"] == 0
    assert call("issues/search", cwe="79", ps=1)["total"] == 0
    assert call("issues/search", components="nothing", ps=1)["total"] == 0


def test_a_tree_of_measures_adds_up_to_its_project(call):
    tree = call("measures/component_tree", component=PROJECT, metricKeys="violations", ps=500)
    whole = int(tree["baseComponent"]["measures"][0]["value"])
    files = [int(m["value"]) for c in tree["components"] for m in c["measures"]]
    assert sum(files) == whole
    paths = [c["path"] for c in call("components/tree", component=PROJECT, ps=500)["components"]]
    assert paths == [component["path"] for component in tree["components"]]


def test_measures_of_several_projects_leave_unknown_ones_out(call):
    found = call(
        "measures/search",
        projectKeys=f"{PROJECT},nothing,andes:cards",
        metricKeys="ncloc,alert_status",
    )["measures"]
    assert {(m["component"], m["metric"]) for m in found} == {
        (project, metric)
        for project in (PROJECT, "andes:cards")
        for metric in ("ncloc", "alert_status")
    }


def test_a_metric_named_twice_is_given_once(call):
    found = call("measures/component", component=PROJECT, metricKeys="ncloc,ncloc")
    assert [m["metric"] for m in found["component"]["measures"]] == ["ncloc"]


def test_analyses_are_found_by_category_and_day(call):
    everything = call("project_analyses/search", project=PROJECT, ps=500)
    turned = call("project_analyses/search", project=PROJECT, category="QUALITY_GATE", ps=500)
    assert 0 < turned["paging"]["total"] < everything["paging"]["total"]
    for analysis in turned["analyses"]:
        assert "QUALITY_GATE" in [event["category"] for event in analysis["events"]]
    newest = everything["analyses"][0]
    day = newest["date"][:10]
    of_day = call("project_analyses/search", project=PROJECT, **{"from": day, "to": day})
    assert newest["key"] in [analysis["key"] for analysis in of_day["analyses"]]
    beyond = call("project_analyses/search", project=PROJECT, p=99)
    assert beyond["analyses"] == []


def test_the_gate_shows_the_conditions_that_projects_are_held_to(call):
    (gate,) = call("qualitygates/list")["qualitygates"]
    shown = call("qualitygates/show", name=gate["name"])["conditions"]
    status = call("qualitygates/project_status", projectKey=PROJECT)["projectStatus"]
    assert [c["metric"] for c in shown] == [c["metricKey"] for c in status["conditions"]]


def test_there_are_no_pull_requests(call):
    assert call("project_pull_requests/list", project=PROJECT) == {"pullRequests": []}


def test_the_details_of_a_gate_are_json_in_a_string(call):
    found = call("measures/component", component=PROJECT, metricKeys="quality_gate_details")
    details = json.loads(found["component"]["measures"][0]["value"])
    status = call("qualitygates/project_status", projectKey=PROJECT)["projectStatus"]
    assert details["level"] == status["status"]
    assert [c["actual"] for c in details["conditions"]] == [
        c["actualValue"] for c in status["conditions"]
    ]


def test_metrics_by_quality_agree_with_those_by_type(call):
    pairs = {
        "software_quality_security_issues": "vulnerabilities",
        "software_quality_reliability_issues": "bugs",
        "software_quality_maintainability_issues": "code_smells",
        "software_quality_security_rating": "security_rating",
        "software_quality_maintainability_remediation_effort": "sqale_index",
        "new_software_quality_security_issues": "new_vulnerabilities",
    }
    found = call(
        "measures/component", component=PROJECT, metricKeys=",".join([*pairs, *pairs.values()])
    )
    values = {
        measure["metric"]: measure.get("value") or measure["period"]["value"]
        for measure in found["component"]["measures"]
    }
    assert {key: values[key] for key in pairs} == {key: values[old] for key, old in pairs.items()}
    severities = ["blocker", "high", "medium", "low", "info"]
    keys = [f"software_quality_{severity}_issues" for severity in severities]
    counted = call("measures/component", component=PROJECT, metricKeys=",".join(keys))
    total = sum(int(measure["value"]) for measure in counted["component"]["measures"])
    assert total == sum(int(values[old]) for old in ("vulnerabilities", "bugs", "code_smells"))
