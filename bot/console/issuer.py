"""OpenID Connect's other side: the issuer that says who somebody is.

Authorization code flow with PKCE (OpenID Connect Core 1.0 §3.1, RFC 7636), the issuer's addresses
and keys by discovery. Only signatures that name a public key count.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlencode

import aiohttp
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from bot.clock import Clock
from bot.rules.errors import Rejected, Unavailable

ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519", "EdDSA")
DEADLINE = aiohttp.ClientTimeout(total=5)
KEPT_SECONDS = 3600.0
LEEWAY_SECONDS = 60
SCOPE = "openid profile"


@dataclass(frozen=True)
class Client:
    """What the issuer knows us by. Without ``secret`` a public client."""

    issuer: str
    name: str
    secret: str = ""


@dataclass(frozen=True)
class Question:
    """One sign-in under way: where the browser goes, and what must come back with it."""

    address: str
    state: str
    nonce: str
    verifier: str


class Issuer:
    """One per gateway."""

    def __init__(self, http: aiohttp.ClientSession, client: Client, clock: Clock) -> None:
        self._http = http
        self._client = client
        self._clock = clock
        self._told: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._told_at = 0.0

    async def ask(self, back: str) -> Question:
        """A new sign-in that ends at ``back``, our address."""
        told = await self._discovered()
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
        query = {
            "response_type": "code",
            "client_id": self._client.name,
            "redirect_uri": back,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        end = told["authorization_endpoint"]
        address = f"{end}{'&' if '?' in end else '?'}{urlencode(query)}"
        return Question(address, state, nonce, verifier)

    async def claims(self, code: str, back: str, nonce: str, verifier: str) -> dict[str, Any]:
        """Who it is. Rejected (``oidc_refused``): the code or the token is not good."""
        told = await self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        headers = {"Accept": "application/json"}
        if self._client.secret:  # each part encoded as RFC 6749 §2.3.1 says
            pair = f"{quote_plus(self._client.name)}:{quote_plus(self._client.secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = self._client.name
        answer = await self._reached("POST", told["token_endpoint"], data=form, headers=headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Rejected("the issuer gave no ID token", code="oidc_refused")
        return await self._checked(token, nonce)

    async def _checked(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            claims = await self._signed(token)
            wanted = jwt.JWTClaimsRegistry(
                now=int(self._clock().timestamp()),
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": self._client.issuer},
                aud={"essential": True, "value": self._client.name},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            )
            wanted.validate(claims)
        except (JoseError, ValueError) as error:
            raise Rejected(f"ID token: {type(error).__name__}", code="oidc_refused") from None
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise Rejected("ID token: another nonce", code="oidc_refused", field="nonce")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self._client.name:
            raise Rejected("ID token: for another client", code="oidc_refused", field="azp")
        return claims

    async def _signed(self, token: str) -> dict[str, Any]:
        """The claims of a token with a good signature; keys may have been changed meanwhile."""
        try:
            return jwt.decode(token, await self._known_keys(), ALGORITHMS).claims
        except InvalidKeyIdError:
            self._keys = None
            return jwt.decode(token, await self._known_keys(), ALGORITHMS).claims

    async def _known_keys(self) -> KeySet:
        if self._keys is None:
            told = await self._reached("GET", (await self._discovered())["jwks_uri"])
            try:
                self._keys = KeySet.import_key_set(told)  # type: ignore[arg-type]
            except (KeyError, TypeError) as error:
                raise Unavailable("the issuer's keys cannot be read") from error
        return self._keys

    async def _discovered(self) -> dict[str, Any]:
        at = self._clock().timestamp()
        if not self._told or at - self._told_at > KEPT_SECONDS:
            issuer = self._client.issuer
            told = await self._reached(
                "GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            )
            ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if told.get("issuer") != issuer or not all(isinstance(told.get(e), str) for e in ends):
                raise Unavailable("the issuer does not describe itself")
            self._told, self._keys, self._told_at = told, None, at
        return self._told

    async def _reached(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            async with self._http.request(
                method, address, timeout=DEADLINE, allow_redirects=False, **more
            ) as answer:
                if method == "POST" and 400 <= answer.status < 500:
                    raise Rejected("the issuer refused the code", code="oidc_refused")
                if answer.status != 200:
                    raise Unavailable(f"the issuer answered {answer.status}")
                told = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unavailable("the issuer does not answer") from error
        if not isinstance(told, dict):
            raise Unavailable("the issuer does not answer with an object")
        return told
