"""What GitLab was told outlives the estate; a reset forgets it."""

import json
import subprocess
import time
import urllib.request

import gitlab
import jenkins
import pytest


class Estate:
    """An estate of its own, which a test may stop and start again."""

    def __init__(self, command, token):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        addresses = json.loads(self.process.stdout.readline())
        self.control = addresses["control"]
        client = gitlab.Gitlab(addresses["gitlab"], private_token=token, timeout=10)
        self.project = client.projects.get("andes/payments")
        self.jenkins = jenkins.Jenkins(
            addresses["jenkins"],
            username="s.lara",
            password="1100000000000000000000000000515a7a",
            timeout=10,
        )

    def tell(self, path, body):
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"{self.control}/{path}", data=data, method="POST")
        urllib.request.urlopen(request, timeout=30).read()

    def deployments(self):
        found = self.project.deployments.list(get_all=True, per_page=100)
        return [(d.id, d.iid, d.status, d.sha, d.created_at, d.updated_at) for d in found]

    def deploy(self):
        """Deploys the version before the one that runs in dev."""
        done = self.project.deployments.list(
            environment="dev/transfers", status="success", order_by="id", sort="desc", get_all=True
        )
        version = next(d.ref for d in done if d.ref != done[0].ref).rsplit("/v", 1)[1]
        job = "payments/deploy-transfers"
        item = self.jenkins.build_job(job, {"ENVIRONMENT": "dev", "VERSION": version})
        for _ in range(300):
            built = self.jenkins.get_queue_item(item).get("executable")
            if built and not self.jenkins.get_build_info(job, built["number"])["building"]:
                return
            self.tell("clock", {"advance_seconds": 2})
            time.sleep(0.02)
        raise AssertionError("the deployment does not end")

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


@pytest.fixture
def start(tmp_path, starting, tokens):
    running = []

    def start():
        running.append(Estate(starting(tmp_path), tokens["s.lara"]))
        return running[-1]

    yield start
    for estate in running:
        if estate.process.poll() is None:
            estate.stop()


def test_deployments_keep_their_numbers_over_a_restart_and_a_reset_forgets_them(start):
    first = start()
    founded = first.deployments()
    first.deploy()
    told = first.deployments()
    assert told[:-1] == founded and told[-1][2] == "success"
    first.stop()
    second = start()
    assert second.deployments() == told
    second.deploy()
    assert [row[0] for row in second.deployments()][-2:] == [told[-1][0], told[-1][0] + 1]
    second.tell("reset", {})
    assert second.deployments() == founded
