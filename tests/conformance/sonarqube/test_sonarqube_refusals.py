"""What SonarQube refuses, in its own words: credentials, methods, parameters, pages, privileges."""

import pytest
import requests

PROJECT = "andes:transfers"


@pytest.mark.parametrize(
    ("path", "fields", "status", "words"),
    [
        ("measures/component", {}, 400, "The 'component' parameter is missing"),
        ("measures/component", {"component": PROJECT}, 400, "The 'metricKeys' parameter is missing"),
        (
            "measures/component",
            {"component": PROJECT, "metricKeys": "ncloc,nope,nada"},
            404,
            "The following metric keys are not found: nope, nada",
        ),
        (
            "measures/component",
            {"component": "nope", "metricKeys": "ncloc"},
            404,
            "Component key 'nope' not found",
        ),
        (
            "measures/component",
            {"component": PROJECT, "metricKeys": "ncloc", "branch": "x", "pullRequest": "1"},
            400,
            "Either branch or pull request can be provided, not both",
        ),
        (
            "measures/component",
            {"component": PROJECT, "metricKeys": "ncloc", "additionalFields": "all"},
            400,
            "Value of parameter 'additionalFields' (all) must be one of: [metrics, period]",
        ),
        (
            "measures/search_history",
            {"component": PROJECT, "metrics": "coverage", "from": "junk"},
            400,
            "'junk' cannot be parsed as either a date or date+time",
        ),
        (
            "measures/search_history",
            {"component": PROJECT, "metrics": "coverage", "ps": "1001"},
            400,
            "'ps' value (1001) must be less than 1000",
        ),
        ("issues/search", {"ps": "501"}, 400, "'ps' value (501) must be less than 500"),
        ("issues/search", {"p": "0"}, 400, "'p' value (0) must be greater than 0"),
        ("issues/search", {"p": "-1"}, 400, "'p' value (-1) must be greater than 0"),
        (
            "issues/search",
            {"p": "99999999999"},
            400,
            "The 'p' parameter cannot be parsed as an integer value: 99999999999",
        ),
        (
            "issues/search",
            {"p": "21", "ps": "500"},
            400,
            "Can return only the first 10000 results. 10500th result asked.",
        ),
        (
            "issues/search",
            {"severities": "SEVERE"},
            400,
            "Value of parameter 'severities' (SEVERE) must be one of: "
            "[INFO, MINOR, MAJOR, CRITICAL, BLOCKER]",
        ),
        (
            "issues/search",
            {"types": "BUG,HOTSPOT"},
            400,
            "Value of parameter 'types' (HOTSPOT) must be one of: [CODE_SMELL, BUG, VULNERABILITY]",
        ),
        (
            "issues/search",
            {"resolved": "maybe"},
            400,
            "Value of parameter 'resolved' (maybe) must be one of: [true, false, yes, no]",
        ),
        ("issues/search", {"createdInLast": "soon"}, 400, 'Invalid format: "soon"'),
        (
            "issues/search",
            {"components": PROJECT, "pullRequest": "3"},
            404,
            f"Component '{PROJECT}' of pull request '3' not found",
        ),
        (
            "hotspots/search",
            {},
            400,
            "A value must be provided for either parameter 'project' or parameter 'hotspots'",
        ),
        (
            "hotspots/search",
            {"project": PROJECT, "status": "OPEN"},
            400,
            "Value of parameter 'status' (OPEN) must be one of: [TO_REVIEW, REVIEWED]",
        ),
        (
            "qualitygates/project_status",
            {},
            400,
            "Either 'analysisId', 'projectId' or 'projectKey' must be provided",
        ),
        (
            "qualitygates/project_status",
            {"projectKey": PROJECT, "analysisId": "x"},
            400,
            "Either 'analysisId', 'projectId' or 'projectKey' must be provided",
        ),
        (
            "qualitygates/project_status",
            {"analysisId": "x", "branch": "main"},
            400,
            "The 'branch' parameter can be provided only with 'projectKey'",
        ),
        (
            "qualitygates/project_status",
            {"analysisId": "x"},
            404,
            "Analysis with id 'x' is not found",
        ),
        ("qualitygates/show", {"name": "x"}, 404, "No quality gate has been found for name x"),
        ("project_analyses/search", {}, 400, "The 'project' parameter is missing"),
        ("project_analyses/search", {"project": "x"}, 404, "Component key 'x' not found"),
        ("components/search", {}, 400, "The 'qualifiers' parameter is missing"),
        (
            "components/search",
            {"qualifiers": "TRK", "q": "p"},
            400,
            "'q' length (1) is shorter than the minimum authorized (2)",
        ),
        ("ce/task", {"id": "x"}, 404, "No activity found for task 'x'"),
        ("nothing/here", {}, 404, "Unknown url : /api/nothing/here"),
        ("projects/search", {}, 403, "Insufficient privileges"),
        ("system/health", {}, 403, "Insufficient privileges"),
    ],
)
def test_a_refusal_has_the_documented_words(refuse, path, fields, status, words):
    assert refuse(path, **fields) == (status, words)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer squ_wrong"}, {"Authorization": "Basic !!"}],
)
def test_nobody_gets_an_empty_401(base, headers):
    for path in ("issues/search", "measures/component", "projects/search", "nothing/here"):
        answer = requests.get(f"{base}/api/{path}", headers=headers, timeout=10)
        assert (answer.status_code, answer.content) == (401, b""), path


@pytest.mark.parametrize(
    "path",
    ["issues/do_transition", "projects/create", "qualitygates/create", "ce/submit", "settings/set"],
)
def test_writing_asks_for_post_and_for_privileges(base, tokens, path):
    headers = {"Authorization": f"Bearer {tokens['d.mora']}"}
    read = requests.get(f"{base}/api/{path}", headers=headers, timeout=10)
    assert read.status_code == 405
    assert read.json()["errors"][0]["msg"] == "HTTP method POST is required"
    written = requests.post(f"{base}/api/{path}", headers=headers, data={"a": "b"}, timeout=10)
    assert written.status_code == 403
    assert written.json()["errors"][0]["msg"] == "Insufficient privileges"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_not_allowed(base, tokens, method):
    headers = {"Authorization": f"Bearer {tokens['d.mora']}"}
    answer = requests.request(method, f"{base}/api/issues/search", headers=headers, timeout=10)
    assert answer.status_code == 405
    assert answer.json()["errors"][0]["msg"] == f"HTTP method {method} is not allowed"


def test_the_second_version_of_the_api_has_one_message(base, tokens):
    headers = {"Authorization": f"Bearer {tokens['d.mora']}"}
    answer = requests.get(f"{base}/api/v2/nothing", headers=headers, timeout=10)
    assert answer.status_code == 404 and set(answer.json()) == {"message"}
    mode = requests.get(f"{base}/api/v2/clean-code-policy/mode", headers=headers, timeout=10)
    assert mode.json()["mode"] == "STANDARD_EXPERIENCE"
