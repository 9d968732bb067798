"""The hotline's accounts with WeChat, from the settings."""

from dataclasses import dataclass, field

from bot.settings import Settings


@dataclass(frozen=True)
class Account:
    """One account: ``miniprogram`` or ``official``. ``aes_key``: empty in plain mode."""

    name: str
    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)


def accounts(settings: Settings) -> dict[str, Account]:
    """The accounts that are set up, by name; none without its app id."""
    found = (
        Account(
            "miniprogram",
            settings.wechat_miniprogram_id,
            settings.wechat_miniprogram_secret.get_secret_value(),
            settings.wechat_miniprogram_token.get_secret_value(),
            settings.wechat_miniprogram_aes_key.get_secret_value(),
        ),
        Account(
            "official",
            settings.wechat_official_id,
            settings.wechat_official_secret.get_secret_value(),
            settings.wechat_official_token.get_secret_value(),
            settings.wechat_official_aes_key.get_secret_value(),
        ),
    )
    return {account.name: account for account in found if account.app_id}
