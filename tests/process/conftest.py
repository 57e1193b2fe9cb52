import pytest

from .helpers import Catcher, Database


@pytest.fixture
def database():
    copy = Database()
    yield copy
    copy.drop()


@pytest.fixture
def base_database():
    copy = Database("base")
    yield copy
    copy.drop()


@pytest.fixture
def catcher(tmp_path):
    server = Catcher(tmp_path / "mail")
    yield server
    server.stop()
