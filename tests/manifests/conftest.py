"""Nothing here asks a cluster: the manifests are read, checked, and translated."""

import shutil

import pytest
from manifests.objects import CHECK


@pytest.fixture(scope="session", autouse=True)
def schemas():
    """The packages with the schemas; fails, and says how to install them, when they are not there."""
    if not (CHECK.parent / "node_modules").is_dir() or not shutil.which("node"):
        pytest.fail("the schemas are missing: run `make test-manifests`", pytrace=False)
