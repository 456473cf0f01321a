from __future__ import annotations

import codecs

from blog.importing.errors import FileRefused

# UTF-32's little-endian mark begins with UTF-16's, so it is asked first.
MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]


def decode(data: bytes) -> str:
    """The text of a file, its lines ended by `\\n`. Raises `FileRefused`.

    UTF-8, or what a byte order mark says. Nothing else is guessed: a wrong guess would
    be stored as if it were the author's words.
    """
    encoding = "utf-8"
    for mark, name in MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            f"line {line} is not {encoding.upper()}; save the file as UTF-8"
        ) from error
    if "\0" in text:
        raise FileRefused("it holds a NUL character, so it is not a text")
    return text.replace("\r\n", "\n")
