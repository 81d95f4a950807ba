"""Entries into a zip file and out of one. Pure but for the settings; a file from outside is bounded
before it is unpacked, and nothing of it is ever written to a disk.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from django.conf import settings

from playground.lab_sessions.problems import Invalid, TooLarge

#: Every entry has that time: the same session gives the same file.
_TIME = (2026, 1, 1, 0, 0, 0)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


def packed(entries: Mapping[str, bytes]) -> bytes:
    """A zip file of those entries, in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The entries of a zip file from outside. Raises Invalid and TooLarge, naming the entry."""
    most = settings.PODYARD_IMPORT_FILE_BYTES_MAX
    if len(data) > most:
        raise TooLarge(f"the file has more than {most} bytes, the most that is accepted")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _entries(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise Invalid(f"this is no session file, or it is damaged: {error}") from None
    except (OSError, ValueError, OverflowError, RuntimeError, zlib.error, struct.error) as error:
        raise Invalid(f"this session file is damaged: {error}") from None


def _entries(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > settings.PODYARD_IMPORT_ENTRIES_MAX:
        most = settings.PODYARD_IMPORT_ENTRIES_MAX
        raise TooLarge(f"the file has {len(infos)} entries: at most {most} are accepted")
    left = settings.PODYARD_IMPORT_CONTENT_BYTES_MAX
    found: dict[str, bytes] = {}
    for info in infos:
        _check(info, found)
        # What the directory says of sizes may be a lie: no more is unpacked than is accepted.
        with archive.open(info) as entry:
            content = entry.read(left + 1)
        left -= len(content)
        if left < 0:
            most = settings.PODYARD_IMPORT_CONTENT_BYTES_MAX
            raise TooLarge(f"{info.filename}: the file unpacks to more than {most} bytes")
        found[info.filename] = content
    return found


def _check(info: zipfile.ZipInfo, found: Mapping[str, bytes]) -> None:
    name = info.filename
    if name in found:
        raise Invalid(f"{name}: there are two entries of that name")
    if info.flag_bits & _ENCRYPTED:
        raise Invalid(f"{name}: is encrypted; pack the file again without a password")
    if info.compress_type not in _METHODS:
        raise Invalid(f"{name}: is packed in an unknown way; use deflate")
