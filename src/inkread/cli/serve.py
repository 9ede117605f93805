"""`inkread serve`: the application and the REST service, for this machine or, with a token, a network."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["serve"]


def serve(
    *,
    host: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Where to listen; any but this machine's own needs a token."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", help="0 takes any that is free.")] = 8765,
    token: Annotated[
        str,
        typer.Option(
            metavar="SECRET", envvar="INKREAD_TOKEN", help="What clients must show; 12 characters or more."
        ),
    ] = "",
    lan: Annotated[
        bool,
        typer.Option("--lan", help="Listen on the network, make a token, let phones be paired by a QR code."),
    ] = False,
    workers: Annotated[
        int | None, typer.Option(metavar="N", help="Processes that read; by default one a core, 4 at most.")
    ] = None,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", help="Reading that takes longer is stopped.")
    ] = 60.0,
    body_limit: Annotated[float, typer.Option(metavar="MB", help="Larger requests are refused.")] = 40.0,
    rate: Annotated[
        float, typer.Option(metavar="N", help="Requests a second from one other machine; 0 for no limit.")
    ] = 30.0,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A host name under which clients call, as behind a proxy."),
    ] = None,
) -> None:
    """Serve the application and the REST interface until Ctrl-C.

    The page is at / and the description of the REST interface at /docs. Nothing leaves this machine, and
    nothing is kept.
    """
    from inkread.server.serving import serve as run
    from inkread.server.settings import Limits, Settings

    own = {} if workers is None else {"workers": workers}
    limits = Limits(seconds=time_limit, body_mb=body_limit, rate=rate, **own)
    if lan:
        import secrets

        host = "0.0.0.0" if host == "127.0.0.1" else host  # asked for, and with a token
        token = token or secrets.token_urlsafe(24)
    run(Settings(host, port, token, lan, names=tuple(allow_host or ()), limits=limits))
