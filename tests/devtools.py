"""Sit before a page as a reader does: headless Chromium, its DevTools protocol, real clicks and keys.

One websocket carries commands and events; `websocket-client` is all it needs, so no driver must match the browser.
"""

import base64
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import websocket
from browser import CHROMIUM

_KEYS = {
    "Enter": ("Enter", 13, "\r"),
    " ": ("Space", 32, " "),
    "Tab": ("Tab", 9, ""),
    **{
        f"Arrow{way}": (f"Arrow{way}", code, "")
        for way, code in (("Left", 37), ("Up", 38), ("Right", 39), ("Down", 40))
    },
}
_PATIENCE = 30.0  # seconds


class Reader:
    """One open page, and what it complained of and asked the network for."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=_PATIENCE, suppress_origin=True)
        self._number = 0
        self.complaints: list[str] = []
        self.requests: list[str] = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: object) -> dict:
        """Send a command and return its result; events that come in between are noted."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                assert "error" not in message, message["error"]
                return message["result"]
            self._note(message)

    def _note(self, message: dict) -> None:
        method, told = message["method"], message["params"]
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        if method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["exceptionDetails"]))
        if method == "Runtime.consoleAPICalled" and told["type"] in {"error", "warning", "assert"}:
            self.complaints.append(json.dumps(told["args"]))
        if method == "Log.entryAdded" and told["entry"]["level"] in {"error", "warning"}:
            self.complaints.append(told["entry"]["text"])

    def evaluate(self, expression: str) -> object:
        """Return the value of a JavaScript expression."""
        told = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + _PATIENCE
        while not self.evaluate(expression):
            assert time.monotonic() < end, f"in vain: {expression}; {self.complaints}"
            time.sleep(0.05)

    def open(self, address: str, *, width: int = 1280, height: int = 900) -> None:
        """Open an address in a window of a size."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        self.send("Page.navigate", url="about:blank")
        self.wait("location.href === 'about:blank' && document.readyState === 'complete'")
        self.send("Page.navigate", url=address)
        self.wait("location.href !== 'about:blank' && document.readyState === 'complete'")

    def click(self, selector: str) -> None:
        """Press and release the mouse on the middle of an element."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        box = self.evaluate(
            f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        self.click_at(*box)

    def click_at(self, x: float, y: float) -> None:
        """Press and release the mouse at a place of the window."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            count = 0 if kind == "mouseMoved" else 1
            button = "none" if kind == "mouseMoved" else "left"
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=count)

    def press(self, key: str) -> None:
        """Press and release a key, on whatever has the focus."""
        code, number, text = _KEYS.get(key, (f"Key{key}", ord(key[0]), key))
        key_down = {"key": key, "code": code, "windowsVirtualKeyCode": number, **({"text": text} if text else {})}
        self.send("Input.dispatchKeyEvent", type="keyDown", **key_down)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, code=code, windowsVirtualKeyCode=number)

    def focus(self, selector: str) -> None:
        """Put the focus on an element."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """Save a picture of the page."""
        told = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(told["data"]))

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    """Start headless Chromium without a network and yield its page; ``folder`` is scratch space."""
    profile = folder / "profile"
    flags = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--hide-scrollbars",
        "--disable-sync",
    )
    quiet = (
        "--disable-background-networking",
        "--disable-component-update",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    )
    command = [CHROMIUM, *flags, *quiet, "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        reader = Reader(_page_address(profile / "DevToolsActivePort"))
        yield reader
        reader.close()
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


def _page_address(told: Path) -> str:
    """Return the websocket of the first page, once the browser has told its port."""
    end = time.monotonic() + _PATIENCE
    while not (told.exists() and len(told.read_text().split()) == 2):
        assert time.monotonic() < end, "Chromium did not start"
        time.sleep(0.05)
    port, browser = told.read_text().split()
    connection = websocket.create_connection(
        f"ws://127.0.0.1:{port}{browser}", timeout=_PATIENCE, suppress_origin=True
    )
    connection.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
    targets = json.loads(connection.recv())["result"]["targetInfos"]
    connection.close()
    page = next(target["targetId"] for target in targets if target["type"] == "page")
    return f"ws://127.0.0.1:{port}/devtools/page/{page}"
