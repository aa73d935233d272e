"""A file of Fernet tokens, one for each 64 KB of the plain file: written as a stream, read from any place."""

import io
from collections.abc import Iterable
from pathlib import Path

from rj_service.audit.fields import box

BLOCK = 64 * 1024


def write_encrypted(path: Path, chunks: Iterable[bytes]) -> None:
    with path.open("xb") as target:
        held = b""
        for chunk in chunks:
            held += chunk
            while len(held) >= BLOCK:
                target.write(box().encrypt(held[:BLOCK]))
                held = held[BLOCK:]
        if held:
            target.write(box().encrypt(held))


class EncryptedReader(io.RawIOBase):
    """The plain file behind the tokens. Only the block being read is ever open in memory."""

    def __init__(self, path: Path, size: int):
        self._file = path.open("rb")
        self._size = size
        self._token_size = len(box().encrypt(bytes(BLOCK)))
        self._place = 0
        self._open: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer) -> int:
        if self._place >= self._size:
            return 0
        number, inside = divmod(self._place, BLOCK)
        if self._open[0] != number:
            self._file.seek(number * self._token_size)
            self._open = (number, box().decrypt(self._file.read(self._token_size)))
        piece = self._open[1][inside : inside + len(buffer)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()
