"""The markup of Word files that python-docx doesn't write: tracked changes, text boxes, fields, lists, merged cells."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import PurePosixPath

from samples.grid import GridCell

_URI = "http://schemas.openxmlformats.org"
_MICROSOFT = "http://schemas.microsoft.com/office/word/2010"
NAMESPACES = (
    f'xmlns:w="{_URI}/wordprocessingml/2006/main" xmlns:wp="{_URI}/drawingml/2006/wordprocessingDrawing" '
    f'xmlns:a="{_URI}/drawingml/2006/main" xmlns:mc="{_URI}/markup-compatibility/2006" '
    f'xmlns:r="{_URI}/officeDocument/2006/relationships" xmlns:v="urn:schemas-microsoft-com:vml" '
    f'xmlns:wps="{_MICROSOFT}/wordprocessingShape"'
)
_TRACKED = 'w:id="{}" w:author="审核" w:date="2024-01-05T09:00:00Z"'
NUMBERING = f"""<w:numbering {NAMESPACES}>
<w:abstractNum w:abstractNumId="50"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{{first}}"/><w:pStyle w:val="{{style}}"/>
<w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="{{second}}"/><w:suff w:val="nothing"/>
<w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum><w:num w:numId="50"><w:abstractNumId w:val="50"/></w:num></w:numbering>"""


def run(text: str, properties: str = "") -> str:
    """A run; line breaks become ``w:br``."""
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")]
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{'<w:br/>'.join(lines)}</w:r>"


def deleted(text: str, rng: random.Random) -> str:
    """A run that a tracked change took out."""
    attributes = _TRACKED.format(rng.randint(1, 9999))
    return f"<w:del {attributes}><w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>"


def inserted(runs: str, rng: random.Random) -> str:
    return f"<w:ins {_TRACKED.format(rng.randint(1, 9999))}>{runs}</w:ins>"


def moved(text: str, rng: random.Random) -> str:
    """A text at the place that it was moved to, with the trace of where it was."""
    attributes = _TRACKED.format(rng.randint(1, 9999))
    return f"<w:moveFrom {attributes}>{run(text)}</w:moveFrom><w:moveTo {attributes}>{run(text)}</w:moveTo>"


def field(text: str) -> str:
    """A text that is the result of a field."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = '<w:r><w:instrText xml:space="preserve"> DOCPROPERTY  数量99  \\* MERGEFORMAT </w:instrText></w:r>'
    return mark.format("begin") + code + mark.format("separate") + run(text) + mark.format("end")


def varied(text: str, rng: random.Random, *, is_tracked: bool) -> str:
    """The runs of a text, torn apart as editing leaves them: what a reader of the page sees is the text alone."""
    cuts = sorted(rng.randint(0, len(text)) for _ in range(rng.randint(0, 3)))
    runs = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        piece = text[start:end]
        if not piece:
            continue
        way = rng.random()
        if way < 0.1:
            runs.append(f'<w:smartTag w:uri="urn:x" w:element="date">{run(piece)}</w:smartTag>')
        elif way < 0.15:
            runs.append(field(piece))
        elif way < 0.2:
            runs.append(f'<w:hyperlink w:anchor="附">{run(piece)}</w:hyperlink>')
        elif way < 0.25:
            runs.append(f"<w:sdt><w:sdtPr/><w:sdtContent>{run(piece)}</w:sdtContent></w:sdt>")
        elif way < 0.4 and is_tracked:
            runs.append(inserted(run(piece), rng))
        elif way < 0.45 and is_tracked and "\n" not in piece:
            runs.append(moved(piece, rng))
        else:
            runs.append(run(piece))
        if rng.random() < 0.1:
            runs.append(run("778件", "<w:vanish/>"))
        if is_tracked and rng.random() < 0.3:
            runs.append(deleted(f"{rng.randint(2, 99)}件", rng))
    return "".join(runs)


def paragraph(runs: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def text_box(paragraphs: str) -> str:
    """A run with a text box, as Word writes it: once for itself and once for programs that don't know such shapes."""
    content = f"<w:txbxContent>{paragraphs}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>'
        '<wp:extent cx="5000000" cy="900000"/>'
        '<wp:docPr id="9" name="文本框 9"/><a:graphic><a:graphicData uri="u"><wps:wsp><wps:txbx>'
        f"{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback>"
        f'<w:pict><v:shape style="width:400pt;height:80pt"><v:textbox>{content}</v:textbox></v:shape></w:pict>'
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def picture(identifier: str, kind: str) -> str:
    """A run with a picture: in the line (``inline``) or floating (``anchor``)."""
    return (
        f'<w:r><w:drawing><wp:{kind}><wp:extent cx="5400000" cy="1600000"/><wp:docPr id="7" name="图片 7"/><a:graphic>'
        f'<a:graphicData uri="u"><pic:pic xmlns:pic="{_URI}/drawingml/2006/picture"><pic:blipFill>'
        f'<a:blip r:embed="{identifier}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:{kind}>'
        "</w:drawing></w:r>"
    )


def vml_picture(identifier: str) -> str:
    """A run with a picture as Word wrote it before 2007."""
    shape = f'<v:shape style="width:415pt;height:120pt"><v:imagedata r:id="{identifier}"/></v:shape>'
    return f"<w:r><w:pict>{shape}</w:pict></w:r>"


def table(rows: Sequence[Sequence[GridCell]], contents: Sequence[Sequence[str]], rng: random.Random) -> str:
    """A table on its grid.

    Args:
        contents: The paragraphs of each cell, in the order of ``rows``.
    """
    width = max(cell.column + cell.column_span for row in rows for cell in row)
    # Dragging borders about leaves columns that no one sees.
    edges = [0]
    for _ in range(width):
        edges.append(edges[-1] + rng.choice((1, 1, 1, 2)))
    lines = []
    for number, (row, texts) in enumerate(zip(rows, contents, strict=True)):
        placed = {cell.column: (cell, text) for cell, text in zip(row, texts, strict=True)}
        above = {c.column: c for earlier in rows[:number] for c in earlier if c.row + c.row_span > number}
        cells = []
        for column in sorted({*placed, *above}):
            cell, text = placed.get(column) or (above[column], "<w:p/>")
            span = edges[column + cell.column_span] - edges[column]
            merge = ""
            if column in above:
                merge = rng.choice(("<w:vMerge/>", '<w:vMerge w:val="continue"/>'))
            elif cell.row_span > 1:
                merge = '<w:vMerge w:val="restart"/>'
            spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
            cells.append(f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/>{spans}{merge}</w:tcPr>{text}</w:tc>')
        lines.append(f"<w:tr>{''.join(cells)}</w:tr>")
    columns = '<w:gridCol w:w="700"/>' * edges[-1]
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(lines)}</w:tbl>"


def frame(content: str) -> str:
    """A table of one cell around paragraphs and tables."""
    cell = f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>{content}<w:p/></w:tc>'
    return f'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid><w:tr>{cell}</w:tr></w:tbl>'


def blank_picture(width: int, height: int, shade: int) -> bytes:
    """A PNG of one shade of grey, 0 to 255."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + bytes((shade,)) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def minimal_file(
    body: str, parts: Mapping[str, str | bytes] | None = None, external: Mapping[str, str] | None = None
) -> bytes:
    """The smallest Word file with this markup in its body.

    Args:
        parts: Further parts of the folder ``word``, by name: ``numbering.xml``, ``media/image1.png``. The document
            refers to each by its name without folder and extension.
        external: Targets outside the file, by identifier.
    """
    parts = parts or {}
    office = f"{_URI}/officeDocument/2006/relationships"
    relations = [
        f'<Relationship Id="{_stem(name)}" Type="{office}/{_kind(name)}" Target="{name}"/>' for name in parts
    ] + [
        f'<Relationship Id="{name}" Type="{office}/image" Target="{target}" TargetMode="External"/>'
        for name, target in (external or {}).items()
    ]
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(parts),
        "_rels/.rels": _relationships(
            [f'<Relationship Id="a" Type="{office}/officeDocument" Target="word/document.xml"/>']
        ),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": _relationships(relations),
        **{f"word/{name}": content for name, content in parts.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def _relationships(relations: Sequence[str]) -> str:
    return f'<Relationships xmlns="{_URI}/package/2006/relationships">{"".join(relations)}</Relationships>'


def _content_types(parts: Mapping[str, str | bytes]) -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    overrides = [("document.xml", "document.main"), *((n, _stem(n)) for n in parts if n.endswith(".xml"))]
    declared = "".join(
        f'<Override PartName="/word/{name}" ContentType="{word}.{kind}+xml"/>' for name, kind in overrides
    )
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
    )
    return f'<Types xmlns="{_URI}/package/2006/content-types">{defaults}{declared}</Types>'


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def _kind(name: str) -> str:
    if name.startswith("chunks/"):
        return "aFChunk"
    return "image" if name.startswith("media/") else _stem(name)
