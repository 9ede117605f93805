"""What the house promises: light imports, small documented modules, an honest face, a complete wheel."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "inkread"
MODULES = sorted(SOURCE.rglob("*.py"))
PUBLIC = {
    "Augment",
    "read",
    "Reader",
    "Page",
    "Reading",
    "Template",
    "Box",
    "normalize",
    "datasets",
    "metrics",
    "models",
    "InkreadError",
}
HEAVY = {"keras", "tensorflow", "jax", "torch", "matplotlib", "pydantic", "reportlab", "onnx", "tf2onnx"}


def loaded_after(code: str, *argv: str) -> set[str]:
    """The top-level modules that a fresh process has loaded once it has run the code."""
    report = "import sys; print('\\n' + ' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}", *argv], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(SOURCE).as_posix() for path in paths]


# --- imports ---------------------------------------------------------------------------------------------


def test_importing_the_package_loads_no_numbers():
    assert not loaded_after("import inkread") & (
        HEAVY | {"numpy", "cv2", "PIL", "onnxruntime", "typer", "rich"}
    )


def test_reading_a_picture_on_the_command_line_loads_nothing_heavy(digit_photo):
    code = (
        "import sys\nfrom inkread.cli import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code, ended.code"
    )
    assert not loaded_after(code, "read", str(digit_photo)) & HEAVY


def test_exactly_one_opencv_is_installed():
    wheels = {d.metadata["Name"].lower() for d in metadata.distributions() if d.metadata["Name"]}
    assert len([name for name in wheels if name.startswith("opencv-")]) == 1


# --- modules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_a_module_opens_with_its_contract_and_stays_small(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "no docstring"
    assert len(text.splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_what_a_module_exports_exists_in_it(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    exported, defined = [], set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "__all__" for t in node.targets):
            exported = ast.literal_eval(node.value)
        defined |= {getattr(n, "name", None) or getattr(n, "id", "") for n in ast.walk(node)}
        if isinstance(node, ast.Import | ast.ImportFrom):
            defined |= {alias.asname or alias.name for alias in node.names}
    lazy = "__getattr__" in defined
    assert lazy or not set(exported) - defined


# --- the public face -------------------------------------------------------------------------------------


def test_the_public_names_are_the_ones_promised_and_all_exist():
    import inkread

    assert set(inkread.__all__) - {"__version__"} == PUBLIC
    assert [name for name in inkread.__all__ if getattr(inkread, name, None) is None] == []


def test_a_misspelt_public_name_is_an_attribute_error():
    import inkread

    with pytest.raises(AttributeError, match="raed"):
        _ = inkread.raed


def test_the_version_is_the_same_everywhere():
    import inkread

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert inkread.__version__ == project["version"]
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_command_has_a_help_page_that_is_current():
    spec = importlib.util.spec_from_file_location("make_help", ROOT / "docs" / "make_help.py")
    make_help = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_help)
    wanted = make_help.pages()
    assert {"inkread.md", "inkread-read.md", "inkread-train.md"} <= wanted.keys()
    assert make_help.out_of_date(wanted) == [], "run: python3 do.py docs"


# --- what is in the tree, and in the wheel ---------------------------------------------------------------


def test_no_tracked_file_names_a_folder_of_one_machine_or_a_package_host():
    folders = "|".join(("home", "Users", "root", "work", "mnt", "farm"))
    hosts = "|".join(("npm", "pypi", "pythonhosted", "debian"))
    wrong = re.compile(rf"(?m)(^|[^a-zA-Z.])/({folders})/|https?://[a-z.-]*({hosts})[a-z]*\.(org|com)")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        data = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in data[:8192] and (hit := wrong.search(data.decode("utf-8", "replace"))):
            found.append(f"{name}: {hit[0]}")
    assert found == []


def test_the_wheel_holds_models_data_schema_and_licences(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        schemas = [name for name in held if name.endswith(".schema.json")]
        assert all(json.loads(archive.read(name)) for name in schemas) and schemas
    wanted = {f"runtime/models/{name}" for name in ("digits.onnx", "digits.keras", "textbook.onnx")}
    wanted |= {
        f"data/mnist/{part}-{what}.gz"
        for part in ("train", "t10k")
        for what in ("images-idx3-ubyte", "labels-idx1-ubyte")
    }
    assert {f"inkread/{name}" for name in wanted | {"py.typed"}} <= held
    assert {Path(name).name for name in held} >= {"LICENSE", "NOTICE"}
    assert wheel.stat().st_size < 36_000_000
