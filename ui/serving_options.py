"""The options of the commands that serve over HTTP, and the settings that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ui.http_serving.settings import ServerSettings

THIS_COMPUTER = "127.0.0.1"
A_MINUTE, AT_ONCE = 1200, 100
TOKEN_VARIABLE = "NIANBAO_TOKEN"

ListenAt = Annotated[str, typer.Option("--host", help="The address to listen at; 127.0.0.1 is this computer only.")]
OnPort = Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")]
NeedsToken = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar=TOKEN_VARIABLE,
        show_envvar=False,
        help="What every request must bring as `Authorization: Bearer TOKEN`; needed unless only this computer is "
        "served. Better given as $NIANBAO_TOKEN: other users of this computer can read a command line.",
    ),
]
OwnName = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="NAME",
        help="A name that it may be asked for under, as nianbao.example.org; can be given several times.",
    ),
]
FromOrigin = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-origin",
        metavar="ORIGIN",
        help="Where pages may use it from a browser, as https://notes.example.org; can be given several times.",
    ),
]
ARate = Annotated[
    int, typer.Option("--rate", min=0, metavar="N", help="Requests a minute of one address; 0: any number.")
]
SoManyAtOnce = Annotated[
    int, typer.Option("--at-once", min=1, max=10_000, metavar="N", help="Requests of one address at a time.")
]


def server_settings(
    host: str,
    token: str | None,
    names: list[str] | None,
    origins: list[str] | None,
    rate: int,
    at_once: int,
) -> ServerSettings:
    """What these options say; an empty token is none."""
    from ui.http_serving.settings import ServerSettings

    return ServerSettings(
        host=host,
        token=token or None,
        names=tuple(names or ()),
        origins=tuple(origin.rstrip("/") for origin in origins or ()),
        rate=rate,
        at_once=at_once,
        under_way=max(ServerSettings().under_way, at_once),
    )


def told_address(address: str, settings: ServerSettings) -> str:
    """Where it is served, and with what."""
    token = "" if settings.token is None else ", with the token as `Authorization: Bearer …`"
    return f"{address}{token} (Ctrl+C ends it)"
