"""Arrow types as JSON: all that a type says, and the same type again.

A simple type is its name; any other is an object whose first word (`list`, `struct`, `dictionary`, …) says what it is. Types that
only their author knows (extension types defined in Python) are refused, on the way in and on the way out.
"""

import base64
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from mvlake.errors import NoHandler
from mvlake.records.canonical import Json

_DEPTH = 64
_SIMPLE = {
    "null": pa.null(),
    "bool": pa.bool_(),
    **{f"{sign}int{bits}": getattr(pa, f"{sign}int{bits}")() for sign in ("", "u") for bits in (8, 16, 32, 64)},
    **{f"float{bits}": getattr(pa, f"float{bits}")() for bits in (16, 32, 64)},
    "date32": pa.date32(),
    "date64": pa.date64(),
    **{f"time32[{unit}]": pa.time32(unit) for unit in ("s", "ms")},
    **{f"time64[{unit}]": pa.time64(unit) for unit in ("us", "ns")},
    **{f"timestamp[{unit}]": pa.timestamp(unit) for unit in ("s", "ms", "us", "ns")},
    **{f"duration[{unit}]": pa.duration(unit) for unit in ("s", "ms", "us", "ns")},
    "month_day_nano_interval": pa.month_day_nano_interval(),
    **{name: getattr(pa, name)() for name in ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")},
}
_NAMES = {kind: name for name, kind in _SIMPLE.items()}  # ours, not those that this pyarrow prints
_DECIMALS = {name: getattr(pa, name) for name in ("decimal32", "decimal64", "decimal128", "decimal256") if hasattr(pa, name)}
_LISTS: dict[str, Callable[[Any], Any]] = {
    "list": pa.list_,
    "large_list": pa.large_list,
    "list_view": pa.list_view,
    "large_list_view": pa.large_list_view,
}
_LIST_NAMES = {
    pa.ListType: "list",
    pa.LargeListType: "large_list",
    pa.ListViewType: "list_view",
    pa.LargeListViewType: "large_list_view",
}


def type_document(kind: Any) -> Json:
    """Return the type as JSON; NoHandler for a union, and for a type that is not Arrow's own."""
    if isinstance(kind, pa.BaseExtensionType):
        return _extension_document(kind)
    if kind in _NAMES:
        return _NAMES[kind]
    if pa.types.is_timestamp(kind):
        return {"timestamp": kind.unit, "zone": kind.tz}
    if pa.types.is_decimal(kind):
        return {f"decimal{kind.bit_width}": [kind.precision, kind.scale]}
    if pa.types.is_fixed_size_binary(kind):
        return {"bytes": kind.byte_width}
    if pa.types.is_dictionary(kind):
        return {"dictionary": type_document(kind.value_type), "index": _NAMES[kind.index_type], "ordered": kind.ordered}
    if pa.types.is_run_end_encoded(kind):
        return {"runs": type_document(kind.value_type), "ends": _NAMES[kind.run_end_type]}
    if pa.types.is_struct(kind):
        return {"struct": [_field_document(kind.field(position)) for position in range(kind.num_fields)]}
    if pa.types.is_map(kind):
        return {"map": [_field_document(kind.key_field), _field_document(kind.item_field)], "sorted": kind.keys_sorted}
    if pa.types.is_fixed_size_list(kind):
        return {"fixed_list": _field_document(kind.value_field), "size": kind.list_size}
    if type(kind) in _LIST_NAMES:
        return {_LIST_NAMES[type(kind)]: _field_document(kind.value_field)}
    raise NoHandler("Arrow column", reason=f"its type {kind} cannot be kept")


def read_type(document: Any, depth: int = 0) -> Any:
    """Return the type of this JSON; ValueError when it is none."""
    if depth > _DEPTH:
        raise ValueError(f"a type nested deeper than {_DEPTH}")
    if isinstance(document, str):
        if document not in _SIMPLE:
            raise ValueError(f"not an Arrow type: {document[:40]!r}")
        return _SIMPLE[document]
    try:
        return _read_compound(document, depth + 1)
    except (KeyError, TypeError, AttributeError, IndexError, OverflowError, pa.ArrowException) as error:
        raise ValueError(f"not an Arrow type: {str(document)[:80]}") from error


def _read_compound(document: Any, depth: int) -> Any:
    for word, value in document.items():
        if word in _LISTS:
            return _LISTS[word](_read_field(value, depth))
        if word in _DECIMALS:
            return _DECIMALS[word](*value)
        if word in _COMPOUND:
            return _COMPOUND[word](document, depth)
    raise ValueError(f"not an Arrow type: {str(document)[:80]}")


def _read_struct(document: Any, depth: int) -> Any:
    return pa.struct([_read_field(one, depth) for one in document["struct"]])


def _read_map(document: Any, depth: int) -> Any:
    key, item = (_read_field(one, depth) for one in document["map"])
    return pa.map_(key, item, keys_sorted=document["sorted"])


def _read_dictionary(document: Any, depth: int) -> Any:
    index = read_type(document["index"])
    if not pa.types.is_integer(index):
        raise ValueError("a dictionary whose index is no integer")
    return pa.dictionary(index, read_type(document["dictionary"], depth), ordered=document["ordered"])


def _read_sized(document: Any, depth: int) -> Any:
    size = document["size"]
    if not 0 <= size < 1 << 31:
        raise ValueError("a list of no possible size")
    return pa.list_(_read_field(document["fixed_list"], depth), size)


def _read_bytes(document: Any, depth: int) -> Any:  # noqa: ARG001
    if not 0 <= document["bytes"] < 1 << 28:
        raise ValueError("values of no possible width")
    return pa.binary(document["bytes"])


def _read_zoned(document: Any, depth: int) -> Any:  # noqa: ARG001
    if not re.fullmatch(r"[\x20-\x7e]{1,100}", document["zone"]):
        raise ValueError("not a time zone")
    return pa.timestamp(document["timestamp"], document["zone"])


def _field_document(field: Any) -> Json:
    found: dict[str, Json] = {"name": field.name, "type": type_document(field.type), "nullable": field.nullable}
    if field.metadata:
        if _names_extension(field.metadata):
            raise NoHandler("Arrow column", reason=f"field {field.name} within it names an extension type that is not there")
        found["metadata"] = metadata_document(field.metadata)
    return found


def _read_field(document: Any, depth: int) -> Any:
    kind = read_type(document["type"], depth)
    metadata = read_metadata(document.get("metadata"))
    if metadata and _names_extension(metadata):
        raise ValueError("metadata that names an extension type")
    return pa.field(document["name"], kind, nullable=document["nullable"], metadata=metadata)


def _names_extension(metadata: Any) -> bool:
    """True for metadata by which others would take a field for one of an extension type."""
    return any(key.startswith(b"ARROW:extension") for key in metadata)


def metadata_document(metadata: Any) -> Json:
    """Return the metadata of a field or schema as JSON."""
    return [[base64.b64encode(text).decode() for text in pair] for pair in sorted(metadata.items())] if metadata else None


def read_metadata(document: Any) -> Any:
    """Return the metadata of this JSON."""
    return {base64.b64decode(key): base64.b64decode(value) for key, value in document or ()} or None


def _extension_document(kind: Any) -> Json:
    name = kind.extension_name
    found: dict[str, Json] = {"extension": name}
    if isinstance(kind, pa.ExtensionType | pa.UnknownExtensionType) or name not in _EXTENSIONS:
        raise NoHandler("Arrow column", reason=f"it is of an extension type: {kind}")
    if name == "arrow.json":
        found["storage"] = type_document(kind.storage_type)
    if name == "arrow.opaque":
        found |= {"storage": type_document(kind.storage_type), "type": kind.type_name, "vendor": kind.vendor_name}
    if name == "arrow.fixed_shape_tensor":
        found |= {"value": type_document(kind.value_type), "shape": list(kind.shape)}
        found |= {"names": kind.dim_names and list(kind.dim_names), "order": kind.permutation and list(kind.permutation)}
    if str(_EXTENSIONS[name](found, 0).storage_type) != str(kind.storage_type):
        raise NoHandler("Arrow column", reason=f"it is of an extension type with an odd storage: {kind}")
    return found


def _read_tensor(document: Any, depth: int) -> Any:
    if any(not 0 <= size < 1 << 31 for size in document["shape"]):
        raise ValueError("a tensor of no possible shape")
    value = read_type(document["value"], depth)
    return pa.fixed_shape_tensor(value, document["shape"], dim_names=document["names"], permutation=document["order"])


_EXTENSIONS: dict[str, Callable[[Any, int], Any]] = {
    "arrow.bool8": lambda document, depth: pa.bool8(),  # noqa: ARG005
    "arrow.uuid": lambda document, depth: pa.uuid(),  # noqa: ARG005
    "arrow.json": lambda document, depth: pa.json_(read_type(document["storage"], depth)),
    "arrow.opaque": lambda document, depth: pa.opaque(read_type(document["storage"], depth), document["type"], document["vendor"]),
    "arrow.fixed_shape_tensor": _read_tensor,
}
_COMPOUND: dict[str, Callable[[Any, int], Any]] = {
    "timestamp": _read_zoned,
    "bytes": _read_bytes,
    "dictionary": _read_dictionary,
    "runs": lambda document, depth: pa.run_end_encoded(read_type(document["ends"]), read_type(document["runs"], depth)),
    "struct": _read_struct,
    "map": _read_map,
    "fixed_list": _read_sized,
    "extension": lambda document, depth: _EXTENSIONS[document["extension"]](document, depth),
}
