# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 三级力量能否按时到达每个网格 · Do three tiers reach every grid in time?
#
# 从每个网格的中心问一次最近的辅警和民警,以及附近有多少义警。
# Asks, from the middle of every grid, for the nearest auxiliary and officer, and how many
# volunteers there are nearby.
#
# 义警接受任务前只按区块计数:没有用时,只有路程够近的可能(按各人均匀分布在所在区块的街道上估算)。
# Until they accept, volunteers are only counted by cell: no times, but the chance that one stands
# near enough, reckoned as if each stood anywhere on the streets of the own cell.
#
# 计时:从接到指令到抵达路边;不含出发准备与上楼。
# Clock: from alerted to at the kerb; turnout and the way up a building are not in it.

# %%
import pandas as pd

from blockdata.settings import Settings
from blockdata.storage.areas import find_area
from blockdata.storage.bulk import read_frame
from blockdata.storage.database import open_database
from dispatch.asking import ask_nearest
from dispatch.desk import Desks
from dispatch.models import NearestQuestion

settings = Settings()
engine = open_database(settings)
desks = Desks(engine, settings)
with engine.connect() as connection:
    area = find_area(connection, settings.area)
    grids = read_frame(
        connection,
        """
        SELECT code, ST_X(middle) AS lon, ST_Y(middle) AS lat
        FROM (SELECT code, ST_PointOnSurface(outline) AS middle
              FROM district.grid WHERE area_id = :area_id) AS grids
        ORDER BY code
        """,
        area_id=area.area_id,
    )
print(area.title.both, "·", len(grids), "grids")

# %% [markdown]
# ## 逐网格询问 · One question for each grid

# %%
rows = []
for grid in grids.itertuples():
    answer = ask_nearest(desks, NearestQuestion(area=area.name, at=(grid.lon, grid.lat), k=1))
    for tier in answer.tiers:
        row = {"grid": grid.code, "tier": tier.tier, "target_s": tier.target_s}
        if tier.masked:
            row |= {"travel_time_s": float("nan"), "in_time": tier.chance.near}
        else:
            # nobody within the search limit is unreachable: kept, never dropped, never zero
            best_s = tier.candidates[0].travel_time_s if tier.candidates else float("inf")
            row |= {"travel_time_s": best_s, "in_time": float(best_s <= tier.target_s)}
        rows.append(row)
times = pd.DataFrame(rows)
assert len(times) == 3 * len(grids)

# %% [markdown]
# ## 达标比例与合并百分位 · Share in time, and percentiles of the pooled samples
#
# 义警的达标比例是各网格可能性的平均;没有用时可言。
# Of volunteers the share is the mean of the grids' chances; there are no times.

# %%
summary = times.groupby("tier", sort=False).agg(
    target_s=("target_s", "first"),
    grids=("grid", "size"),
    share_in_time=("in_time", "mean"),
    unreachable=("travel_time_s", lambda s: int((s == float("inf")).sum())),
    median_s=("travel_time_s", "median"),
    p90_s=("travel_time_s", lambda s: s.quantile(0.9, interpolation="higher")),
)
print(summary.round(3).to_string())

# %% [markdown]
# ## 最差的网格 · The grids worst off

# %%
times["short_by_s"] = times["travel_time_s"] - times["target_s"]
worst = times.sort_values("short_by_s", ascending=False, kind="stable").head(10)
print(worst.to_string(index=False))
