"""File names: which files a call writes or reads, as far as its text says: a later cell may read what an earlier one wrote."""

import ast
import os

from mvlake.capture.purity import words
from mvlake.capture.walk import Walk

_FIRST = words("""
    to_csv to_parquet to_pickle to_json to_feather to_hdf to_excel to_stata to_orc to_xml to_html to_string to_latex
    to_markdown to_netcdf write_csv write_parquet write_ipc write_json write_ndjson write_avro write_excel sink_csv
    sink_parquet sink_ipc savefig save_model save_weights save savez savez_compressed savetxt tofile save_pretrained
    write_image write_html write_table imsave imwrite
""")
_SECOND = words("dump save write_table imsave")  # of a module: joblib.dump(obj, path), torch.save(obj, path)
_READING = words("""
    read_csv read_parquet read_pickle read_json read_feather read_hdf read_excel read_stata read_orc read_xml read_html
    read_table read_ipc read_ndjson read_avro scan_csv scan_parquet scan_ipc scan_ndjson load loadtxt genfromtxt fromfile
    load_model load_weights from_pretrained imread open_dataset open_mfdataset memmap load_dataset read_file File
""")
_PATH_WRITES, _PATH_READS = words("write_text write_bytes touch"), words("read_text read_bytes")
_DUMPERS = words("joblib torch pickle np numpy pq json plt jnp")
_OPENERS = words("io gzip bz2 lzma codecs")
_PATHS = words("Path PurePath str fspath")
_NAMED = words("path path_or_buf fname file filename filepath filepath_or_buffer io f fp dst")
_FILE_CALLS = _FIRST | _SECOND | _READING | _PATH_WRITES | _PATH_READS | {"open"}


def note_files(walk: Walk, node: ast.Call, name: str) -> None:
    """Note the files that a call names, if it is one that writes or reads some."""
    if name not in _FILE_CALLS:
        return
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    if name == "open":
        _opened(walk, node, owner)
    elif name in _READING:
        _note(walk, _argument(walk, node, 0), is_written=False)
    elif name in _FIRST or name in _SECOND:
        is_second = name in _SECOND and (owner is None or (isinstance(owner, ast.Name) and owner.id in _DUMPERS))
        for place in (0, 1) if is_second else (0,):
            _note(walk, _argument(walk, node, place), is_written=True)
    elif owner is not None and (name in _PATH_WRITES or name in _PATH_READS):
        _note(walk, _path(walk, owner), is_written=name in _PATH_WRITES)


def _opened(walk: Walk, node: ast.Call, owner: ast.expr | None) -> None:
    """Note the file of `open(path, mode)`, of `path.open(mode)`, and of `gzip.open(path, mode)`."""
    is_method = owner is not None and not (isinstance(owner, ast.Name) and owner.id in _OPENERS)
    path = _path(walk, owner) if is_method and owner is not None else _argument(walk, node, 0)
    place = 0 if is_method else 1
    modes = [node.args[place]] if len(node.args) > place else [one.value for one in node.keywords if one.arg == "mode"]
    said = modes[0].value if modes and isinstance(modes[0], ast.Constant) else "r+" if modes else "r"
    mode = set(said) if isinstance(said, str) else set("r+")
    if "w" not in mode or "+" in mode:
        _note(walk, path, is_written=False)
    if mode & set("wax+"):
        _note(walk, path, is_written=True)


def _argument(walk: Walk, node: ast.Call, place: int) -> str:
    if len(node.args) > place:
        return _path(walk, node.args[place])
    return next((_path(walk, one.value) for one in node.keywords if one.arg in _NAMED), "")


def _path(walk: Walk, node: ast.expr) -> str:
    """Return a path that is the same for every way to write it that can be seen through; "" where nothing names a file."""
    while isinstance(node, ast.Call) and len(node.args) == 1 and _last(node.func) in _PATHS:
        node = node.args[0]
    if isinstance(node, ast.Constant):
        return os.path.normpath(node.value) if isinstance(node.value, str) and node.value else ""
    if isinstance(node, ast.Name):
        bound = walk.bindings.get(node.id)
        said = bound.literal if bound is not None else None
        return os.path.normpath(said) if isinstance(said, str) and said else f"<{node.id}>"
    return f"<{ast.unparse(node)}>" if isinstance(node, ast.BinOp | ast.JoinedStr | ast.Attribute | ast.Call) else ""


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _note(walk: Walk, path: str, *, is_written: bool) -> None:
    if not path:
        return
    if not is_written:
        walk.effects.reads_files.add(path)
        return
    walk.effects.writes_files.add(path)
    if not walk.branch_depth and not walk.function_depth:
        walk.effects.overwrites_files.add(path)
