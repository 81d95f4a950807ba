"""Runs Kubernetes' own conformance specs against `manage.py cluster` and writes what came of them.

usage: run.py [--focus REGEX] [--skip REGEX] [--procs N] [--speed S] [--report FILE]

The binary is built from the Go module beside this file, once, into the build folder.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / ".build" / "conformance"
VERSION = "v1.37.2"
_AREA = re.compile(r"\[(sig-[a-z-]+)\]")
_NOISE = re.compile(r"\s+\[[^\]]+\](?=\s|$)")
_REASON_LENGTH_MAX = 240


@dataclass(frozen=True, slots=True)
class Spec:
    """One conformance spec and its outcome."""

    area: str
    name: str
    is_passed: bool
    reason: str
    seconds: float


def main() -> int:
    """Build, run, report. The exit code is the number of failures, at most 100."""
    options = _options()
    build()
    with tempfile.TemporaryDirectory(prefix="podyard-conformance-") as folder:
        kubeconfig = Path(folder) / "kubeconfig"
        with cluster(kubeconfig, options.speed):
            report = Path(folder) / "junit.xml"
            ginkgo(kubeconfig, report, options)
            specs = read(report)
    if not specs:
        print("no spec ran: see the output above", file=sys.stderr)
        return 100
    if options.report:
        Path(options.report).write_text(page(specs, options))
    failures = [spec for spec in specs if not spec.is_passed]
    for spec in failures:
        print(f"FAIL {spec.area} {spec.name}\n     {spec.reason}")
    print(f"{len(specs) - len(failures)} of {len(specs)} passed")
    return min(len(failures), 100)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--focus", default="", help="a regular expression on the specs' names")
    parser.add_argument("--skip", default=r"\[Disruptive\]|\[Serial\].*\[Slow\]")
    parser.add_argument("--procs", type=int, default=6)
    parser.add_argument("--speed", default="max")
    parser.add_argument("--timeout", default="60m")
    parser.add_argument("--report", default="")
    return parser.parse_args()


def build() -> None:
    """The test binary and ginkgo, unless they are there."""
    BUILD.mkdir(parents=True, exist_ok=True)
    if not (BUILD / "ginkgo").exists():
        _go("build", "-o", str(BUILD / "ginkgo"), "github.com/onsi/ginkgo/v2/ginkgo")
    if not (BUILD / "e2e.test").exists():
        flags = "-s -w -X k8s.io/component-base/version.gitVersion=" + VERSION
        _go(
            "test",
            "-c",
            "-ldflags",
            flags,
            "-o",
            str(BUILD / "e2e.test"),
            "k8s.io/kubernetes/test/e2e",
        )


def _go(*arguments: str) -> None:
    subprocess.run(["go", *arguments], cwd=HERE, check=True)


@contextlib.contextmanager
def cluster(kubeconfig: Path, speed: str) -> Iterator[None]:
    """A cluster of ours in its own process, serving."""
    command = [sys.executable, "manage.py", "cluster", "--nodes", "3", "--port", "0"]
    command += ["--kubeconfig", str(kubeconfig), "--speed", speed, "--profile", "instant"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if not process.stdout.readline().startswith("ready"):
            raise SystemExit("the cluster did not start")
        try:
            yield
        finally:
            process.terminate()


def ginkgo(kubeconfig: Path, report: Path, options: argparse.Namespace) -> None:
    """Run the specs; failing ones are read from the report."""
    focus = options.focus or r"\[Conformance\]"
    command = [str(BUILD / "ginkgo"), f"--procs={options.procs}", "--no-color", "--succinct"]
    command += [f"--focus={focus}", "--label-filter=Conformance", f"--timeout={options.timeout}"]
    command += ["--poll-progress-after=0s", "--silence-skips"]
    if options.skip:
        command.append(f"--skip={options.skip}")
    command += [f"--junit-report={report.name}", f"--output-dir={report.parent}"]
    command += [str(BUILD / "e2e.test"), "--", "--provider=local", "--num-nodes=3"]
    command += ["--allowed-not-ready-nodes=-1", "--kube-api-content-type=application/json"]
    command += [f"--kubeconfig={kubeconfig}", "--disable-log-dump", "--report-dir="]
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig)}
    subprocess.run(command, cwd=report.parent, env=environment, check=False)


def read(report: Path) -> list[Spec]:
    """The specs that ran."""
    if not report.exists():
        return []
    specs = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = case.get("name", "")
        if "[Conformance]" not in name or case.get("status") in ("skipped", "pending"):
            continue
        area = _AREA.search(name)
        failure = case.find("failure")
        failure = case.find("error") if failure is None else failure
        specs.append(
            Spec(
                area=area.group(1) if area else "",
                name=_NOISE.sub("", name.removeprefix("[It] ")).strip(),
                is_passed=case.get("status") == "passed",
                reason=_reason(failure),
                seconds=float(case.get("time") or 0),
            )
        )
    return sorted(specs, key=lambda spec: (spec.area, spec.name))


def _reason(failure: ElementTree.Element | None) -> str:
    if failure is None:
        return ""
    text = " ".join((failure.get("message") or failure.text or "").split())
    return text[:_REASON_LENGTH_MAX]


def page(specs: list[Spec], options: argparse.Namespace) -> str:
    """The specs as a page of Markdown."""
    passed = sum(spec.is_passed for spec in specs)
    today = datetime.datetime.now(datetime.UTC).date()
    lines = [
        "# Conformance",
        "",
        f"Kubernetes' own specs of {VERSION}, run against `manage.py cluster` on {today} with "
        f"`make conformance FOCUS='{options.focus}'`: **{passed} of {len(specs)}** pass.",
        "",
    ]
    for area in dict.fromkeys(spec.area for spec in specs):
        of_area = [spec for spec in specs if spec.area == area]
        good = sum(spec.is_passed for spec in of_area)
        lines += [
            f"## {area}: {good} of {len(of_area)}",
            "",
            "| spec | | why it fails |",
            "|---|---|---|",
        ]
        for spec in of_area:
            reason = spec.reason.replace("|", "\\|")
            lines.append(f"| {spec.name} | {'pass' if spec.is_passed else '**fail**'} | {reason} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
