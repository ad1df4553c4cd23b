"""What is on the disk of a home folder: which models are ready, in which quantisation. Reads only.

<home>/models/<name>/<quantisation>/   ready to run
<home>/sources/<name>/                 source files, their digests (source.json), beginnings of downloads
<home>/locks/<name>.lock               held by the process that fetches or builds
<home>/prompts/                        keys and values of prompts (engine.saved_prompts)
<home>/digests.json                    digests of model files elsewhere on this machine
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from qwen_magics.errors import DamagedModelError, UnknownModelError
from qwen_magics.model.directory import read_directory
from qwen_magics.model.disk import folder_bytes
from qwen_magics.model.foreign import is_foreign
from qwen_magics.model.local_source import LocalSource, is_source, read_local_source
from qwen_magics.model.progress import Reporter

__all__ = ["Installed", "Library", "checked_name", "home", "is_ready", "looks_like_path", "prompts_folder"]

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that is ready to run.

    Attributes:
        bytes: on the disk, its kept source not counted.
        sha256: of the source that it was built from.
        kl: mean nats against fp32 of the same weights, if it was measured.
    """

    name: str
    quantisation: str
    path: Path
    bytes: int
    sha256: str | None
    kl: float | None


def home() -> Path:
    """QWEN_MAGICS_HOME, or the user's data folder."""
    chosen = os.environ.get("QWEN_MAGICS_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("qwen-magics", appauthor=False))


def prompts_folder() -> Path:
    """Where computed prompts are kept (`engine.saved_prompts`); it may be deleted at any time."""
    return home() / "prompts"


class Library:
    """The models of one home folder.

    Args:
        quantisation: what is preferred where nothing is asked for.
    """

    def __init__(self, root: Path, quantisation: str) -> None:
        self.root, self.quantisation = root, quantisation
        self.digests = root / "digests.json"

    def target(self, name: str, quantisation: str) -> Path:
        """Where that build is or will be."""
        return self.root / "models" / name / quantisation

    def sources(self, name: str) -> Path:
        """Where its source files are or will be."""
        return self.root / "sources" / name

    def built(self, name: str, quantisation: str | None) -> Path | None:
        """The build in that quantisation; for None in the preferred one, or else the newest."""
        preferred = self.target(name, quantisation or self.quantisation)
        if is_ready(preferred):
            return preferred
        if quantisation is not None:
            return None
        return max(self._builds(name), key=lambda path: path.stat().st_mtime_ns, default=None)

    def at(self, path: Path, quantisation: str | None, reporter: Reporter) -> Path | None:
        """The model directory that `path` is, or that was built from the file it is."""
        path = path.expanduser()
        if (path / "genai_config.json").is_file():
            return path.absolute()
        if not is_source(path):
            return path.absolute() if is_foreign(path) else None
        source = read_local_source(path, self.digests, reporter)
        return self.built(self.name_for(source), quantisation)

    def installed(self) -> list[Installed]:
        """Everything that is ready to run, by name. Damaged directories are left out."""
        names = sorted(folder.name for folder in (self.root / "models").glob("[!.]*"))
        return [_describe(path) for name in names for path in sorted(self._builds(name))]

    def name_for(self, source: LocalSource) -> str:
        """Its name, or one with its digest where the name belongs to another file already."""
        taken = {read_directory(path).sha256 for path in self._builds(source.name)}
        return source.name if taken <= {source.sha256} else f"{source.name}-{source.sha256[:8]}"

    def _builds(self, name: str) -> list[Path]:
        return [path for path in (self.root / "models" / name).glob("[!.]*") if is_ready(path)]


def is_ready(path: Path) -> bool:
    """Whether `path` is a whole model directory, by the sizes of its files."""
    try:
        return path.is_dir() and bool(read_directory(path).genai)
    except DamagedModelError:
        return False


def looks_like_path(text: str) -> bool:
    """Whether a model's name is meant as a path: it could be no folder of the library."""
    return not _NAME.fullmatch(text.strip().lower()) or text.lower().endswith(".gguf")


def checked_name(name: str) -> str:
    """A name that can become a folder: no separators, nothing hidden.

    Raises:
        UnknownModelError: it cannot.
    """
    if looks_like_path(name):
        msg = f"{name!r} cannot be a model's name: use letters, digits, '.', '_' and '-'."
        raise UnknownModelError(msg)
    return name.strip().lower()


def _describe(path: Path) -> Installed:
    directory = read_directory(path)
    test = directory.card.get("self_test") or {}
    return Installed(path.parent.name, path.name, path, folder_bytes(path), directory.sha256, test.get("kl"))
