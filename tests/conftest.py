"""Fixtures that all suites share."""

import pytest

from support import bootstrap
from support.envoy import binaries
from support.upstream import StandIn


def pytest_generate_tests(metafunc):
    """Parametrises `envoy_binary`: all of $ENVOYS for tests marked `every_envoy`, the first one for the others."""
    if "envoy_binary" not in metafunc.fixturenames:
        return
    found = binaries()
    if not metafunc.definition.get_closest_marker("every_envoy"):
        found = found[:1]
    names = [path.split("/")[-3] if path.count("/") >= 2 else path for path in found]
    metafunc.parametrize("envoy_binary", found, ids=names, scope="session", indirect=True)


@pytest.fixture(scope="session")
def envoy_binary(request) -> str:
    """The program to test with."""
    return request.param


@pytest.fixture(scope="session")
def wasm():
    """The built filter; fails, and says how to build it, when it is not there."""
    if not bootstrap.WASM.exists():
        pytest.fail(f"{bootstrap.WASM} is missing: run `make wasm`", pytrace=False)
    return bootstrap.WASM


@pytest.fixture(scope="session")
def standin():
    """One LLM stand-in for the whole run."""
    with StandIn() as server:
        yield server


@pytest.fixture
def upstream(standin):
    """The stand-in, without the records of earlier tests."""
    standin.clear()
    yield standin
    standin.release()
