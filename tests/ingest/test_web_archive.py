"""Web archives: the page and its pictures in one file."""

from __future__ import annotations

from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from ingest.documents import Picture
from ingest.files.formats import WEB_ARCHIVE, recognise
from ingest.html.web_archive import read_web_archive
from vectorstore.errors import ReadError

IMAGE = b"\x89PNG\r\n\x1a\n" + bytes(500)
PAGE = (
    "<html><body><p>白石镇2023年政府信息公开工作年度报告</p><p>一、总体情况</p><p>二、主动公开政府信息情况</p>"
    '<img src="年报.files/image001.png"><img src="cid:two@x"><p>六、其他</p><p>无。</p></body></html>'
)


def archive(charset: str = "utf-8") -> bytes:
    message = MIMEMultipart("related")
    message["Snapshot-Content-Location"] = "http://www.example.gov.cn/n/1.html"
    message.attach(MIMEText(PAGE, "html", charset))
    for name, content_id in (("file:///C:/a/image001.png", ""), ("http://www.example.gov.cn/b.png", "<two@x>")):
        picture = MIMEImage(IMAGE, "png")
        picture["Content-Location"] = name
        if content_id:
            picture["Content-ID"] = content_id
        message.attach(picture)
    return message.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_pictures_come_with_their_bytes_and_the_address_is_metadata(charset: str) -> None:
    document = read_web_archive(archive(charset), "page.mht")
    assert [block.image for block in document.blocks if isinstance(block, Picture)] == [IMAGE, IMAGE]
    assert document.text.startswith("白石镇2023年政府信息公开工作年度报告\n")
    assert document.metadata["url"] == "http://www.example.gov.cn/n/1.html"


def test_contents_tell_a_web_archive() -> None:
    assert recognise(archive()) is WEB_ARCHIVE


def test_an_archive_without_a_page_is_refused_in_one_line() -> None:
    for data in (b"", b"MIME-Version: 1.0\n\nhello", archive()[:200]):
        with pytest.raises(ReadError, match=r"a\.mht") as refused:
            read_web_archive(data, "a.mht")
        assert "\n" not in str(refused.value)
