"""A language model's server on this machine that answers as it is told: well, badly, late, or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: What one call is answered with: made from the items that it asks about.
Answer = Callable[[list[dict[str, Any]]], Any]


@dataclass(frozen=True)
class Say:
    """One response.

    Parameters
    ----------
    content : text of the model's message, or a function of the items asked about whose value is sent as JSON.
    status, headers, body : of HTTP; ``body`` (bytes) takes the place of a completion.
    tokens : what the server says the call used.
    late : no answer before the server closes.
    """

    content: str | Answer = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    tokens: int = 10
    late: bool = False


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    path: str
    key: str
    body: dict[str, Any]

    @property
    def system(self) -> str:
        """The instructions."""
        return str(self.body["messages"][0]["content"])

    @property
    def items(self) -> list[dict[str, Any]]:
        """What the message, which is JSON, asks about."""
        return list(json.loads(self.body["messages"][1]["content"])["items"])


class FakeModelServer:
    """Answers chat completions on a free port: each request with the next of ``script``, the last one ever after."""

    def __init__(self) -> None:
        self.script: list[Say] = []
        self.requests: list[Request] = []
        self._closing, self._lock = threading.Event(), threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address to give a client."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def close(self) -> None:
        """Let late answers go, and close the port."""
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _next(self, request: Request) -> Say:
        with self._lock:
            self.requests.append(request)
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                request = Request(self.path, self.headers.get("authorization", ""), body)
                say = server._next(request)
                if say.late:
                    server._closing.wait()
                    return
                data = say.body if say.body is not None else completion(request, say)
                self.send_response(say.status)
                for name, value in {"content-type": "application/json", **say.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


def completion(request: Request, say: Say) -> bytes:
    """A chat completion in the way that the request asks for: as content, or as a call of the tool it names."""
    text = say.content if isinstance(say.content, str) else json.dumps(say.content(request.items), ensure_ascii=False)
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if request.body.get("tools"):
        name = request.body["tools"][0]["function"]["name"]
        message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "1", "type": "function", "function": {"name": name, "arguments": text}}],
        }
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    usage = {"prompt_tokens": say.tokens - 1, "completion_tokens": 1, "total_tokens": say.tokens}
    head = {"id": "1", "object": "chat.completion", "created": 1, "model": "fake"}
    return json.dumps({**head, "choices": [choice], "usage": usage}).encode()


def verdicts(grade: int, quote: Callable[[dict[str, Any]], str]) -> Answer:
    """The same grade for every item, with a quote made from the item."""
    return lambda items: {"verdicts": [{"n": item["n"], "grade": grade, "quote": quote(item)} for item in items]}
