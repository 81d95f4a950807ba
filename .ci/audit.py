"""Known vulnerabilities in what we depend on: `make audit`.

Asks pip-audit about every package of the virtual environment, and npm about package-lock.json.
Fails when something is found that pyproject.toml does not accept with a reason. Where the services
that know of vulnerabilities cannot be reached, it says "not checked" and does not fail.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / ".build" / "audit"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ACCEPTED = PROJECT.get("tool", {}).get("podyard", {}).get("audit", {}).get("accepted", {})
SECONDS_MAX = 300


@dataclass
class Report:
    """What one ecosystem's tool said."""

    name: str
    checked: int = 0
    #: Package or reason, for what nobody knows anything about.
    unchecked: list[str] = field(default_factory=list)
    #: Identifier and where it is.
    found: dict[str, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """In words."""
        said = [f"{self.name}: {self.checked} packages checked, {len(self.found)} vulnerabilities"]
        if self.unchecked:
            some = ", ".join(self.unchecked[:5]) + (", …" if len(self.unchecked) > 5 else "")
            said.append(f"{self.name}: NOT CHECKED: {len(self.unchecked)} ({some})")
        for identifier, where in sorted(self.found.items()):
            reason = ACCEPTED.get(identifier)
            said.append(f"  {identifier} in {where}" + (f", accepted: {reason}" if reason else ""))
        return said


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A command's output, whatever it returns, should it be there at all and come to an end."""
    try:
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS_MAX, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def python_packages() -> Report:
    """What pip-audit says of the virtual environment, from an environment of its own."""
    report = Report("Python")
    if not (TOOL / "bin" / "pip-audit").exists():
        run(sys.executable, "-m", "venv", str(TOOL))
        pins = PROJECT["dependency-groups"]["audit"]
        installed = run(str(TOOL / "bin" / "python"), "-m", "pip", "install", "-q", *pins)
        if installed.returncode:
            report.unchecked.append("pip-audit could not be installed")
            return report
    frozen = run(sys.executable, "-m", "pip", "freeze", "--exclude-editable").stdout
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(frozen)
        file.flush()
        flags = ("--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json")
        said = run(str(TOOL / "bin" / "pip-audit"), "-r", file.name, *flags)
    try:
        packages = json.loads(said.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        report.unchecked.append(_last_line(said.stderr))
        return report
    for package in packages:
        if "skip_reason" in package:
            report.unchecked.append(package["name"])
            continue
        report.checked += 1
        for one in package["vulns"]:
            fixed = ", ".join(one.get("fix_versions") or ["no version"])
            report.found[one["id"]] = f"{package['name']} {package['version']}, fixed in {fixed}"
    return report


def npm_packages() -> Report:
    """What npm says of package-lock.json."""
    report = Report("npm")
    said = run("npm", "audit", "--json")
    try:
        answer = json.loads(said.stdout)
    except json.JSONDecodeError:
        report.unchecked.append(_last_line(said.stderr))
        return report
    if "vulnerabilities" not in answer:
        error = answer.get("error") or {}
        report.unchecked.append(str(answer.get("message") or error.get("summary") or "no answer"))
        return report
    report.checked = answer["metadata"]["dependencies"]["total"]
    for name, one in answer["vulnerabilities"].items():
        for via in one["via"]:
            if isinstance(via, dict):
                identifier = str(via.get("url", via.get("source"))).rpartition("/")[2]
                report.found[identifier] = f"{name} {one['range']}"
    return report


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no answer"


def main() -> int:
    """Say what was found; 1 when something is not accepted."""
    reports = [python_packages(), npm_packages()]
    for report in reports:
        sys.stdout.write("\n".join(report.lines()) + "\n")
    return int(any(set(report.found) - set(ACCEPTED) for report in reports))


if __name__ == "__main__":
    sys.exit(main())
