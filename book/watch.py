"""Runs in a notebook's kernel when it starts: notes which tables of ``data/`` each cell reads first.

`book.execute` hands this file to the kernel and says by two environment variables which folder to watch and where
to write. Python reports every file that it opens, and `tegnas_study.storage.parquet` those that Arrow opens.
"""


def _watch() -> None:
    import json
    import os
    import sys

    folder, log = (os.environ.get(name, "") for name in ("TEGNAS_WATCHED", "TEGNAS_READINGS"))
    shell = globals().get("get_ipython", lambda: None)()
    if not (folder and log and shell):
        return
    readings: dict[int, list[str]] = {}
    seen: set[str] = set()

    def note(event: str, arguments: tuple) -> None:
        if event not in ("open", "tegnas_study.read"):
            return
        path = arguments[0]
        writes = event == "open" and isinstance(arguments[1], str) and not arguments[1].startswith("r")
        if isinstance(path, str) and path.startswith(folder) and path not in seen and not writes:
            seen.add(path)
            readings.setdefault(shell.execution_count, []).append(path[len(folder) :].lstrip("/\\"))

    def write(*_: object) -> None:
        with open(log, "w", encoding="utf-8") as file:
            json.dump(readings, file)

    sys.addaudithook(note)
    shell.events.register("post_run_cell", write)


_watch()
del _watch
