"""``data/croissant.json``: the folder described for machines, as Croissant 1.0 with its responsible-AI fields.

Files are named by their path beside the description, with size and hash. Addresses and identifiers are those that
the project has; none is made up.

Source: Akhtar et al., Croissant: A Metadata Format for ML-Ready Datasets (2024), and its RAI vocabulary 1.0.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from tegnas_study.catalogue.about import ABOUT, RESPONSIBLE, Project
from tegnas_study.catalogue.column import Column
from tegnas_study.catalogue.contents import DataFile

_FORMATS = {
    "parquet": "application/x-parquet",  # the name that readers of Croissant know
    "csv": "text/csv",
    "json": "application/json",
    "txt": "text/plain",
}
_TYPES = {"text": "sc:Text", "whole": "sc:Integer", "number": "sc:Float", "vector": "sc:Float"}
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(files: Sequence[DataFile], project: Project) -> str:
    """Return the description of the folder as JSON, the same text for the same files.

    Args:
        files: What lies in the folder.
        project: What the project says of itself.
    """
    known = {"url": project.url, "datePublished": project.published}
    groups = _by_columns(files)
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": f"{project.name}-data",
        "description": ABOUT,
        "license": f"https://spdx.org/licenses/{project.license}.html",
        "creator": [{"@type": "sc:Organization", "name": name} for name in project.authors],
        "keywords": list(project.keywords),
        "version": project.version,
        "inLanguage": "en",
        **{name: value for name, value in known.items() if value},
        "citeAs": _bibtex(project),
        **{f"rai:{name}": value for name, value in RESPONSIBLE.items()},
        "distribution": [
            *map(_file, files),
            *(_file_set(*known) for known in groups.items() if len(known[1]) > 1),
        ],
        "recordSet": [_record_set(name, group) for name, group in groups.items()],
    }
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def _by_columns(files: Iterable[DataFile]) -> dict[str, list[DataFile]]:
    """Return the tables in groups of equal columns; a group is named by its first file."""
    groups: dict[tuple, list[DataFile]] = {}
    for file in files:
        if file.kind is not None:
            groups.setdefault((file.kind.name, *(column.name for column in file.columns)), []).append(file)
    return {group[0].name.rpartition(".")[0]: group for group in groups.values()}


def _file(file: DataFile) -> dict[str, object]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": _told(file),
        "contentUrl": file.name,
        "contentSize": f"{file.n_bytes} B",
        "encodingFormat": _FORMATS[file.name.rpartition(".")[2]],
        "sha256": file.sha256,
    }


def _told(file: DataFile) -> str:
    """Return what a file is and where it comes from."""
    what = f"{file.n_rows:,} rows, one for {file.kind.row}" if file.kind else "a record of results or a list"
    parts = [f"{what[0].upper()}{what[1:]}."]
    if file.commands:
        made = f"Made by: {' ; '.join(file.commands)}"
        parts.append(f"{made if file.facts else file.commands[0].capitalize()}.")
    facts = {**_last_run(file.facts), **file.facts}
    parts += [f"{name.capitalize()}: {facts[name]}." for name in ("hardware", "date") if facts.get(name)]
    if isinstance(facts.get("versions"), Mapping):
        parts.append(f"Versions: {', '.join(f'{k} {v}' for k, v in facts['versions'].items() if v)}.")
    return " ".join(parts)


def _last_run(facts: Mapping[str, object]) -> Mapping[str, object]:
    runs = facts.get("runs") or [{}]
    return {"date": str(runs[-1].get("started", ""))[:10], **runs[-1]}


def _file_set(name: str, group: Sequence[DataFile]) -> dict[str, object]:
    return {
        "@type": "cr:FileSet",
        "@id": f"files-like/{name}",
        "name": f"files like {name}",
        "description": f"Tables of {group[0].kind.title} with the same columns.",
        "encodingFormat": _FORMATS[group[0].name.rpartition(".")[2]],
        "includes": [file.name for file in group],
    }


def _record_set(name: str, group: Sequence[DataFile]) -> dict[str, object]:
    kind = group[0].kind
    return {
        "@type": "cr:RecordSet",
        "@id": f"rows-of/{name}",
        "name": f"rows of {name}{' and its like' if len(group) > 1 else ''}",
        "description": f"One row for {kind.row} ({kind.title}).",
        "field": [_field(name, column, group) for column in group[0].columns],
    }


def _field(name: str, column: Column, group: Sequence[DataFile]) -> dict[str, object]:
    unit = f" Unit: {column.unit}." if column.unit else ""
    repeated = {"repeated": True} if column.kind == "vector" else {}
    files = ("fileSet", f"files-like/{name}") if len(group) > 1 else ("fileObject", group[0].name)
    return {
        "@type": "cr:Field",
        "@id": f"rows-of/{name}/{column.name.replace(' ', '-')}",  # an identifier has no blanks
        "name": column.name,
        "description": f"{column.meaning}.{unit} Values: {column.allowed}.",
        "dataType": _TYPES[column.kind],
        **repeated,
        "source": {files[0]: {"@id": files[1]}, "extract": {"column": column.name}},
    }


def _bibtex(project: Project) -> str:
    fields = {"title": project.title, "author": " and ".join(f"{{{name}}}" for name in project.authors)}
    fields |= {"version": project.version}
    inside = ", ".join(f"{name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{project.name}, {inside}}}"
