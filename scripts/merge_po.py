"""Merges a fresh .pot into a .po, keeping its translations: merge_po.py FRESH.pot FR.po"""

import pathlib
import sys

import polib

template, path = polib.pofile(sys.argv[1]), pathlib.Path(sys.argv[2])
known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))} if path.exists() else {}
merged = polib.POFile(wrapwidth=78)
merged.metadata = {**template.metadata, "Language": "fr", "Plural-Forms": "nplurals=2; plural=(n > 1);"}
for date in ("POT-Creation-Date", "PO-Revision-Date"):  # a date would change the file at each run
    merged.metadata.pop(date, None)
    template.metadata.pop(date, None)
for entry in template:
    entry.msgstr = known.get(entry.msgid, "")
    merged.append(entry)
merged.save(str(path))
missing = [entry.msgid for entry in merged if not entry.msgstr]
for entry in template:
    entry.msgstr = ""
template.save(sys.argv[1])
print(f"{path}: {len(merged)} terms, {len(missing)} without a translation")
