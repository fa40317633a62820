"""A small OpenID Connect provider: real HTTP on loopback, real signatures, and lies where a test asks for them."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "duibiao", "a secret of the client"
LI_NA = {"sub": "u-1", "preferred_username": "li.na", "name": "李娜"}


@dataclass
class Provider:
    """What the provider is and does.

    Parameters
    ----------
    person : claims about who signs in.
    claims : claims of the id token that differ from the true ones; None leaves one out.
    lies : of what else it gets wrong: ``key`` (signed by another key), ``none`` (not signed), ``hmac`` (signed with the
        client's secret), ``issuer`` (metadata of another), ``down`` (the token endpoint fails), ``nonsense`` (it
        answers with no JSON).
    """

    issuer: str
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "u-1", "preferred_username": "li.na", "name": "李娜"}
    )
    claims: dict[str, Any] = field(default_factory=dict)
    lies: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Its keys: the one it publishes, and another."""
        self.rotate()
        self._other = RSAKey.generate_key(2048, {"kid": "one"})

    def rotate(self) -> None:
        """Take a new key."""
        self._key = RSAKey.generate_key(2048, {"kid": f"key-{time.monotonic_ns()}", "use": "sig", "alg": "RS256"})

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        issuer = "http://elsewhere.example" if "issuer" in self.lies else self.issuer
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": issuer, **{name: f"{self.issuer}/{path}" for name, path in places.items()}}

    def keys(self) -> dict[str, Any]:
        """Its public keys, one for encryption among them."""
        encryption = RSAKey.generate_key(2048, {"kid": "enc", "use": "enc"})
        return {"keys": [encryption.as_dict(private=False), self._key.as_dict(private=False)]}

    def authorize(self, query: dict[str, str]) -> str:
        """The user says yes at once: where the browser goes next."""
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.issuer})}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Exchange a code: once, by the client who proves who it is and that it began."""
        query = self.codes.pop(sent.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        proof = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if "down" in self.lies:
            return 500, {"error": "server_error"}
        if query is None or authorization != f"Basic {proof}" or challenge.decode() != query["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if sent["redirect_uri"] != query["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self._signed(query["nonce"])}

    def _signed(self, nonce: str) -> str:
        moment = int(time.time())
        true = {"iss": self.issuer, "aud": CLIENT, "iat": moment, "exp": moment + 300, "nonce": nonce, **self.person}
        claims = {name: value for name, value in {**true, **self.claims}.items() if value is not None}
        if "hmac" in self.lies:
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
        if "none" in self.lies:
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
                + "."
            )
        key = self._other if "key" in self.lies else self._key
        return jwt.encode({"alg": "RS256", "kid": self._key.kid}, claims, key)


@contextmanager
def providing() -> Iterator[Provider]:
    """A running provider."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    server.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()


class _Handler(BaseHTTPRequestHandler):
    @property
    def provider(self) -> Provider:
        return self.server.provider  # type: ignore[attr-defined, no-any-return]

    def do_GET(self) -> None:
        """Metadata, keys, and the page where the user says yes."""
        parts = urlsplit(self.path)
        self.provider.asked.append(parts.path)
        if parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(_plain(parts.query)))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif parts.path == "/keys":
            self._answer(200, self.provider.keys())
        else:
            assert parts.path == "/.well-known/openid-configuration"
            self._answer(200, self.provider.metadata())

    def do_POST(self) -> None:
        """The token endpoint."""
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.provider.asked.append(self.path)
        self._answer(*self.provider.token(_plain(sent), self.headers.get("Authorization", "")))

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        data = b"<html>" if "nonsense" in self.provider.lies else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr."""


def _plain(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
