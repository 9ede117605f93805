"""Everything stays on the user's own machine."""

import os
import subprocess
import sys


def test_reading_leaves_nothing_in_the_home_folder(tmp_path):
    # ONNX Runtime keeps a device id and a queue of telemetry there unless it is told not to.
    code = "import inkread, numpy; inkread.read(numpy.eye(40))"
    kept = {k: v for k, v in os.environ.items() if k not in {"ORT_DISABLE_TELEMETRY", "CI"}}
    subprocess.run([sys.executable, "-c", code], env=kept | {"HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.iterdir()) == []
