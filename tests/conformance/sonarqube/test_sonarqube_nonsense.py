"""Seeded nonsense: whatever is asked, SonarQube answers, and its errors are lists of messages."""

import random
from urllib.parse import quote

import pytest
import requests

WORDS = [
    "", "0", "-1", "2", "99999999999999999999", "abc", "%00", "%ff", "é", "andes:transfers", "main",
    "ncloc,coverage", "new_coverage", "x,y", ",,,", "2026-11-01", "2026-02-30", "-9999-01-01",
    "9999-12-31T23:59:59+0000", "1y", "99999999999y", "true", "OPEN", "TRK", "severities", "<a>",
    "x" * 300,
]  # fmt: skip
PATHS = [
    "issues/search", "hotspots/search", "measures/component", "measures/search",
    "measures/component_tree", "measures/search_history", "project_analyses/search",
    "qualitygates/project_status", "qualitygates/show", "components/search", "components/tree",
    "components/show", "metrics/search", "ce/task", "project_branches/list", "{}/{}", "v2/{}",
]  # fmt: skip
FIELDS = [
    "p", "ps", "component", "components", "metricKeys", "metrics", "from", "to", "project",
    "projectKey", "analysisId", "branch", "pullRequest", "qualifiers", "q", "facets", "severities",
    "statuses", "resolved", "s", "createdAfter", "createdInLast", "category", "status", "name",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_nonsense_is_answered(base, tokens, seed):
    choose = random.Random(seed)
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {tokens['d.mora']}"
        for _ in range(150):
            path = choose.choice(PATHS)
            path = path.format(*(quote(choose.choice(WORDS), safe="") for _ in range(2)))
            fields = {choose.choice(FIELDS): choose.choice(WORDS) for _ in range(4)}
            answer = session.get(f"{base}/api/{path}", params=fields, timeout=10)
            assert answer.status_code in (200, 400, 404), answer.url
            if answer.status_code != 200 and not path.startswith("v2"):
                assert answer.json()["errors"][0]["msg"], answer.url
