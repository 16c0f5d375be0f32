"""Less usual ways to read, through python-gitlab: keyset pages, heads of files, filters, statuses."""

import gitlab
import pytest

TEMPLATE = "templates/lambda/payments-api.yaml"


@pytest.mark.parametrize("per_page", [1, 7, 100])
def test_a_tree_by_keyset_is_the_tree_by_pages(payments, per_page):
    by_page = payments.repository_tree(recursive=True, get_all=True)
    by_keyset = payments.repository_tree(
        recursive=True, get_all=True, pagination="keyset", per_page=per_page
    )
    assert [entry["path"] for entry in by_keyset] == [entry["path"] for entry in by_page]


def test_tags_by_keyset_are_the_tags_by_pages(payments):
    by_page = payments.tags.list(order_by="name", sort="asc", get_all=True)
    by_keyset = payments.tags.list(
        order_by="name", sort="asc", pagination="keyset", per_page=5, get_all=True
    )
    assert [tag.name for tag in by_keyset] == [tag.name for tag in by_page]


def test_the_head_of_a_file_says_what_its_fields_say(payments):
    head = payments.files.head(TEMPLATE, ref="main")
    file = payments.files.get(TEMPLATE, ref="main")
    assert head["X-Gitlab-Blob-Id"] == file.blob_id
    assert head["X-Gitlab-Size"] == str(file.size)
    assert head["X-Gitlab-Content-Sha256"] == file.content_sha256
    assert head["X-Gitlab-Last-Commit-Id"] == file.last_commit_id
    assert head["X-Gitlab-Ref"] == "main"


def test_a_file_names_the_commit_that_changed_it_last(payments):
    for path in (TEMPLATE, "templates/lambda/transfers.yaml"):
        file = payments.files.get(path, ref="main")
        newest = payments.commits.list(query_parameters={"path": path}, per_page=1, page=1)[0]
        assert file.last_commit_id == newest.id
        assert file.commit_id == payments.commits.get("main").id


def test_steps_back_are_revisions_and_ranges_are_none(payments):
    head, before = payments.commits.list(per_page=2, page=1)
    assert payments.commits.get("main~1").id == before.id
    assert payments.commits.list(ref_name="main~1", per_page=1, page=1)[0].id == before.id
    compared = payments.repository_compare("main~1", "main")
    assert [commit["id"] for commit in compared["commits"]] == [head.id]
    with pytest.raises(gitlab.GitlabGetError):
        payments.commits.get("main~1..main")


def test_stats_come_with_a_list_when_asked(payments):
    (commit,) = payments.commits.list(with_stats=True, per_page=1, page=1)
    assert commit.stats == payments.commits.get(commit.id).stats


def test_backwards_and_straight_comparisons_differ(payments):
    new, old = "payments-api/v9.3.1", "payments-api/v9.1.4"
    assert payments.repository_compare(new, old)["diffs"] == []
    straight = payments.repository_compare(new, old, straight=True)
    assert any(file["new_path"] == TEMPLATE for file in straight["diffs"])


def test_a_commit_carries_the_status_of_its_build(payments):
    tag = payments.tags.get("payments-api/v9.3.1")
    (status,) = payments.commits.get(tag.commit["id"]).statuses.list(get_all=True)
    assert (status.status, status.name) == ("success", "jenkins/build-payments-api")
    assert "/job/payments/job/build-payments-api/" in status.target_url


def test_merge_requests_are_filtered(payments, client):
    def count(**filters):
        return len(payments.mergerequests.list(get_all=True, **filters))

    everything = count()
    labelled = payments.mergerequests.list(labels="transfers", get_all=True)
    assert 0 < len(labelled) < everything
    assert all("transfers" in request.labels for request in labelled)
    assert count(labels="transfers,nothing") == 0
    assert count(labels="None") + count(labels="Any") == everything
    assert count(state="merged") + count(state="opened") == everything
    assert count(search="RELEASE") == count(search="release") > 0
    assert [r.iid for r in payments.mergerequests.list(wip="yes", get_all=True)] == [
        r.iid for r in payments.mergerequests.list(state="opened", get_all=True)
    ]
    assert count(target_branch="nothing") == 0
    mine = client.mergerequests.list(get_all=True)
    assert mine and {request.author["username"] for request in mine} == {"s.lara"}
    assert len(client.mergerequests.list(scope="all", get_all=True)) > len(mine)


def test_a_merge_request_has_diffs_and_participants(payments):
    request = payments.mergerequests.list(state="merged", per_page=1, page=1)[0]
    changed = request.changes()["changes"]
    assert changed and changed[0]["diff"].startswith("@@")
    assert len(request.participants()) == 2
    assert request.notes.list(get_all=True) == [] and request.pipelines.list(get_all=True) == []


def test_projects_are_found_whatever_their_case_and_by_group(client):
    assert client.projects.get("Andes/PAYMENTS").path_with_namespace == "andes/payments"
    group = client.groups.get("andes")
    of_group = {project.id for project in group.projects.list(get_all=True)}
    assert of_group == {project.id for project in client.projects.list(get_all=True)}
    simple = client.projects.list(simple=True, search="PAY", get_all=True)[0]
    assert simple.path == "payments" and "permissions" not in simple.attributes


def test_ci_of_its_own_is_empty(payments):
    assert payments.pipelines.list(get_all=True) == payments.jobs.list(get_all=True) == []


def test_blame_names_the_commits_of_every_line(payments):
    blamed = payments.files.blame(TEMPLATE, "main", get_all=True)
    text = payments.files.raw(TEMPLATE, ref="main").decode()
    assert [line for run in blamed for line in run["lines"]] == text.splitlines()
    assert payments.files.get(TEMPLATE, ref="main").last_commit_id in {
        run["commit"]["id"] for run in blamed
    }
