"""The functions' code as one zip: app.py, chalicelib and what they import, the same bytes from the same input.

Chalice's own packager leaves out what of Chalice only its command line needs, and so does this; it also leaves out what
the lists below name, pins by hash, compiles, and knows nothing of the machine it runs on but (locally) its wheels.
"""

from __future__ import annotations

import compileall
import hashlib
import os
import py_compile
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "3.11.9"
"""Lambda runs a later 3.11 than 3.11.0, which is what uv takes "3.11" for where pins differ by patch release."""
CACHE = ROOT / ".local" / "build"
REQUIREMENTS = "requirements.txt"
RECIPE = Path(__file__).read_bytes()
"""How the package is made is part of what it is: another recipe gives another digest."""
EPOCH = (1980, 1, 1, 0, 0, 0)
KEPT = 5
UNZIPPED_LIMIT = 250 * 1024 * 1024

# fmt: off
NOT_NEEDED = {
    "chalice's command line": ("ansicon", "blessed", "click", "editor", "inquirer", "jinxed", "pip", "pyyaml",
                               "readchar", "runs", "setuptools", "wcwidth", "wheel", "xmod"),
    "opensearch-py over gRPC, which we do not speak": ("grpcio", "opensearch-protobufs", "protobuf"),
    "needed to build cffi modules, not to load them": ("pycparser",),
}
CHALICE_KEEPS = ("__init__.py", "app.py", "py.typed")
"""What Chalice has of a runtime; the rest of the package is its command line, deployer and local server."""
AWS_MODELS = ("dynamodb", "s3", "secretsmanager", "sns", "sqs", "ssm", "sts")
"""The services that botocore's data is kept of (28 MB are 400 others)."""
LITTER = ("tests", "test", "examples", "benchmarks")
KEEP_INFO = ("METADATA", "entry_points.txt")
# fmt: on


@dataclass(frozen=True, slots=True)
class Target:
    """For whom wheels are chosen: uv's platform word, or None for the machine this runs on."""

    name: str
    platform: str | None
    architecture: str


TARGETS = {
    "local": Target("local", None, "x86_64"),
    "x86_64": Target("x86_64", "x86_64-manylinux2014", "x86_64"),
    "arm64": Target("arm64", "aarch64-manylinux2014", "arm64"),
}


@dataclass(frozen=True, slots=True)
class Package:
    """A built zip; ``digest`` (hexadecimal) names its content."""

    path: Path
    digest: str
    size: int
    unzipped: int


def build(target: Target, root: Path = ROOT, cache: Path = CACHE) -> Package:
    """Build the zip, or find it: dependencies are kept by the digest of the pins, the whole by that of the code too."""
    base = _dependencies(target, root, cache)
    files = {name: path.read_bytes() for name, path in sorted(_own_files(root).items())}
    digest = _digest(base.stem, *(part for name, body in files.items() for part in (name, body)))
    path = cache / f"catalog-{target.name}-{digest}.zip"
    if not path.exists():
        with _Written(path) as draft:
            shutil.copyfile(base, draft)
            with zipfile.ZipFile(draft, "a", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                _add(archive, _with_bytecode(files))
        _forget_old(cache, target)
    return _checked(path, digest)


def _forget_old(cache: Path, target: Target) -> None:
    """Every edit makes a package of its own; the last few are enough."""
    made = sorted(cache.glob(f"catalog-{target.name}-*.zip"), key=lambda path: path.stat().st_mtime)
    for path in made[:-KEPT]:
        path.unlink(missing_ok=True)


def _checked(path: Path, digest: str) -> Package:
    with zipfile.ZipFile(path) as archive:
        unzipped = sum(entry.file_size for entry in archive.infolist())
    if unzipped > UNZIPPED_LIMIT:
        raise ValueError(f"{path.name} unpacks to {unzipped >> 20} MB, Lambda takes {UNZIPPED_LIMIT >> 20}")
    return Package(path, digest, path.stat().st_size, unzipped)


def _own_files(root: Path) -> dict[str, Path]:
    files = {"app.py": root / "app.py"}
    for path in (root / "chalicelib").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            files[path.relative_to(root).as_posix()] = path
    return files


def _digest(*parts: str | bytes) -> str:
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()[:20]


class _Written:
    """A file that appears whole or not at all, also when two processes build the same at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, suffix=".draft")
        os.close(handle)
        self.draft = Path(name)
        return self.draft

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.draft.chmod(0o644)
            self.draft.replace(self.path)
        self.draft.unlink(missing_ok=True)


# --- dependencies


def _dependencies(target: Target, root: Path, cache: Path) -> Path:
    pins = needed((root / REQUIREMENTS).read_text())
    digest = _digest(RECIPE, target.name, sys.version.split()[0] if target.platform is None else "", pins)
    path = cache / f"dependencies-{target.name}-{digest}.zip"
    if not path.exists():
        with tempfile.TemporaryDirectory() as scratch, _Written(path) as draft:
            tree = Path(scratch, "tree")
            _install(target, pins, tree)
            strip(tree)
            _compile(tree)
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                _add(archive, ((p.relative_to(tree).as_posix(), p.read_bytes()) for p in _files(tree)))
    return path


def needed(requirements: str) -> str:
    """The pinned requirements (with their hashes) without those that NOT_NEEDED names."""
    unwanted = {name for names in NOT_NEEDED.values() for name in names}
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", requirements)
    return "".join(b for b in blocks if (found := re.match(r"[A-Za-z0-9._-]+", b)) and found[0] not in unwanted)


def _install(target: Target, pins: str, tree: Path) -> None:
    """Wheels only, hashes required: what is built elsewhere is what was reviewed here."""
    tree.mkdir()
    listed = tree.parent / "requirements.txt"
    listed.write_text(pins)
    command = [_uv(), "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--link-mode", "copy", "--python-version", PYTHON, "--target", str(tree), "--requirement", str(listed)]
    if target.platform:
        command += ["--python-platform", target.platform]
    subprocess.run([*command, "--python", sys.executable], check=True)


def _uv() -> str:
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if not found:
        raise FileNotFoundError("uv is needed to build the package: pip install -r requirements-bootstrap.txt")
    return found


def strip(tree: Path) -> None:
    """Take out of an installed tree what functions never load."""
    for path in sorted(tree.rglob("*"), reverse=True):
        if path.is_dir() and (path.name == "__pycache__" or (path.name in LITTER and path.parent.parent == tree)):
            shutil.rmtree(path)
    shutil.rmtree(tree / "bin", ignore_errors=True)
    for info in tree.glob("*.dist-info"):
        _keep_only(info, KEEP_INFO)
    _keep_only(tree / "chalice", CHALICE_KEEPS)
    data = tree / "botocore" / "data"
    if data.is_dir():
        _keep_only(data, (*AWS_MODELS, *(p.name for p in data.iterdir() if p.is_file())))
    for stub in [*tree.rglob("*.pyi"), *tree.glob(".lock")]:
        stub.unlink()


def _keep_only(folder: Path, names: Iterable[str]) -> None:
    kept = set(names)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


# --- bytecode and zip


def _compile(tree: Path) -> None:
    """Lambda's disk is read-only: without bytecode inside, every cold start compiles everything again (seconds)."""
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(tree, quiet=2, force=True, stripdir=str(tree), invalidation_mode=unchecked)


def _with_bytecode(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch)
        for name, body in files.items():
            path = tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        _compile(tree)
        for path in _files(tree):
            yield path.relative_to(tree).as_posix(), path.read_bytes()


def _files(tree: Path) -> list[Path]:
    return sorted(path for path in tree.rglob("*") if path.is_file())


def _add(archive: zipfile.ZipFile, files: Iterable[tuple[str, bytes]]) -> None:
    """No clock, no owner, readable by anyone: functions do not run as the user who built them."""
    for name, body in files:
        entry = zipfile.ZipInfo(name, EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = (0o755 if name.endswith(".so") else 0o644) << 16
        archive.writestr(entry, body)
