"""A local SMTP server that keeps what Odoo sends, and that can be told to refuse it.

Mails are written to a folder, one .eml file each, in order of arrival, with a line of JSON in index.jsonl.
The file `orders` of that folder, when it exists, says how to answer from then on, one word:
accept, 451 or 550 (refuse the recipient), drop (take the whole mail, then cut without an answer),
drop-lost (cut in the middle of it).
"""

import argparse
import asyncio
import email
import email.policy
import json
import pathlib
import time

from aiosmtpd.smtp import SMTP


class Catcher:
    def __init__(self, folder):
        self.folder = folder
        self.count = len(list(folder.glob("*.eml")))

    def order(self):
        orders = self.folder / "orders"
        return orders.read_text().strip() if orders.exists() else "accept"

    async def handle_RCPT(self, server, session, envelope, address, options):
        order = self.order()
        if order in ("451", "550"):
            return f"{order} told to refuse"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        order = self.order()
        if order == "drop-lost":
            server.transport.abort()
            return "421 cut"
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        self.count += 1
        name = f"{self.count:06}.eml"
        (self.folder / name).write_bytes(envelope.original_content)
        line = {
            "file": name,
            "at": time.time(),
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": str(message["Subject"]),
            "message_id": str(message["Message-ID"]).strip(),
        }
        with (self.folder / "index.jsonl").open("a") as index:
            index.write(json.dumps(line, ensure_ascii=False) + "\n")
        if order == "drop":
            server.transport.abort()
        return "250 OK"


async def serve(port, folder):
    folder.mkdir(parents=True, exist_ok=True)
    loop = asyncio.get_running_loop()
    catcher = Catcher(folder)
    server = await loop.create_server(lambda: SMTP(catcher, loop=loop, enable_SMTPUTF8=True), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.folder))
