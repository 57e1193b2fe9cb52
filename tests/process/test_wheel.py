"""The wheel holds all that the add-ons need: installed without a checkout, they work in a new environment."""

import os
import pathlib
import shutil
import subprocess
import sysconfig
import urllib.error
import urllib.request
import venv
import zipfile

import pytest

from .helpers import ODOO, PYTHON, ROOT, free_port, stop_processes, wait_until

ADDONS = ("pope_crm", "pope_training")
CORE_ADDONS = pathlib.Path(os.environ["POPE_CORE_ADDONS"])


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200, **options)
    if done.returncode:
        raise AssertionError(f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def served(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read()
    except (urllib.error.URLError, ConnectionError):
        return None


def add_on_files(root):
    return {
        str(path.relative_to(root))
        for addon in ADDONS
        for path in (root / addon).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy: nothing of an earlier build comes in, nothing is left in the checkout."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("setup.cfg", "pyproject.toml", "MANIFEST.in", "README.md"):
        shutil.copy(ROOT / name, copy)
    for addon in ADDONS:
        shutil.copytree(ROOT / addon, copy / addon, ignore=shutil.ignore_patterns("__pycache__"))
    out = tmp_path_factory.mktemp("wheel")
    uv = pathlib.Path(PYTHON).with_name("uv")
    run(uv, "build", "-q", "--offline", "--no-build-isolation", "-p", PYTHON, "--wheel", "-o", out, copy)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """A new virtual environment: Odoo and its libraries from the runtime, our add-ons from the wheel only."""
    home = tmp_path_factory.mktemp("venv")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(home)
    python = home / "bin/python"
    (site,) = home.glob("lib/python*/site-packages")
    libraries = (sysconfig.get_path("purelib"), str(CORE_ADDONS.parents[1]))
    (site / "runtime.pth").write_text("\n".join(libraries) + "\n")
    uv = pathlib.Path(PYTHON).with_name("uv")
    run(uv, "pip", "install", "-q", "--offline", "--no-deps", "--python", python, wheel)
    return python


def test_the_wheel_holds_every_file_of_both_add_ons_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        told = archive.read(metadata).decode()
    assert names == {f"odoo/addons/{name}" for name in add_on_files(ROOT)}
    assert "AGPL-3.0-or-later" in told
    assert "Requires-Dist: xlsxwriter" in told


def test_the_wheel_alone_installs_on_a_database_and_serves_it(environment, base_database, tmp_path):
    options = [option for option in base_database.options() if not option.startswith("--addons-path")]
    options.append(f"--addons-path={CORE_ADDONS}")
    elsewhere = {"cwd": tmp_path, "env": {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}}
    where = run(environment, "-c", "import odoo.addons.pope_crm as addon; print(addon.__file__)", **elsewhere)
    assert where.startswith(str(environment.parents[1]))
    log = tmp_path / "install.log"
    run(
        environment,
        ODOO,
        *options,
        "-i",
        "pope_training",
        "--stop-after-init",
        "--no-http",
        f"--logfile={log}",
        **elsewhere,
    )
    assert not [line for line in log.read_text().splitlines() if " ERROR " in line or " CRITICAL " in line]

    def count(sql, *parameters):
        return base_database.query(sql, *parameters)[0][0]

    assert base_database.query(
        "SELECT name FROM ir_module_module WHERE name LIKE 'pope%' AND state = 'installed' ORDER BY 1"
    ) == [
        ("pope_crm",),
        ("pope_training",),
    ]
    label = (
        "SELECT name->>'fr_FR' FROM ir_ui_menu "
        "WHERE id = (SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s)"
    )
    assert count(label, "pope_crm", "menu_pope_projects") == "Projets"
    assert count(label, "pope_training", "menu_pope_meetings") == "Rencontres"
    by_model = "SELECT count(*) FROM ir_model_data WHERE module = %s AND model = %s"
    for model, least in (("crm.stage", 10), ("mail.template", 10), ("pope.summary.line", 20), ("ir.ui.view", 20)):
        assert count(by_model, "pope_crm", model) >= least, model
    assert count(by_model, "pope_training", "ir.ui.view") >= 5
    # demo data came with it
    assert count("SELECT count(*) FROM crm_lead WHERE type = 'project'")
    # a text people receive, a page they open
    welcome = (
        "SELECT res_id FROM ir_model_data WHERE module = 'pope_crm' AND model = 'mail.template' ORDER BY id LIMIT 1"
    )
    assert count(f"SELECT body_html->>'fr_FR' FROM mail_template WHERE id = ({welcome})")
    assert count("SELECT count(*) FROM ir_ui_view WHERE type = 'qweb' AND key LIKE 'pope_crm.%'")

    port = free_port()
    server = subprocess.Popen(
        [
            environment,
            ODOO,
            *options,
            f"--http-port={port}",
            "--http-interface=127.0.0.1",
            "--max-cron-threads=0",
            f"--logfile={log}",
        ],
        **elsewhere,
    )
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_until(lambda: served(f"{url}web/login"), 60)
        for addon in ADDONS:
            icon = served(f"{url}{addon}/static/description/icon.png")
            assert icon == (ROOT / addon / "static/description/icon.png").read_bytes()
    finally:
        stop_processes(server)
