"""Backup and restore: what comes back is what was there, an altered backup is refused, and nothing leaves by itself."""

import os
import shutil
import subprocess
import uuid

import pytest

from .helpers import DATA, PG_BIN, ROOT, SOCKET, Database
from .test_mail import DRAIN, fill, states

BUSINESS = {
    "projects": "SELECT id, name, stage_id, active, write_date FROM crm_lead ORDER BY id",
    "people": "SELECT id, name, email, write_date FROM res_partner ORDER BY id",
    "entries": "SELECT id, move_id, account_id, debit, credit FROM account_move_line ORDER BY id",
    "files": "SELECT id, name, store_fname, checksum FROM ir_attachment ORDER BY id",
    "left": (
        "SELECT id, state, key, subject FROM pope_notification "
        "WHERE state NOT IN ('planned', 'queued', 'sending', 'in_doubt') ORDER BY id"
    ),
}


def run(script, *arguments, check=True):
    done = subprocess.run(
        [ROOT / "docker" / script, *arguments],
        env={
            **os.environ,
            "PATH": f"{PG_BIN}:{os.environ['PATH']}",
            "PGHOST": SOCKET,
            "PGUSER": "odoo",
            "DATA_DIR": str(DATA),
            "ODOO_ADDONS": f"{os.environ['POPE_CORE_ADDONS']}:{ROOT}",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if check and done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    return done


def exists(name):
    listed = subprocess.run(
        [PG_BIN / "psql", "-h", SOCKET, "-U", "odoo", "-d", "postgres", "-Atc", "SELECT datname FROM pg_database"],
        capture_output=True,
        text=True,
        check=True,
    )
    return name in listed.stdout.split() or (DATA / "filestore" / name).exists()


def filestore(name):
    root = DATA / "filestore" / name
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def new_name():
    name = f"restored_{uuid.uuid4().hex[:10]}"
    yield name
    Database.drop(restored(name))


def restored(name):
    """A handle on a database that the script made."""
    database = Database.__new__(Database)
    database.name = name
    return database


@pytest.fixture
def busy(database, catcher):
    """A database whose mail is on its way: one row planned, one queued, one sending, and a mail of Odoo's own."""
    fill(database, catcher, 3)
    database.script(
        """
        env["pope.notification"]._cron_dispatch()
        rows = env["pope.notification"].search([("email", "like", "@holders.example.org")], order="id")
        rows[0].mail_id.unlink()
        rows[0].state = "planned"
        rows[1].state = "queued"
        rows[2].state = "sending"
        env["mail.mail"].create(
            {"email_to": "autre@holders.example.org", "subject": "De la file d'Odoo", "email_from": "pole@example.org"}
        )
        env["ir.attachment"].create({"name": "convention.pdf", "raw": b"%PDF convention", "res_model": "res.partner"})
        """
    )
    assert states(database) == {"planned": 1, "queued": 1, "sending": 1}
    return database


def test_a_restored_backup_is_what_was_there_and_sends_nothing(busy, catcher, tmp_path, new_name):
    before = {what: busy.query(sql) for what, sql in BUSINESS.items()}
    run("backup", busy.name, tmp_path / "kept")
    assert sorted(path.name for path in tmp_path.joinpath("kept").iterdir()) == [
        "SHA256SUMS",
        "database.dump",
        "filestore.tar.gz",
        "manifest",
    ]
    told = run("restore", tmp_path / "kept", new_name)
    assert new_name in told.stdout
    copy = restored(new_name)
    assert {what: copy.query(sql) for what, sql in BUSINESS.items()} == before
    assert filestore(new_name) == filestore(busy.name)
    assert states(copy) == {"in_doubt": 3}
    copy.script(DRAIN)
    assert not catcher.arrived()
    assert states(copy) == {"in_doubt": 3}
    assert not copy.query("SELECT id FROM mail_mail WHERE state = 'outgoing'")
    # a person sees the one of Odoo's queue and can send it
    assert copy.query("SELECT state FROM mail_mail WHERE email_to = 'autre@holders.example.org'") == [("exception",)]
    # and the database that was backed up goes on
    assert states(busy) == {"planned": 1, "queued": 1, "sending": 1}


def test_a_broken_or_altered_backup_is_refused_and_touches_nothing(database, tmp_path, new_name):
    run("backup", database.name, tmp_path / "kept")

    def altered(name):
        return shutil.copytree(tmp_path / "kept", tmp_path / name)

    dump = altered("dump") / "database.dump"
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    (altered("store") / "filestore.tar.gz").write_bytes(b"")
    manifest = altered("manifest") / "manifest"
    manifest.write_text(manifest.read_text().replace("module pope_crm", "module pope_other"))
    (altered("lost") / "manifest").unlink()
    sums = altered("sums") / "SHA256SUMS"
    sums.write_text("".join(line for line in sums.read_text().splitlines(True) if "dump" not in line))
    for name in ("dump", "store", "manifest", "lost", "sums", "nowhere"):
        told = run("restore", tmp_path / name, new_name, check=False)
        assert told.returncode, name
        assert "Nothing was restored" in told.stderr, name
        assert not exists(new_name), name


def test_a_database_that_exists_is_never_touched(database, tmp_path):
    run("backup", database.name, tmp_path / "kept")
    count = database.query("SELECT count(*) FROM crm_lead")
    assert run("restore", tmp_path / "kept", database.name, check=False).returncode
    assert database.query("SELECT count(*) FROM crm_lead") == count
    assert run("backup", database.name, tmp_path / "kept", check=False).returncode
    assert run("restore", tmp_path / "kept", "../elsewhere", check=False).returncode


def test_a_neutralized_copy_has_another_identity_and_no_way_out(database, tmp_path, new_name):
    database.query(
        "INSERT INTO ir_mail_server (name, active, smtp_encryption, smtp_authentication)"
        " VALUES ('Sortie', true, 'none', 'login')"
    )
    database.query("UPDATE ir_cron SET active = true")
    run("backup", database.name, tmp_path / "kept")
    run("restore", tmp_path / "kept", new_name, "--neutralize")
    copy = restored(new_name)
    uuid_of = "SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'"
    assert copy.query(uuid_of) != database.query(uuid_of)
    assert copy.query("SELECT value FROM ir_config_parameter WHERE key = 'database.is_neutralized'") == [("true",)]
    assert not copy.query("SELECT id FROM ir_mail_server WHERE active AND name = 'Sortie'")
    assert copy.query("SELECT count(*) FROM ir_cron WHERE active")[0][0] <= 1
    assert not copy.query("SELECT id FROM pope_notification WHERE state IN ('planned', 'queued', 'sending')")
