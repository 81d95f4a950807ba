"""Fetches Kubernetes' published definitions: one file of a wheel that is 108 MB when installed.

usage: definitions.py OUT
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PIN = "kubernetes-validate==1.37.0"
MEMBER = "/v1.37.0-local/_definitions.json"


def main(out: Path) -> None:
    """Write the definitions to `out`."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PIN]
        subprocess.run(pip, check=True)
        wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            name = next(name for name in archive.namelist() if name.endswith(MEMBER))
            data = archive.read(name)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
