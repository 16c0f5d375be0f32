"""MiniStack, an AWS emulator that nobody here wrote, on loopback and alone: no MQTT, no SFTP, nothing kept."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import boto3

from aws_practice import DEV, ONCE


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class MiniStack:
    """A running MiniStack."""

    def __init__(self, home):
        port = free_port()
        environment = {
            **os.environ,
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "AUTH": "true",
            "IOT_MTLS_ENABLED": "false",
            "SFTP_ENABLED": "false",
            "STATE_DIR": str(home),
            "HOME": str(home),
        }
        self.log = open(home / "log", "wb")
        self.process = subprocess.Popen(
            [str(Path(sys.executable).with_name("ministack"))],
            env=environment,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )
        self.address = f"http://127.0.0.1:{port}"

    def wait(self):
        for _ in range(200):
            try:
                urllib.request.urlopen(self.address, timeout=1)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
            else:
                return

    def client(self, service):
        """Returns a client in the dev account."""
        return boto3.client(
            service,
            endpoint_url=self.address,
            region_name="us-east-1",
            config=ONCE,
            aws_access_key_id=DEV,
            aws_secret_access_key="test",
        )

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.log.close()
