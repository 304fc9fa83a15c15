"""The canonical form of a result, whatever program stored it, and its digest.

Programs that read a result and write it again keep what it says and change how it is stored:
they add fill values, write one number as an array of one, texts as bytes, flags as small
integers. None of that is a part of the result. What they or people add (a note) is no part of it
either; it is kept where it does no harm, and named.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mcescalate.model.counts import DIMS, SWEEP_COUNTS
from mcescalate.results.arrays import Array, Arrays
from mcescalate.results.provenance.attributes import OF_RESULTS, OF_VARIABLES, WHOLE_NUMBERS
from mcescalate.results.variables import (
    DIM_MEANINGS,
    RECORD_KINDS,
    SWEEP_KINDS,
    record_name,
)
from mcescalate.scenario.wording import quoted

if TYPE_CHECKING:
    import xarray as xr

DIGEST = "content_sha256"

_STORAGE = {
    *("_FillValue", "missing_value", "coordinates", "dtype", "_Encoding", "_Unsigned"),
    *("scale_factor", "add_offset", "bounds", "grid_mapping"),
}
_TEXT_KINDS = "OUST"
_NUMBERS = {
    **{count.name: count.dtype for count in SWEEP_COUNTS},
    **{record_name(field): kind for field, kind in RECORD_KINDS.items()},
    **{name: np.int64 for name, dim in DIMS.items() if dim.is_numbered},
    **SWEEP_KINDS,
    "chain": np.uint64,
    "periods": np.int64,
    "day": np.float64,
}
"""Kind of every number whose name is fixed; axes of a sweep are of any kind."""
_TEXTS = {*DIM_MEANINGS, "actor_name", "base", "design_block"} - _NUMBERS.keys()
_LABELS = {"day", "periods", "actor_name", "base", "design_block", "design_sample", "turn_days"}
"""Coordinates beside those of the dims."""
_PROBABILITY = ("_probability", "_probability_lower", "_probability_upper")


class CanonicalForm(NamedTuple):
    """A result in its plain form, and the names of what was added to it."""

    arrays: Arrays
    additions: tuple[str, ...]


def canonical_form(dataset: "Arrays | xr.Dataset") -> CanonicalForm:
    """A result without what storing it does to it.

    Texts are texts, attributes plain values, numbers of their declared kind where they can be
    without loss. Attributes that were added stay; variables that were added are left out.
    """
    added = []
    axes = _axes(dataset)
    variables: dict[str, Array] = {}
    for name, variable in dataset.variables.items():
        if not _is_ours(name, axes):
            added.append(f"variable {quoted(str(name))}")
            continue
        attrs = canonical_attributes(variable.attrs)
        added += [
            f"attribute {quoted(str(key))} of {name}" for key in attrs if key not in OF_VARIABLES
        ]
        values = _plain_values(str(name), variable)
        if isinstance(flags := attrs.get("flag_values"), list) and values.dtype.kind in "iu":
            attrs["flag_values"] = np.array(flags).astype(values.dtype)
        variables[str(name)] = Array(tuple(map(str, variable.dims)), values, attrs)
    attrs = canonical_attributes(dataset.attrs)
    own = {*OF_RESULTS, DIGEST}
    added = [*(f"attribute {quoted(str(key))}" for key in attrs if key not in own), *added]
    # In the order in which they are first written, so that files stay the same, byte for byte.
    dims = {name: v for name, v in variables.items() if v.dims == (name,) and name != "chain"}
    others = {name: v for name, v in variables.items() if name in (*_LABELS, *axes, "chain")}
    coords = dims | others
    data = {name: v for name, v in variables.items() if name not in coords}
    return CanonicalForm(Arrays.of(data, coords, attrs), tuple(added))


def _is_ours(name: Any, axes: set[str]) -> bool:
    known = name in _NUMBERS or name in _TEXTS or name in axes
    return known or str(name).endswith(_PROBABILITY)


def _axes(dataset: "Arrays | xr.Dataset") -> set[str]:
    """Names of the axes of a sweep, as far as its provenance has them."""
    if dataset.attrs.get("kind") != "sweep":
        return set()
    try:
        axes = json.loads(dataset.attrs["provenance"])["plan"]["axes"]
        return {str(axis.get("name") or axis["address"][0]) for axis in axes}
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError):
        return set()


def _plain_values(name: str, variable: "Array | xr.Variable") -> np.ndarray:
    """Texts as texts, numbers of the kind declared, where nothing is lost."""
    values = variable.values
    if values.dtype.kind in _TEXT_KINDS:
        texts = [_text(value) for value in values.ravel()]
        is_text = all(isinstance(text, str) for text in texts)
        return np.array(texts, str).reshape(values.shape) if is_text else values
    kind = np.float64 if name.endswith(_PROBABILITY) else _NUMBERS.get(name)
    if kind is None or values.dtype == kind or values.dtype.kind not in "biuf":
        return values
    with np.errstate(invalid="ignore"):
        cast: np.ndarray = values.astype(kind)
    is_same = (cast.astype(values.dtype) == values).all() and (cast < 0).sum() == (values < 0).sum()
    return cast if is_same else values


def canonical_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Our own in their plain form, others as they are, those of storage left out."""
    plain = {str(key): value for key, value in attributes.items() if key not in _STORAGE}
    for key in (OF_RESULTS | OF_VARIABLES | {DIGEST}) & plain.keys():
        value = _plain(plain[key])
        plain[key] = _whole(value) if key in WHOLE_NUMBERS else value
    return plain


def _plain(value: Any) -> Any:
    """An attribute as JSON has it; an array of one is that one."""
    if isinstance(value, np.ndarray | list | tuple):
        items = [_plain(item) for item in np.asarray(value).ravel().tolist()]
        return items[0] if len(items) == 1 else items
    if isinstance(value, np.bytes_ | bytes):
        return _text(value)
    return value.item() if isinstance(value, np.generic) else value


def _text(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.rstrip(b"\0").decode("utf-8", "backslashreplace")
    return value


def _whole(value: Any) -> Any:
    """Whole numbers that a program wrote as floats."""
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def content_digest(dataset: "Arrays | xr.Dataset") -> str:
    """sha256 over every variable, coordinate and attribute of a result, in its plain form.

    For each variable, in the order of the names, a line of JSON (name, dims, shape, kind,
    attributes), then its values: numbers little-endian, texts as JSON. Last, a line with the
    attributes of the whole. Of attributes only those that results have count, and of these not
    this digest. Files of equal content have equal digests, whatever program wrote them.
    """
    digest = hashlib.sha256()
    for part in _parts(canonical_form(dataset).arrays):
        digest.update(part)
    return digest.hexdigest()


def _parts(plain: Arrays) -> Iterator[Any]:
    for name in sorted(plain.variables, key=str):
        variable = plain.variables[name]
        values, is_text = variable.values, variable.dtype.kind in _TEXT_KINDS
        kind = "text" if is_text else values.dtype.newbyteorder("<").str
        if variable.size == 0:
            kind, is_text = "none", True  # files do not tell empty texts from other empty values
        own = {key: _plain(value) for key, value in variable.attrs.items() if key in OF_VARIABLES}
        yield _line([name, variable.dims, variable.shape, kind, own])
        yield _line(values.tolist()) if is_text else np.ascontiguousarray(values, kind).data
    yield _line({key: value for key, value in plain.attrs.items() if key in OF_RESULTS})


def _line(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True).encode() + b"\n"
