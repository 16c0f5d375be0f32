"""The calls that SonarQube documents, with the answers that it documents."""

import re

import requests

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}$")


def test_status_and_version_need_no_token(base):
    status = requests.get(f"{base}/api/system/status", timeout=10).json()
    assert status["status"] == "UP" and set(status) == {"id", "version", "status"}
    version = requests.get(f"{base}/api/server/version", timeout=10)
    assert version.text == status["version"]


def test_validate_is_always_200(base, tokens):
    def validate(**how):
        answer = requests.get(f"{base}/api/authentication/validate", timeout=10, **how)
        assert answer.status_code == 200
        return answer.json()["valid"]

    assert not validate()
    assert not validate(headers={"Authorization": "Bearer squ_wrong"})
    assert validate(headers={"Authorization": f"Bearer {tokens['s.lara']}"})
    assert validate(auth=(tokens["s.lara"], ""))


def test_a_bad_token_is_an_empty_401_elsewhere(base):
    answer = requests.get(f"{base}/api/users/current", auth=("squ_wrong", ""), timeout=10)
    assert answer.status_code == 401 and answer.content == b""


def test_an_answer_says_when_the_token_ends(base, tokens):
    answer = requests.get(f"{base}/api/users/current", auth=(tokens["s.lara"], ""), timeout=10)
    assert TIME.match(answer.headers["SonarQube-Authentication-Token-Expiration"])
    assert answer.json()["login"] == "s.lara" and answer.json()["isLoggedIn"]


def test_projects_are_found_and_shown(call, refuse):
    found = call("components/search", qualifiers="TRK", ps=5, p=2)
    assert found["paging"]["pageIndex"] == 2 and len(found["components"]) == 5
    one = call("components/search", qualifiers="TRK", q="payments-api")["components"]
    assert [component["key"] for component in one] == ["andes:payments-api"]
    shown = call("components/show", component="andes:payments-api")["component"]
    assert TIME.match(shown["analysisDate"]) and shown["version"] == "9.3.1"
    assert refuse("components/show", component="andes:x") == (
        404,
        "Component key 'andes:x' not found",
    )


def test_the_gate_of_a_project_and_of_each_analysis(call, refuse):
    red = call("qualitygates/project_status", projectKey="andes:transfers")["projectStatus"]
    assert red["status"] == "ERROR"
    failed = {c["metricKey"]: c for c in red["conditions"] if c["status"] == "ERROR"}
    assert set(failed) == {"new_violations", "new_coverage"}
    assert failed["new_coverage"]["comparator"] == "LT"
    assert failed["new_coverage"]["actualValue"] == "41.7"
    analyses = call("project_analyses/search", project="andes:transfers")["analyses"]
    statuses = [
        call("qualitygates/project_status", analysisId=analysis["key"])["projectStatus"]["status"]
        for analysis in analyses
    ]
    assert statuses[0] == "ERROR" and statuses[1] == "OK"
    status, _ = refuse("qualitygates/project_status", projectKey="andes:cards", projectId="x")
    assert status == 400
    status, _ = refuse("qualitygates/project_status")
    assert status == 400


def test_an_analysis_joins_version_and_commit(call):
    analyses = call("project_analyses/search", project="andes:payments-api")["analyses"]
    assert analyses[0]["projectVersion"] == "9.3.1"
    assert re.fullmatch(r"[0-9a-f]{40}", analyses[0]["revision"])
    assert analyses[0]["detectedCI"] == "Jenkins"
    dates = [analysis["date"] for analysis in analyses]
    assert dates == sorted(dates, reverse=True) and all(TIME.match(date) for date in dates)
    turned = call("project_analyses/search", project="andes:transfers", category="QUALITY_GATE")
    events = turned["analyses"][0]["events"]
    assert any(e["category"] == "QUALITY_GATE" and e["name"] == "Failed" for e in events)
    recent = call("project_analyses/search", project="andes:payments-api", **{"from": dates[1]})
    assert [analysis["date"] for analysis in recent["analyses"]] == dates[:2]


def test_a_service_whose_build_fails_has_no_analysis_of_it(call):
    analyses = call("project_analyses/search", project="andes:statements")["analyses"]
    assert analyses[0]["projectVersion"] == "2.1.8"


def test_measures_are_strings_and_new_ones_stand_in_the_period(call):
    answer = call(
        "measures/component",
        component="andes:payments-api",
        metricKeys="coverage,ncloc,new_coverage,security_rating,alert_status",
        additionalFields="period,metrics",
    )
    measures = {m["metric"]: m for m in answer["component"]["measures"]}
    assert measures["coverage"]["value"] == "81.4"
    assert measures["security_rating"]["value"] == "1.0"
    assert measures["alert_status"]["value"] == "OK"
    assert "value" not in measures["new_coverage"]
    assert float(measures["new_coverage"]["period"]["value"]) >= 80
    assert answer["period"]["parameter"] == "9.2.0"
    assert {m["key"] for m in answer["metrics"]} == set(measures)


def test_history_is_paged_and_ends_with_today(call):
    fields = {"component": "andes:payments-api", "metrics": "coverage,vulnerabilities"}
    history = call("measures/search_history", **fields)
    for measure in history["measures"]:
        assert len(measure["history"]) == history["paging"]["total"]
    vulnerabilities = [point["value"] for point in history["measures"][1]["history"]]
    assert vulnerabilities[0] == "4" and vulnerabilities[-1] == "0"
    second = call("measures/search_history", **fields, ps=2, p=2)
    assert second["measures"][0]["history"] == history["measures"][0]["history"][2:4]


def test_every_project_has_measures_that_agree_with_its_issues(call):
    for component in call("components/search", qualifiers="TRK", ps=100)["components"]:
        key = component["key"]
        measured = call("measures/component", component=key, metricKeys="bugs,vulnerabilities")
        values = {m["metric"]: int(m["value"]) for m in measured["component"]["measures"]}
        facets = call(
            "issues/search", components=key, issueStatuses="OPEN", facets="types", ps=1
        )["facets"]
        counts = {value["val"]: value["count"] for value in facets[0]["values"]}
        assert counts.get("BUG", 0) == values["bugs"], key
        assert counts.get("VULNERABILITY", 0) == values["vulnerabilities"], key


def test_issues_have_the_fields_of_today_and_of_yesterday(call):
    new = call("issues/search", components="andes:transfers", inNewCodePeriod="true", types="BUG")
    assert new["paging"]["total"] == new["total"] == 2
    issue = new["issues"][0]
    assert issue["impacts"][0]["softwareQuality"] == "RELIABILITY"
    assert issue["issueStatus"] == "OPEN" and issue["status"] == "OPEN"
    assert TIME.match(issue["creationDate"]) and issue["effort"].endswith("min")
    assert issue["component"].startswith("andes:transfers:src/transfers/")
    components = {component["key"] for component in new["components"]}
    assert issue["component"] in components and "andes:transfers" in components


def test_fixed_issues_are_closed_and_have_lost_their_place(call):
    fixed = call(
        "issues/search", components="andes:payments-api", types="VULNERABILITY", resolved="true"
    )
    assert fixed["total"] == 4
    for issue in fixed["issues"]:
        assert issue["resolution"] == "FIXED" and issue["issueStatus"] == "FIXED"
        assert TIME.match(issue["closeDate"]) and "line" not in issue


def test_pages_of_issues_cover_all_and_end_at_ten_thousand(call, refuse):
    total = call("issues/search", ps=1)["total"]
    seen = set()
    for page in range(1, total // 100 + 2):
        seen |= {issue["key"] for issue in call("issues/search", ps=100, p=page)["issues"]}
    assert len(seen) == total > 300
    assert refuse("issues/search", ps=500, p=21) == (
        400,
        "Can return only the first 10000 results. 10500th result asked.",
    )
    assert refuse("issues/search", ps=501)[0] == 400


def test_hotspots_are_searched_one_status_at_a_time(call, refuse):
    every = call("hotspots/search", project="andes:cards")
    waiting = call("hotspots/search", project="andes:cards", status="TO_REVIEW")
    done = call("hotspots/search", project="andes:cards", status="REVIEWED", resolution="SAFE")
    assert every["paging"]["total"] == waiting["paging"]["total"] + done["paging"]["total"] > 0
    for hotspot in every["hotspots"]:
        assert hotspot["vulnerabilityProbability"] in {"HIGH", "MEDIUM", "LOW"}
    assert refuse("hotspots/search")[0] == 400


def test_branches_and_background_tasks(call, refuse):
    (branch,) = call("project_branches/list", project="andes:transfers")["branches"]
    assert branch["isMain"] and branch["status"]["qualityGateStatus"] == "ERROR"
    current = call("ce/component", component="andes:transfers")["current"]
    assert current["status"] == "SUCCESS"
    assert call("ce/task", id=current["id"])["task"]["analysisId"] == current["analysisId"]
    status, message = refuse(
        "measures/component", component="andes:cards", metricKeys="bugs", branch="old"
    )
    assert status == 404 and "branch 'old'" in message


def test_metrics_are_described_and_unknown_ones_refused(call, refuse):
    metrics = call("metrics/search", ps=500)
    assert {"coverage", "new_violations"} <= {metric["key"] for metric in metrics["metrics"]}
    assert refuse("measures/component", component="andes:cards", metricKeys="beauty") == (
        404,
        "The following metric keys are not found: beauty",
    )
    assert refuse("measures/component", metricKeys="bugs") == (
        400,
        "The 'component' parameter is missing",
    )


def test_unknown_addresses_say_so(refuse):
    assert refuse("nothing/here") == (404, "Unknown url : /api/nothing/here")
