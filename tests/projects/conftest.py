import pytest

from tests.projects.rows import Scene


@pytest.fixture
def scene(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Scene()
