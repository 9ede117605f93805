"""The service in one process: its routes, asked as clients ask."""

from __future__ import annotations

import pytest

pytest.importorskip("fastapi", reason="needs the service: pip install '.[serve]'")

from inkread.server.uploads import clean


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("seven.jpg", "seven.jpg", id="a plain name stays"),
        pytest.param("../../etc/passwd", "passwd", id="a path is cut to its last part"),
        pytest.param("C:\\Users\\me\\seven.png", "seven.png", id="a path of Windows as well"),
        pytest.param("a\x00b\r\nc\u202egnp.exe", "abcgnp.exe", id="no control and no turning characters"),
        pytest.param("../", "picture-3", id="a name of nothing gets one"),
        pytest.param("x" * 500, "x" * 120, id="a long one is cut"),
    ],
)
def test_a_clients_name_is_cleaned(name, shown):
    assert clean(name, 3) == shown
