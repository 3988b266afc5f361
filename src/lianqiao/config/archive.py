"""A backup as a file: a zip of tables, files and the key, with a manifest that names each by its digest."""

import hashlib
import hmac
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

import click

FORMAT = 1
MANIFEST, SEAL, KEY = "manifest.json", "manifest.seal", "secret.key"
TABLES, FILES = "tables/", "files/"
PIECE = 1024 * 1024


class BadBackup(click.ClickException):
    """The file is no whole backup of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This backup cannot be used: {reason}. Nothing was changed.")


@dataclass
class Table:
    model: str
    columns: list[str]
    rows: int


@dataclass
class Manifest:
    version: str
    made_at: str
    database: str
    migrations: list[list[str]]
    audit_head: str
    key: str
    tables: dict[str, Table] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def text(self) -> bytes:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()

    @classmethod
    def from_text(cls, text: bytes) -> "Manifest":
        """Raises BadBackup."""
        try:
            facts: dict[str, Any] = json.loads(text)
            if facts.get("format") != FORMAT:
                raise BadBackup(f"its format is {facts.get('format')}, this version reads {FORMAT}")
            tables = {name: Table(**table) for name, table in facts.pop("tables").items()}
            return cls(**facts, tables=tables)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadBackup("its manifest cannot be read") from error


def fingerprint_of(key: str) -> str:
    """Tells whether a key is the right one, and nothing of the key."""
    return hashlib.sha256(b"lianqiao.fingerprint" + key.encode()).hexdigest()[:16]


def seal_of(manifest: bytes, key: str) -> str:
    return hmac.new(b"lianqiao.backup" + key.encode(), manifest, hashlib.sha256).hexdigest()


class Writer:
    """Adds members to an archive that is being made, and keeps their digests."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.digests: dict[str, str] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """Yields what writes the member, piece by piece."""
        digest = hashlib.sha256()
        with self.archive.open(name, "w", force_zip64=True) as stream:

            def write(piece: bytes) -> None:
                digest.update(piece)
                stream.write(piece)

            yield write
        self.digests[name] = digest.hexdigest()

    def add(self, name: str, content: bytes) -> None:
        with self.member(name) as write:
            write(content)

    def close(self, manifest: Manifest, key: str) -> None:
        manifest.members = self.digests
        text = manifest.text()
        self.archive.writestr(MANIFEST, text)
        self.archive.writestr(SEAL, seal_of(text, key))


@contextmanager
def new_archive(path: Path) -> Iterator[Writer]:
    """Written beside and renamed when it is whole and reads well: there is never half a backup under its name."""
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                yield Writer(archive)
            stream.flush()
            os.fsync(stream.fileno())
        with opened(part) as reader:
            reader.verify()
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


class Reader:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        names = archive.namelist()
        if MANIFEST not in names or SEAL not in names:
            raise BadBackup("it has no manifest")
        self.text = archive.read(MANIFEST)
        self.manifest = Manifest.from_text(self.text)
        if sorted(names) != sorted([*self.manifest.members, MANIFEST, SEAL]):
            raise BadBackup("it does not hold what its manifest names")

    def verify(self, step: Callable[[int], None] = lambda size: None) -> None:
        """Read every member and compare its digest. Raises BadBackup."""
        for name, expected in self.manifest.members.items():
            digest = hashlib.sha256()
            for piece in self.pieces(name):
                digest.update(piece)
                step(len(piece))
            if digest.hexdigest() != expected:
                raise BadBackup(f"{name} is not what was written")

    def verify_seal(self, key: str) -> None:
        """Raises BadBackup."""
        if fingerprint_of(key) != self.manifest.key:
            raise BadBackup("it belongs to another secret key")
        if not hmac.compare_digest(
            self.archive.read(SEAL).decode("ascii", "replace"), seal_of(self.text, key)
        ):
            raise BadBackup("its manifest was changed")

    def pieces(self, name: str) -> Iterator[bytes]:
        with self.archive.open(name) as stream:
            while piece := stream.read(PIECE):
                yield piece

    def open_table(self, name: str) -> IO[bytes]:
        return self.archive.open(f"{TABLES}{name}.jsonl")

    @property
    def size(self) -> int:
        return sum(member.file_size for member in self.archive.infolist())

    def key(self) -> str | None:
        return self.archive.read(KEY).decode("ascii") if KEY in self.manifest.members else None

    def lay_out_files(self, folder: Path) -> int:
        """Write the files into `folder`; how many there were. Raises BadBackup for a name that leads out of it."""
        folder.mkdir(parents=True)
        count = 0
        for name in self.manifest.members:
            if name.startswith(FILES):
                place = PurePosixPath(name.removeprefix(FILES))
                if place.is_absolute() or ".." in place.parts or "\\" in name:
                    raise BadBackup(f"{name} leads out of its folder")
                target = folder / place
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as stream:
                    stream.writelines(self.pieces(name))
                count += 1
        return count


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Raises BadBackup."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Reader(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, UnicodeDecodeError) as error:
        raise BadBackup(f"it is no whole zip file ({error})") from error
