"""What an optional framework needs."""

from __future__ import annotations

from importlib.util import find_spec


def check_installed(package: str, *, extra: str) -> None:
    """See that an optional package is there, without importing it.

    Raises:
        ImportError: It isn't; the message says what to install.
    """
    if find_spec(package) is None:
        raise ImportError(f'{package} isn\'t installed. Run `pip install "nianbao[{extra}]"`.', name=package)
