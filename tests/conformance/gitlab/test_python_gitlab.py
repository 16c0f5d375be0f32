"""python-gitlab drives the practice GitLab as it would a real one."""

import base64
import itertools
import subprocess

import gitlab
import pytest
import requests

TEMPLATE = "templates/lambda/payments-api.yaml"


def test_both_kinds_of_token_header_log_in(addresses, tokens):
    for keyword in ("private_token", "oauth_token"):
        client = gitlab.Gitlab(addresses["gitlab"], **{keyword: tokens["a.ruiz"]}, timeout=10)
        client.auth()
        assert client.user.username == "a.ruiz"
        assert client.user.name == "Ana Ruiz"


def test_the_server_tells_its_version(client):
    version, revision = client.version()
    assert version.split(".")[0].isdigit() and revision


def test_a_token_tells_its_scope_and_end(client):
    token = client.personal_access_tokens.get("self")
    assert token.active and token.scopes == ["read_api"] and token.expires_at


def test_a_wrong_token_is_an_authentication_error(addresses):
    client = gitlab.Gitlab(addresses["gitlab"], private_token="glpat-wrong", timeout=10)
    with pytest.raises(gitlab.GitlabAuthenticationError) as raised:
        client.projects.list()
    assert raised.value.response_code == 401
    assert "401 Unauthorized" in str(raised.value)


def test_writing_is_refused_by_scope(payments):
    with pytest.raises(gitlab.GitlabCreateError) as raised:
        payments.tags.create({"tag_name": "v1", "ref": "main"})
    assert raised.value.response_code == 403


def test_a_missing_project_is_a_404_with_gitlabs_words(client):
    with pytest.raises(gitlab.GitlabGetError) as raised:
        client.projects.get("andes/nothing")
    assert raised.value.response_code == 404
    assert raised.value.error_message == "404 Project Not Found"


def test_projects_are_listed_by_number_and_by_keyset(client):
    by_page = client.projects.list(get_all=True, per_page=2)
    by_keyset = client.projects.list(
        get_all=True, per_page=2, pagination="keyset", order_by="id", sort="asc"
    )
    assert {project.id for project in by_page} == {project.id for project in by_keyset}
    assert "andes/payments" in {project.path_with_namespace for project in by_page}
    assert "andes/pipelines" in {project.path_with_namespace for project in by_page}


def test_a_project_is_the_same_by_number_and_by_path(client, payments):
    assert client.projects.get(payments.id).path_with_namespace == "andes/payments"
    assert payments.default_branch == "main"


def test_commits_come_lazily_without_a_total(payments):
    commits = payments.commits.list(iterator=True, per_page=10)
    assert commits.total is None and commits.total_pages is None
    ids = [commit.id for commit in commits]
    assert len(ids) > 30 and len(ids) == len(set(ids))


def test_commits_are_filtered_by_reference_path_and_time(payments):
    everything = payments.commits.list(get_all=True)
    of_path = payments.commits.list(query_parameters={"path": TEMPLATE}, get_all=True)
    at_tag = payments.commits.list(ref_name="payments-api/v9.1.4", get_all=True)
    since = payments.commits.list(since=everything[4].committed_date, get_all=True)
    assert 0 < len(of_path) < len(everything)
    assert at_tag[0].title == "Release payments-api 9.1.4"
    assert {c.id for c in since} <= {c.id for c in everything[:5]}


def test_a_commit_has_stats_a_diff_and_its_merge_request(payments):
    tag = payments.tags.get("payments-api/v9.3.1")
    commit = payments.commits.get(tag.commit["id"])
    assert commit.stats["total"] == commit.stats["additions"] + commit.stats["deletions"] > 0
    assert any(file["new_path"] == TEMPLATE for file in commit.diff(get_all=True))
    (request,) = commit.merge_requests()
    assert request["state"] == "merged" and request["squash_commit_sha"] == commit.id
    assert "payments-api/v9.3.1" in {ref["name"] for ref in commit.refs("tag")}


def test_two_versions_are_compared(payments):
    comparison = payments.repository_compare("payments-api/v9.1.4", "payments-api/v9.3.1")
    titles = [commit["title"] for commit in comparison["commits"]]
    assert titles[-1] == "Release payments-api 9.3.1"
    assert "Añade el motivo de rechazo a la respuesta" in titles
    diff = next(file["diff"] for file in comparison["diffs"] if file["new_path"] == TEMPLATE)
    assert diff.startswith("@@") and "+                  - dynamodb:*" in diff
    same = payments.repository_compare("main", "main")
    assert same["compare_same_ref"] and same["commits"] == [] and same["commit"] is None


def test_tags_are_searched_and_ordered_by_version(payments):
    tags = payments.tags.list(
        search="^payments-api/", order_by="version", sort="desc", get_all=True
    )
    assert [tag.name for tag in tags[:3]] == [
        "payments-api/v9.3.1",
        "payments-api/v9.2.0",
        "payments-api/v9.1.4",
    ]
    with pytest.raises(gitlab.GitlabGetError):
        payments.tags.get("payments-api/v0.0.1")


def test_a_file_is_the_same_raw_and_encoded(payments):
    encoded = payments.files.get(TEMPLATE, ref="payments-api/v9.1.4")
    raw = payments.files.raw(TEMPLATE, ref="payments-api/v9.1.4")
    assert encoded.decode() == raw == base64.b64decode(encoded.content)
    assert "nodejs20.x" in raw.decode()
    assert "nodejs22.x" in payments.files.raw(TEMPLATE, ref="main").decode()


def test_the_tree_holds_variables_for_each_environment(payments):
    tree = payments.repository_tree(path="variables", recursive=True, get_all=True, per_page=7)
    paths = {entry["path"] for entry in tree if entry["type"] == "blob"}
    assert {f"variables/{env}/payments-api.json" for env in ("dev", "qa", "prod")} <= paths


def test_merge_requests_were_approved_by_somebody_else(payments):
    merged = payments.mergerequests.list(state="merged", order_by="updated_at", per_page=5, page=1)
    assert len(merged) == 5
    for request in merged:
        approvals = payments.mergerequests.get(request.iid).approvals.get()
        assert approvals.approvals_left == 0
        assert approvals.approved_by[0]["user"]["id"] != request.author["id"]
    (waiting,) = payments.mergerequests.list(state="opened", get_all=True)
    assert waiting.draft and waiting.merged_at is None


def test_releases_come_newest_first(payments):
    releases = payments.releases.list(get_all=True)
    times = [release.released_at for release in releases]
    assert times == sorted(times, reverse=True)
    release = payments.releases.get("transfers/v5.2.0")
    assert release.commit["title"] == "Release transfers 5.2.0"


def test_members_have_levels(payments):
    levels = {m.username: m.access_level for m in payments.members_all.list(get_all=True)}
    assert levels == {"s.lara": 30, "d.mora": 40, "a.ruiz": 40, "l.prado": 40}


def test_pages_carry_links_and_numbers(addresses, tokens):
    headers = {"PRIVATE-TOKEN": tokens["d.mora"]}
    address = f"{addresses['gitlab']}/api/v4/projects/andes%2Fpayments/deployments?per_page=5"
    seen, pages = [], 0
    for pages in itertools.count(1):
        answer = requests.get(address, headers=headers, timeout=10)
        seen += [deployment["id"] for deployment in answer.json()]
        assert int(answer.headers["x-total"]) > 5 and answer.headers["x-per-page"] == "5"
        if "next" not in answer.links:
            assert answer.headers["x-next-page"] == ""
            break
        address = answer.links["next"]["url"]
    assert len(seen) == int(answer.headers["x-total"]) == len(set(seen))
    assert pages == int(answer.headers["x-total-pages"])


def test_commits_name_what_the_repository_on_disk_has(payments, directory):
    repository = directory / "git" / "payments.git"
    if not repository.exists():
        pytest.fail("a running estate was given; its directory is not known here")
    head = subprocess.run(
        ["git", "-C", str(repository), "rev-parse", "main"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    assert payments.commits.get("main").id == head
    subprocess.run(["git", "-C", str(repository), "fsck", "--strict"], check=True)
