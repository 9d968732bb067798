"""A stand-in for a city's accounts: an OpenID Connect issuer, as the specifications have it.

OpenID Connect Core 1.0 §3.1 (code flow), Discovery 1.0, RFC 7636 (PKCE, S256 alone), RFC 6749
§2.3.1 (client authentication). Whoever comes is `claims`; ``wrong`` bends what it answers.
"""

import base64
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from aiohttp import BasicAuth, web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "hotline 12345", "s3cret:/+"


@dataclass
class StandIn:
    """``url`` is known once it is served."""

    claims: dict[str, Any] = field(default_factory=dict)
    wrong: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    url: str = ""
    signs_with: RSAKey | None = None  # another key than the published one
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig"})

    def turn_key(self) -> None:
        """A new key in the old one's place, as issuers do now and then."""
        self.key = RSAKey.generate_key(2048, parameters={"kid": "2", "use": "sig"})

    async def discovery(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def keys(self, _: web.Request) -> web.Response:
        return web.json_response(KeySet([self.key]).as_dict(private=False))

    async def authorize(self, request: web.Request) -> web.Response:
        asked = dict(request.query)
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        return web.Response(status=302, headers={"Location": back})

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        known = BasicAuth.decode(request.headers.get("Authorization", "Basic Og=="))
        asked = self.codes.pop(str(form["code"]), None)
        challenge = base64.urlsafe_b64encode(sha256(str(form["code_verifier"]).encode()).digest())
        if (known.login, known.password) != ("hotline+12345", "s3cret%3A%2F%2B"):
            return web.json_response({"error": "invalid_client"}, status=401)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        if challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        at = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": at, "exp": at + 300, "sub": "42"}
        claims = self.wrong(claims | {"nonce": asked["nonce"]} | self.claims)
        header = {"alg": "RS256", "kid": self.key.kid}
        token = jwt.encode(header, claims, self.signs_with or self.key)
        return web.json_response(
            {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token}
        )


@asynccontextmanager
async def served() -> AsyncIterator[StandIn]:
    """On a port of its own."""
    stand_in = StandIn()
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", stand_in.discovery)
    app.router.add_get("/keys", stand_in.keys)
    app.router.add_get("/authorize", stand_in.authorize)
    app.router.add_post("/token", stand_in.token)
    async with TestServer(app) as server:
        stand_in.url = str(server.make_url("")).rstrip("/")
        yield stand_in
