"""What people attach as the scan of a signed paper: a PDF or a picture, and nothing that a browser would run."""

HEADS = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
BOXES = (b"ftyp", b"WEBP")  # photographs of phones, behind a length


def is_scan(content):
    """
    :param bytes content: of the file, whatever its name
    """
    return content.startswith(HEADS) or content[4:8] == BOXES[0] or content[8:12] == BOXES[1]
