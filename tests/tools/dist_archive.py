"""Archives whose bytes depend on their contents and nothing else: no clock, no owner, no order of a folder."""

import gzip
import io
import tarfile
from pathlib import Path


def tar(members: list[tuple[str, bytes, bool]], epoch: int) -> bytes:
    """An uncompressed tar of `members`, each a name, its content and whether it can be run.

    `epoch` is the time that every member gets, in seconds since 1970.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content, executable in sorted(members):
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = len(content), epoch, 0o755 if executable else 0o644
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def gzipped(data: bytes) -> bytes:
    """`data` in the gzip format, without a name and a time."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", compresslevel=9, mtime=0) as stream:
        stream.write(data)
    return packed.getvalue()


def members(folder: Path, prefix: str) -> list[tuple[str, bytes, bool]]:
    """All files below `folder` as members of a tar, with `prefix/` before their names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes(), path.stat().st_mode & 0o100 != 0)
            for path in files]
