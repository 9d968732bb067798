"""Settings from the environment (prefix ``HOTLINE_``), checked at start, failing by name.

Every field stands in ``.env.example`` too; a test compares the two.
"""

from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """One object per process, made by its wiring function and passed on."""

    model_config = SettingsConfigDict(
        env_prefix="HOTLINE_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    # where state lives
    data: Path = Field(ROOT / ".hotline" / "data", description="folder for embedded state")
    database_url: str = Field(
        "", description="SQLAlchemy async URL; empty: SQLite in the data folder"
    )
    redis_url: str = Field("", description="Redis URL; empty: the embedded server's Unix socket")
    entries: Path = Field(
        ROOT / "knowledge_base" / "entries",
        description="the knowledge base's theme files; sources.yml, districts.yml and "
        "regression.yml beside the folder go before the product's",
    )
    entries_reviewed: bool = Field(
        False, description="must a second editor accept every change made on the desk's page"
    )
    encoder: Path | None = Field(
        None,
        description="a sentence encoder's folder (an ONNX export) that the search uses beside the "
        "words; empty: none",
    )
    secret: SecretStr = Field(
        SecretStr(""),
        description="signs session tokens; empty: one is made and kept in the data folder",
    )

    desk_second_factor: bool = Field(
        False, description="must everybody at the desk sign in with a code (TOTP) too"
    )

    # signing in at the desk by OpenID Connect
    oidc_issuer: str = Field("", description="https://…, as the issuer names itself; empty: off")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="empty: a public client")
    oidc_role_claim: str = Field("roles", description="the claim with the roles; a.b looks inside")
    oidc_roles: str = Field(
        "", description="their value:our role, separated by commas, the strongest first"
    )

    # where processes listen
    host: str = "127.0.0.1"
    port: int = Field(8345, description="the gateway: chat page, desk, API")
    rasa_url: str = "http://127.0.0.1:8348"
    actions_port: int = 8350
    worker_port: int = 8349
    voice_port: int = Field(
        8346, description="the voice process: transcription, speech, phone media"
    )

    media_host: str = Field("127.0.0.1", description="where the voice process listens")
    audiosocket_port: int = Field(8347, description="the voice process: Asterisk's AudioSocket")
    most_calls: int = Field(
        50, description="calls at once in one voice process; the next is refused"
    )

    record_calls: Literal["never", "told"] = Field(
        "never", description="told: callers hear that they are recorded, and may refuse"
    )
    recording_days: int = Field(90, description="how long recordings are kept")
    asterisk_manager: str = Field(
        "", description="host:port of Asterisk's manager, for calls that we make; empty: none"
    )
    asterisk_secret: SecretStr = Field(SecretStr(""), description="our password there")

    # deadlines, seconds
    dialogue_seconds: float = Field(4.0, description="how long Rasa may think about an utterance")
    action_seconds: float = Field(3.0, description="how long an action may take")
    voice_seconds: float = Field(20.0, description="how long the gateway waits for a transcription")

    # a second opinion on what the models are unsure of
    opinion_url: str = Field(
        "", description="a language model with OpenAI's API, http://host/v1; empty: none is asked"
    )
    opinion_encoder: Path | None = Field(
        None,
        description="a sentence encoder's folder, whose nearest examples are asked instead; empty: "
        "none",
    )
    opinion_model: str = ""
    opinion_key: SecretStr = SecretStr("")
    opinion_seconds: float = Field(1.5, description="how long it may think")
    opinion_outside: bool = Field(
        False, description="may it lie outside the own network (it gets no places and numbers)"
    )

    # speech
    stt_model: str = Field(
        "",
        description="faster-whisper model name or folder; empty: the best at hand",
    )
    stt_partial_model: str = Field(
        "",
        description="a small model, by name or folder, for what is still being said (words of "
        "danger); empty: the turns' model does both",
    )
    stt_url: str = Field(
        "", description="a recogniser elsewhere (OpenAI's API, http://host/v1); empty: in-process"
    )
    stt_key: SecretStr = SecretStr("")
    stt_language: str = "zh"
    stt_download: bool = Field(
        True, description="may a better speech model be fetched while the demonstration serves"
    )
    voice_mandarin: str = "zh-CN-XiaoxiaoNeural"
    voice_cantonese: str = "zh-HK-HiuGaaiNeural"
    speech_fallback_seconds: float = Field(
        0.7, description="silence of the outside voice before the local one speaks"
    )
    speech_outside: bool = Field(
        True, description="may fixed sentences go to the outside voice service"
    )

    # delivery
    dispatch: str = Field("log", description="'log' or the URL of the city's dispatch system")
    dispatch_secret: SecretStr = Field(
        SecretStr(""), description="shared with it: signs what goes out, checks what comes in"
    )
    open311_keys: SecretStr = Field(
        SecretStr(""), description="who may use Open311: name:key, separated by commas"
    )

    # WeChat: a mini-program, an official account, both or none
    wechat_url: str = "https://api.weixin.qq.com"
    public_url: str = Field(
        "", description="the gateway as seen from outside; pictures are checked only with it"
    )
    wechat_seconds: float = Field(4.0, description="how long WeChat's servers may take")
    wechat_miniprogram_id: str = Field("", description="app id; empty: no mini-program")
    wechat_miniprogram_secret: SecretStr = SecretStr("")
    wechat_miniprogram_token: SecretStr = Field(
        SecretStr(""), description="signs what WeChat pushes to /wechat/miniprogram"
    )
    wechat_miniprogram_aes_key: SecretStr = Field(
        SecretStr(""), description="EncodingAESKey, 43 characters; empty: plain mode"
    )
    wechat_transferred_template: str = Field(
        "", description="subscription template: a unit has the ticket; empty: none"
    )
    wechat_result_template: str = Field(
        "", description="subscription template: the ticket is closed; empty: none"
    )
    wechat_call_back_template: str = Field(
        "", description="subscription template: the result waits to be rated; empty: none"
    )
    wechat_official_id: str = Field("", description="app id; empty: no official account")
    wechat_official_secret: SecretStr = SecretStr("")
    wechat_official_token: SecretStr = Field(
        SecretStr(""), description="signs what WeChat pushes to /wechat/official"
    )
    wechat_official_aes_key: SecretStr = SecretStr("")

    # logs
    log_level: str = "INFO"
    log_json: bool = True

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_issuer(cls, value: str) -> str:
        told = urlsplit(value)
        local = told.hostname in ("127.0.0.1", "localhost", "::1")
        if value and (
            told.scheme not in ("https", "http") or (told.scheme == "http" and not local)
        ):
            raise ValueError("https, or http on this machine")
        return value

    @field_validator("encoder", "opinion_encoder")
    @classmethod
    def _whole_encoder(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        from knowledge_base.layout import Layout

        Layout.of(value)
        return value.resolve()

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'hotline.db'}"

    @cached_property
    def redis(self) -> str:
        """The Redis URL in force."""
        return self.redis_url or f"unix://{self.data / 'redis.sock'}"
