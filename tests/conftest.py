"""What pytest must know before Odoo's tests run."""

import os
import shutil
from pathlib import Path


def pytest_configure(config):
    """Each worker keeps its files in a folder of its own.

    pytest-odoo gives each worker its own database but lets all of them write to one file store. When a class of tests
    ends, Odoo removes the stored files that its own database does not know: those another worker has just written.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker or config.pluginmanager.is_blocked("odoo"):
        return
    from odoo.tools import config as odoo_config

    (database,) = odoo_config["db_name"]
    shared = Path(odoo_config["data_dir"])
    own = shared / "workers" / database / worker
    files = Path("filestore", database)
    shutil.copytree(shared / files, own / files, copy_function=os.link)
    odoo_config["data_dir"] = str(own)
