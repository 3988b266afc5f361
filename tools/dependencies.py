"""Reads the package's dependencies from requirements/*.in, so that they are written once."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface

EXTRAS = ("speed", "cluster", "pdf")


class Dependencies(MetadataHookInterface):
    def update(self, metadata: dict) -> None:
        metadata["dependencies"] = self._names("core")
        metadata["optional-dependencies"] = {extra: self._names(extra) for extra in EXTRAS}

    def _names(self, which: str) -> list[str]:
        lines = Path(self.root, "requirements", f"{which}.in").read_text(encoding="utf-8").splitlines()
        names = (line.split("#")[0].strip() for line in lines)
        return [name for name in names if name and not name.startswith("-")]
