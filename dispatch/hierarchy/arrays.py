"""Arrays as the kernels want them: int32, C order, within bounds."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blockdata.errors import InputError
from blockdata.text import Text

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

UNREACHABLE = (1 << 30) - 1
"""Time of what cannot be reached or entered, int32 ms (12.4 days); every other time is below it."""


def integers(values: ArrayLike, field: str, *, ndim: int = 1) -> NDArray[Any]:
    """Values as an array of integers of that many dimensions, or an ``InputError``."""
    array = np.asarray(values)
    if array.size == 0 and array.ndim == ndim:
        return array.astype(np.int32)
    if array.ndim != ndim or array.dtype.kind not in "iu":
        raise InputError(
            Text(
                f"应为 {ndim} 维整数数组,实为 {array.ndim} 维 {array.dtype}",
                f"expected integers in {ndim} dimension(s), got {array.dtype} in {array.ndim}",
            ),
            field=field,
            cure=Text("请传入整数数组", "pass an array of integers"),
        )
    return array


def as_int32(values: ArrayLike, field: str, *, ndim: int = 1) -> Int32:
    """Integers as int32 in C order; numbers too large for it become ones out of any bounds."""
    array = integers(values, field, ndim=ndim)
    if array.dtype != np.int32:
        array = np.clip(array, -1, np.iinfo(np.int32).max).astype(np.int32)
    return np.ascontiguousarray(array)


def within(values: ArrayLike, end: int, field: str, *, ndim: int = 1, low: int = 0) -> Int32:
    """Integers from ``low`` up to but not including ``end``, as int32, or an ``InputError``."""
    array = integers(values, field, ndim=ndim)
    if array.size and (array.min() < low or array.max() >= end):
        wrong = int(array.max() if array.max() >= end else array.min())
        raise InputError(
            Text(f"{wrong} 不在 {low} 至 {end - 1} 之间", f"{wrong} is not in {low} … {end - 1}"),
            field=field,
            cure=Text("请检查编号是否属于该路网", "check that the numbers belong to this network"),
        )
    return np.ascontiguousarray(array, np.int32)


def milliseconds(values: ArrayLike, field: str, *, size: int | None = None) -> Int32:
    """Times in ms, not negative, capped at ``UNREACHABLE``, as int32, or an ``InputError``."""
    array = integers(values, field)
    if size is not None and array.size != size:
        raise InputError(
            Text(
                f"应有 {size} 个值,实有 {array.size} 个",
                f"expected {size} values, got {array.size}",
            ),
            field=field,
            cure=Text("请按弧或节点逐一给出时间", "give one time per arc or node"),
        )
    if array.size and array.min() < 0:
        raise InputError(
            Text("时间不能为负", "a time cannot be negative"),
            field=field,
            cure=Text(f"禁止通行请用 {UNREACHABLE}", f"use {UNREACHABLE} for what is forbidden"),
        )
    return np.asarray(np.minimum(array, UNREACHABLE), np.int32)


def offsets(values: ArrayLike | None, size: int, field: str) -> Int32:
    """Times of their own of ``size`` nodes, zero where none are given."""
    return np.zeros(size, np.int32) if values is None else milliseconds(values, field, size=size)


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The array, read-only from here on (kernels are compiled for read-only networks)."""
    array.setflags(write=False)
    return array
