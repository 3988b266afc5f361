import pytest

from lianqiao_engine.assign import flow


@pytest.fixture(params=["ortools", "HiGHS"], autouse=False)
def solver(request, monkeypatch):
    """With the extra `speed` and without it."""
    monkeypatch.setattr(flow, "installed", lambda: request.param == "ortools")
    return request.param
