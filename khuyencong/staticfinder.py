"""Static files out of installed packages: the few that the site uses, each under a name of our own.

As installed applications the asset packages would bring 13,000 files. The ``.map`` files are listed because
the manifest storage follows every ``sourceMappingURL``.
"""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

BOOTSTRAP = "js_lib_bootstrap5/static/js-lib-bootstrap5"
ICONS = "js_lib_bootstrap_icons/static/bootstrap-icons/font"
FILES = {
    "vendor/bootstrap.min.css": f"{BOOTSTRAP}/css/bootstrap.min.css",
    "vendor/bootstrap.min.css.map": f"{BOOTSTRAP}/css/bootstrap.min.css.map",
    "vendor/bootstrap.bundle.min.js": f"{BOOTSTRAP}/js/bootstrap.bundle.min.js",
    "vendor/bootstrap.bundle.min.js.map": f"{BOOTSTRAP}/js/bootstrap.bundle.min.js.map",
    "vendor/bootstrap-icons.min.css": f"{ICONS}/bootstrap-icons.min.css",
    "vendor/fonts/bootstrap-icons.woff": f"{ICONS}/fonts/bootstrap-icons.woff",
    "vendor/fonts/bootstrap-icons.woff2": f"{ICONS}/fonts/bootstrap-icons.woff2",
    "vendor/htmx.min.js": "django_htmx/static/django_htmx/htmx-2.min.js",
}
ADMIN = "django/contrib/admin/static"


def package_path(name: str) -> Path:
    """``package/some/file`` as a path on this machine."""
    package, _, inside = name.partition("/")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed.")
    return Path(spec.origin).parent / inside


class PackageStorage(FileSystemStorage):
    """Reads the listed files; everything else of the interface is the file system's."""

    prefix = ""

    def path(self, name: str) -> str:
        return str(package_path(FILES[Path(name).as_posix()]))


class PackageFinder(BaseFinder):
    """Finds the files of ``FILES`` and those of Django's admin."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = PackageStorage(location="/")
        self.admin = FileSystemStorage(location=package_path(ADMIN))

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return [
            Error(f"{name}: the package does not have {source}.", id="khuyencong.E002")
            for name, source in FILES.items()
            if not package_path(source).is_file()
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = Path(path).as_posix()
        found = ""
        if name in FILES:
            found = self.storage.path(name)
        elif name.startswith("admin/") and self.admin.exists(name):
            found = self.admin.path(name)
        if find_all:
            return [found] if found else []
        return found or []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        patterns = [*(ignore_patterns or [])]
        for name in FILES:
            if not matches_patterns(name, patterns):
                yield name, self.storage
        root = Path(self.admin.location)
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and not matches_patterns(name, patterns):
                yield name, self.admin
