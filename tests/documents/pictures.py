"""Pictures as a camera or a scanner makes them, with words written into them that must not stay."""

import io

from PIL import Image
from PIL.PngImagePlugin import PngInfo


def picture(kind: str = "PNG", *, size: tuple[int, int] = (40, 30), words: str = "") -> bytes:
    """`words` stand where a camera writes its owner and where it was taken."""
    made, image = io.BytesIO(), Image.new("RGB", size, "teal")
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x013B] = words  # artist
        exif.get_ifd(0x8825)[0x001D] = words  # of the place
        image.save(made, kind, exif=exif, comment=words)
    else:
        inside = PngInfo()
        inside.add_text("Comment", words)
        image.save(made, kind, pnginfo=inside)
    return made.getvalue()
