"""Uploads come in a few at a time, and only what the disk has room for."""

from __future__ import annotations

import asyncio
import shutil
from types import SimpleNamespace

import pytest

from ui.api.receiving import AT_ONCE, Receiving
from ui.http_serving.problems import ProblemError

MEGABYTE = 1024 * 1024


def test_only_a_few_come_in_side_by_side_and_who_waits_for_long_is_told_so() -> None:
    async def play() -> list[str]:
        receiving, door, codes = Receiving(patience=0.01), asyncio.Event(), list[str]()

        async def send() -> None:
            async with receiving.turn(1):
                await door.wait()

        begun = [asyncio.ensure_future(send()) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)
        with pytest.raises(ProblemError) as refused:
            await send()
        codes.append(refused.value.code)
        door.set()
        await asyncio.gather(*begun)
        await send()  # there is room again
        return codes

    assert asyncio.run(play()) == ["overloaded"]


def test_what_would_fill_the_disk_together_with_what_is_coming_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000 * MEGABYTE))

    async def play() -> None:
        receiving = Receiving(patience=1)
        async with receiving.turn(500 * MEGABYTE):
            with pytest.raises(ProblemError) as refused:
                async with receiving.turn(500 * MEGABYTE):
                    pass
            assert (refused.value.code, refused.value.status) == ("unavailable", 503)
        async with receiving.turn(500 * MEGABYTE):
            pass

    asyncio.run(play())
