#!/usr/bin/env bash
# A GeoJSON layer written by GeoPandas to a disk that is full at the very end: no error, and a file
# that is cut short. What fails earlier raises; what is left in the last buffer is lost in silence,
# because the writer's close is not asked how it went. Parquet and CSV of the same size raise.
#
# Seen with geopandas 1.2.0, pyogrio 0.13.0 (GDAL 3.12.4). A limit on the size of files stands for
# the full disk, so that no root is needed.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
  geopandas==1.2.0 pyogrio==0.13.0 pandas==2.3.3 numpy==2.4.6 shapely==2.2.0 pyproj==3.7.2

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import json
import resource
import sys
from pathlib import Path

import geopandas
import numpy
import pyogrio
import shapely

folder = Path(sys.argv[1])
print("geopandas", geopandas.__version__, "pyogrio", pyogrio.__version__,
      "GDAL", ".".join(map(str, pyogrio.__gdal_version__)))
points = shapely.points(numpy.arange(600) / 1000, 22.5)
layer = geopandas.GeoDataFrame({"name": ["x" * 50] * 600}, geometry=points, crs=4326)
whole = folder / "whole.geojson"
layer.to_file(whole, driver="GeoJSON")
size = whole.stat().st_size
silent = 0
for short in (1, 100, 1000):
    cut = folder / f"cut-{short}.geojson"
    resource.setrlimit(resource.RLIMIT_FSIZE, (size - short, resource.RLIM_INFINITY))
    try:
        layer.to_file(cut, driver="GeoJSON")
        told = "no error"
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    try:
        json.loads(cut.read_bytes())
        state = "sound"
    except (OSError, ValueError):
        state = "cut short"
    print(f"{short} bytes too little: {told}, the file is {state}")
    silent += told == "no error" and state == "cut short"
sys.exit(0 if silent else "the behaviour has changed: every cut was told")
PYTHON
