"""What a phone sends as a signature: a drawing is kept, anything else is not."""

import base64
import io
import struct
import zlib

from PIL import Image, ImageDraw, PngImagePlugin

from odoo.tests import BaseCase, tagged

from odoo.addons.pope_training.core import signature_image


def sent(content):
    return "data:image/png;base64," + base64.b64encode(content).decode()


def drawn(size=(300, 150), mode="RGBA", color=(0, 0, 0, 255), **options):
    image = Image.new(mode, size)
    ImageDraw.Draw(image).line([(10, 10), (size[0] - 10, size[1] - 10)], fill=color, width=4)
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


@tagged("post_install", "-at_install")
class TestSignatureImage(BaseCase):
    def test_a_drawing_is_kept_without_anything_else(self):
        told = PngImagePlugin.PngInfo()
        told.add_text("Comment", "<script>alert(1)</script>")
        content = signature_image.read(sent(drawn(pnginfo=told)))
        image = Image.open(io.BytesIO(content))
        self.assertEqual((image.format, image.size), ("PNG", (300, 150)))
        self.assertNotIn(b"script", content)
        self.assertLess(len(content), 3000)
        self.assertEqual(image.getpixel((150, 75)), 0, "the line is black")
        self.assertEqual(image.getpixel((150, 20)), 255, "on white")

    def test_what_is_no_drawing_is_refused(self):
        header = b"\x89PNG\r\n\x1a\n"
        size = struct.pack(">IIBBBBB", 60000, 60000, 8, 6, 0, 0, 0)
        bomb = header + struct.pack(">I", 13) + b"IHDR" + size + struct.pack(">I", zlib.crc32(b"IHDR" + size))
        jpeg = io.BytesIO()
        Image.new("RGB", (300, 150)).save(jpeg, "JPEG")
        for content in (
            None,
            "",
            "bonjour",
            "data:image/svg+xml;base64,PHN2Zz4=",
            "data:image/png;base64,%%%%",
            "data:image/png;base64,é",
            sent(b""),
            sent(jpeg.getvalue()),
            sent(bomb),
            sent(drawn()[:120]),
            sent(drawn((3000, 100))),
            sent(drawn((5, 5))),
            sent(drawn(color=(0, 0, 0, 0))),
            sent(drawn(color=(255, 255, 255, 255))),
            sent(drawn() + b"0" * 200_000),
        ):
            with self.assertRaises(signature_image.NotASignature, msg=str(content)[:60]):
                signature_image.read(content)
