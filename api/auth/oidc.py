"""Sign-in by an OpenID Connect provider: the code flow with PKCE, state and nonce (extra ``oidc``, authlib).

What the way there and back must remember travels in a cookie that only this service can read. Metadata and keys of the
provider are fetched anew at each sign-in, so that a change of keys needs no restart.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from api.auth.cookies import new_secret
from api.auth.principal import NotSignedInError
from api.settings import ServiceSettings
from corpora.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
    from cryptography.fernet import Fernet

#: How long the way there and back may take, and how long an answer of the provider, in seconds.
PATIENCE, _TIMEOUT = 600, 10
#: Signatures that only the holder of a private key can make.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_LEEWAY = 60
#: Of a provider's client without a secret; another after each start.
_OWN_SECRET = new_secret()


class ProviderError(NotSignedInError):
    """The provider did not sign the user in, or cannot be believed."""

    def __init__(self, what: str) -> None:
        super().__init__(f"统一登录没有成功：{what}")
        self.advice = "请再试一次；仍不成功请联系管理员"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider has identified.

    Parameters
    ----------
    subject : issuer and the provider's own identifier of the person, never given to another.
    login, name : as the provider has them, perhaps empty.
    """

    subject: str
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class Departure:
    """The address to send the browser to, and the cookie it needs when it comes back."""

    address: str
    cookie: str


def check_provider(settings: ServiceSettings) -> None:
    """Check at the start that what the settings ask for can work.

    Raises
    ------
    UsageError : the provider's client id is missing.
    MissingExtraError : authlib is not installed.
    """
    if not settings.oidc_issuer:
        return
    if not settings.oidc_client:
        raise UsageError("设了统一登录，却没有客户端编号", where="DUIBIAO_OIDC_CLIENT", advice="请一并设置")
    if any(find_spec(name) is None for name in ("authlib", "httpx2")):
        raise MissingExtraError(
            "统一登录需要 authlib，尚未安装", where="DUIBIAO_OIDC_ISSUER", advice='请运行 pip install "duibiao[oidc]"'
        )


def depart(settings: ServiceSettings, redirect: str, wanted: str) -> Departure:
    """Begin a sign-in.

    Parameters
    ----------
    redirect : address of ours that the provider sends the browser back to.
    wanted : path to go to afterwards.

    Raises
    ------
    ProviderError : the provider does not answer.
    """
    state, nonce, verifier = new_secret(), new_secret(), new_secret()
    with _talking(), _client(settings, redirect) as client:
        endpoint = _metadata(client, settings)["authorization_endpoint"]
        address, _ = client.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=verifier)
    memory = {"state": state, "nonce": nonce, "verifier": verifier, "next": wanted}
    return Departure(address, _fernet(settings).encrypt(json.dumps(memory).encode()).decode())


def arrive(settings: ServiceSettings, redirect: str, answer: Mapping[str, str], cookie: str) -> tuple[Identity, str]:
    """End a sign-in: whom the provider has identified, and the path to go to.

    Parameters
    ----------
    redirect : as given to ``depart``.
    answer : query of the address that the provider sent the browser back to.
    cookie : of the departure.

    Raises
    ------
    ProviderError : any of it does not fit together.
    """
    memory = _memory(settings, cookie)
    if not hmac.compare_digest(answer.get("state", "").encode(), memory["state"].encode()):
        raise ProviderError("回来的请求不是从这里出发的")
    if answer.get("iss", settings.oidc_issuer).rstrip("/") != settings.oidc_issuer.rstrip("/"):
        raise ProviderError("应答来自另一个提供方")
    if "code" not in answer:
        denied = answer.get("error") == "access_denied"
        raise ProviderError("对方没有同意" if denied else "提供方报告了错误")
    with _talking(), _client(settings, redirect) as client:
        metadata = _metadata(client, settings)
        token = client.fetch_token(
            metadata["token_endpoint"],
            grant_type="authorization_code",
            code=answer["code"],
            code_verifier=memory["verifier"],
        )
        keys = client.request("GET", metadata["jwks_uri"], withhold_token=True).raise_for_status().json()
        claims = _verified(settings, token, keys, memory["nonce"])
    return _identity(settings, claims), memory["next"]


def _identity(settings: ServiceSettings, claims: Mapping[str, Any]) -> Identity:
    login = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
    name = " ".join(str(claims.get("name") or "").split())[:60]
    return Identity(f"{settings.oidc_issuer.rstrip('/')} {claims['sub']}", login, name)


def _verified(settings: ServiceSettings, token: Mapping[str, Any], keys: Any, nonce: str) -> Mapping[str, Any]:
    """The claims of an id token: signed by the provider, for us, for this very sign-in, and not over."""
    from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
    from joserfc import jwt
    from joserfc.jwk import KeySet

    usable = [key for key in keys["keys"] if key["kty"] in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"]
    decoded = jwt.decode(token["id_token"], KeySet.import_key_set({"keys": usable}), algorithms=_ALGORITHMS)
    options = {
        "iss": {"essential": True, "values": [settings.oidc_issuer, settings.oidc_issuer.rstrip("/") + "/"]},
        "aud": {"essential": True, "value": settings.oidc_client},
        "sub": {"essential": True},
    }
    params = {"nonce": nonce, "client_id": settings.oidc_client, "access_token": token.get("access_token")}
    claims = CodeIDToken(decoded.claims, decoded.header, options, params)
    claims.validate(leeway=_LEEWAY)
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise ProviderError("身份令牌不完整")
    return claims


def _metadata(client: OAuth2Client, settings: ServiceSettings) -> dict[str, Any]:
    """What the provider says of itself (OpenID Connect Discovery)."""
    issuer = settings.oidc_issuer.rstrip("/")
    answer = client.request("GET", f"{issuer}/.well-known/openid-configuration", withhold_token=True)
    found: dict[str, Any] = answer.raise_for_status().json()
    if found["issuer"].rstrip("/") != issuer:
        raise ProviderError("提供方的地址与设置不符")
    return found


def _client(settings: ServiceSettings, redirect: str) -> OAuth2Client:
    from authlib.integrations.httpx_client import OAuth2Client

    return OAuth2Client(
        settings.oidc_client,
        settings.oidc_secret or None,
        token_endpoint_auth_method="client_secret_basic" if settings.oidc_secret else "none",
        scope="openid profile email",
        redirect_uri=redirect,
        code_challenge_method="S256",
        timeout=_TIMEOUT,
    )


@contextmanager
def _talking() -> Iterator[None]:
    """Whatever goes wrong with what the provider says is a ProviderError."""
    import httpx2
    from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
    from joserfc.errors import JoseError

    try:
        yield
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise ProviderError("提供方没有应答") from error
    except (AuthlibBaseError, JoseError) as error:
        raise ProviderError("提供方的应答未通过核验") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProviderError("提供方的应答无法读懂") from error


def _memory(settings: ServiceSettings, cookie: str) -> dict[str, str]:
    from cryptography.fernet import InvalidToken

    try:
        found: dict[str, str] = json.loads(_fernet(settings).decrypt(cookie.encode(), ttl=PATIENCE))
    except (InvalidToken, ValueError):
        raise ProviderError("登录用时过长，或浏览器没有保留 Cookie") from None
    return found


def _fernet(settings: ServiceSettings) -> Fernet:
    """Cipher of the cookie; its key comes from the client's secret, so that all processes have the same."""
    from cryptography.fernet import Fernet

    secret = settings.oidc_secret or _OWN_SECRET
    return Fernet(urlsafe_b64encode(sha256(f"duibiao oidc {secret}".encode()).digest()))
