"""The order of versions: the one a client gets when it does not ask for any comes first.

Models: k8s.io/apimachinery/pkg/version CompareKubeAwareVersionStrings (v0.37.2).
"""

from __future__ import annotations


def version_priority(version: str) -> tuple[int, int, int, str]:
    """A sort key that puts v2 before v1 before v1beta1 before v1alpha1 before "foo"."""
    rest = version[1:]
    digits = len(rest) - len(rest.lstrip("0123456789"))
    if not version.startswith("v") or not digits:
        return (3, 0, 0, version)
    major, tail = int(rest[:digits]), rest[digits:]
    for rank, word in enumerate(("", "beta", "alpha")):
        number = tail[len(word) :]
        if tail.startswith(word) and (number.isdigit() if word else not number):
            return (rank, -major, -int(number or 0), "")
    return (3, 0, 0, version)
