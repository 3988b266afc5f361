import pytest

from tests.projects.rows import Scene


@pytest.fixture
def scene(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Scene()


@pytest.fixture
def clients(scene, login):
    """A client for each of those who are there, by name."""
    held = {
        name: getattr(scene, name).position for name in ("firm", "college", "second", "other", "stranger")
    }
    held |= {"office": scene.staff, "coordinator": scene.coordinator}
    return {name: login(position) for name, position in held.items()}
