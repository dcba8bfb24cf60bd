"""The main job as a newcomer has it: one command, one port; the scenario, the documents' curl lines, the offline pages."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 420
pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("main-job")]


@dataclass
class Box:
    """A running platform and what it has printed."""

    process: subprocess.Popen[str]
    url: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.lines)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """`make run`, without make: on a port and in a folder of its own."""
    port = free_port()
    folder = tmp_path_factory.mktemp("main-job") / "data"
    command = [sys.executable, "-m", "onebox", "run", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    made = Box(process, f"http://127.0.0.1:{port}")
    runs = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            made.lines.append(line)
            if "Ctrl-C stops it" in line:
                runs.set()
        runs.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert runs.wait(START_SECONDS), made.text
        assert process.poll() is None, made.text
        yield made
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(90) == 0, made.text
        finally:
            process.kill()
            reader.join(10)
            process.stdout.close() if process.stdout else None
            subprocess.run([sys.executable, "-m", "onebox", "wipe", "--data", str(folder)], check=False)


def test_the_scenario_finds_everything_as_it_must_be(box: Box) -> None:
    assert "Scenario: everything as it must be" in box.text
    assert "✗" not in box.text
    for count in ("21", "124", "1757", "26842", "1610", "28745 divisions added", "28250 offices added"):
        assert count in box.text
    assert "村 → 镇 → 县 → 市 → 省" in box.text
    assert "村 → 镇 → 市 → 省" in box.text


def test_every_line_of_the_frontend_page_works(box: Box, tmp_path: Path) -> None:
    """Runs the page's shell blocks as one script; -f makes curl fail on an error answer."""
    if shutil.which("curl") is None:
        pytest.skip("no curl here")
    page = (ROOT / "docs/api/frontend.md").read_text(encoding="utf-8")
    script = "\n".join(re.findall(r"```bash\n(.*?)```", page, re.DOTALL))
    script = script.replace("http://127.0.0.1:8080", box.url).replace("/tmp/jiceng-", f"{tmp_path}/jiceng-")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "true\n" in done.stdout, "the repeated key was not answered from memory"
    assert '"code":"casework.id-number-invalid"' in done.stdout.replace(" ", "")
    assert "红荔社区人力资源社会保障服务站" in done.stdout
    assert "990000195001010000" not in done.stdout
    assert done.stdout.rstrip().endswith("401")


@pytest.mark.parametrize("service", ["registry", "casework", "sync", "reporting"])
def test_the_api_pages_need_nothing_from_outside(box: Box, service: str) -> None:
    page = httpx.get(f"{box.url}/{service}/docs", follow_redirects=True)
    assert page.status_code == 200
    assert "https://" not in page.text
    assert "//cdn" not in page.text
    for asset in re.findall(r'(?:src|href)="([^"#]+)"', page.text):
        assert httpx.get(httpx.URL(str(page.url)).join(asset)).status_code == 200, asset


def test_the_first_page_leads_to_everything(box: Box) -> None:
    page = httpx.get(box.url)
    for link in re.findall(r'href="([^"]+)"', page.text):
        assert httpx.get(box.url + link, follow_redirects=True).status_code == 200, link


def test_no_log_of_any_process_tells_of_a_person(box: Box) -> None:
    """The scenario and the page above have used these; nothing of them stands in a log."""
    folder = Path(re.search(r"data in (\S+)", box.text).group(1))  # type: ignore[union-attr]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in (folder / "logs").glob("*.log")]
    texts += [
        path.read_text(encoding="utf-8", errors="replace")
        for path in (folder / "postgres").glob("*log*")
        if path.is_file()
    ]
    assert texts
    for word in ("990000195001010", "15400000000", "测试甲"):
        assert not any(word in text for text in texts)


@pytest.mark.skipif(sys.platform != "linux", reason="sockets of other processes are told on Linux only")
def test_a_service_that_is_killed_is_there_again_and_the_others_never_went(box: Box) -> None:
    """ADR 0020; the last test of this page: it leaves nothing to wait for."""

    def serving() -> dict[str, int]:
        found = {}
        for process in psutil.Process(box.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                sockets = [one.laddr for one in process.net_connections("unix")]
                found |= {Path(one).stem: process.pid for one in sockets if one and one.endswith(".sock")}
        return found

    def is_ready() -> bool:
        return httpx.get(f"{box.url}/casework/docs", follow_redirects=True).status_code == 200

    before = serving()
    assert before.keys() >= {"registry", "casework", "sync", "reporting"}
    os.kill(before["casework"], signal.SIGKILL)
    deadline = time.monotonic() + 90
    while serving().get("casework", before["casework"]) == before["casework"] or not is_ready():
        assert time.monotonic() < deadline, "casework did not come back"
        time.sleep(0.2)
    after = serving()
    assert {name: after[name] for name in ("registry", "sync", "reporting")} == {
        name: before[name] for name in ("registry", "sync", "reporting")
    }
