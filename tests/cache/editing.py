"""A small project with everything a verdict can depend on, and random edits of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from pathlib import Path
from random import Random

AWS = 'import boto3\n\ns3 = boto3.client("s3")\n'
SAFE_AWS = 'import boto3\n\n\ndef s3():\n    return boto3.client("s3")\n'
# One module: what its functions do, what is called when it is imported, and comments.
FUNCTIONS = (
    "import boto3\n\n\ndef make():{}\n    name = 's3'\n    {} boto3.client(name)\n\n\n"
    "def other():\n    {}\n    return print\n\n\n{}\n"
)
GROWN = [
    FUNCTIONS.format(*each)
    for each in product(
        ("", "  # why", "\n\n    # why"), ("return", "print", "yield"), ("x = 1", "make()"),
        ("", "s3 = make()", "other()\n# why"),
    )
]
# Two texts of one length, of which one builds a client.
SAME_SIZE = (AWS, 'import boto3\n\ns3 = "boto3.client.s3"\n')
FIRST = "from shop import aws\nfrom moto import mock_aws\n\nprint(aws, mock_aws)\n"
LATER = "from moto import mock_aws\nfrom shop import aws\n\nprint(aws, mock_aws)\n"
ALONE = "from shop import aws\nimport helpers\n\n\ndef test_it(bucket):\n    print(aws, helpers)\n"
CALLS = (
    "import boto3\nfrom moto import mock_s3\n\n\n@mock_s3\ndef test_it(bucket):\n"
    '    boto3.client("sqs").list_queues()\n\n\ndef test_bare():\n'
    '    boto3.client("s3").list_buckets()\n'
)
FIXTURE = (
    "import boto3\nimport pytest\n\n\n@pytest.fixture\ndef bucket():\n"
    '    boto3.client("s3").create_bucket(Bucket="b")\n'
)
CALLING = (
    "import moto\nfrom shop import aws\n\n\ndef test_it():\n    for each in aws.make():\n"
    "        print(each)\n    aws.other()()\n    aws.make().list_buckets()\n"
)
LEAVING = "from shop import aws\n\nprint(aws)\n"
TESTS = (
    LEAVING, LATER, FIRST, LEAVING, LATER, ALONE, CALLS, FIRST.replace("mock_aws", "mock_s3"),
    "import shop.more\n" + LATER, CALLING, CALLING.replace("other", "make"),
)
PLUG = "[pytest]\naddopts = -p plug"
CONFTESTS = (FIXTURE, "", "", "import moto\n", "import shop.aws\n", f"import moto\n{FIXTURE}")
MODULES = (
    *SAME_SIZE, AWS, SAFE_AWS, "import moto\n" + AWS, "", "x = (\n", "from shop.more import *\n",
    *GROWN[:12],
)
CONTENTS = {
    "pytest.ini": (
        "[pytest]\n", "[pytest]\npythonpath = src\n", "[pytest]\ntestpaths = te*/un*\n",
        f"{PLUG} --ignore=tests/unit\n", "[pytest]\npython_files = check_*.py\n",
        "[pytest]\nnorecursedirs = uni*\n", "[pytest]\ntestpaths = tests/test_?.py check*\n",
        "[pytest]\naddopts = --import-mode=importlib\n", f"{PLUG}\n",
        "[pytest]\npythonpath = lib\n",
    ),
    "pyproject.toml": (
        '[project]\ndependencies = ["moto<5"]\n', "[tool.pytest.ini_options]\n", "=",
    ),
    "setup.cfg": (
        "[tool:pytest]\npythonpath = src\n", "[options]\ninstall_requires =\n    moto==4.0\n",
    ),
    "requirements.txt": ("moto==4.2\n", "moto>=5\n", "-r more.txt\n", "moto==1.3.16\n"),
    "requirements/dev.in": ("moto==4.0.1\n", "-r ../more.txt\n"),
    "more.txt": ("moto==4.1.0\n", "moto==5.0.1\n"),
    "constraints.txt": ("moto==4.1.0\n", "moto==5.0.1\n", "moto==1.3.16\n"),
    "conftest.py": CONFTESTS,
    "tests/conftest.py": CONFTESTS,
    "tests/unit/conftest.py": CONFTESTS,
    "tests/__init__.py": ("", "import shop.aws\n"),
    "tests/test_a.py": TESTS,
    "tests/test_b.py": TESTS,
    "tests/unit/test_c.py": TESTS,
    "tests/helpers.py": MODULES,
    "helpers.py": MODULES,
    "plug.py": CONFTESTS,
    "src/shop/__init__.py": MODULES,
    "src/shop/aws.py": (*MODULES, *GROWN),
    "src/shop/more.py": MODULES,
    "shop/__init__.py": MODULES,
    "shop/aws.py": MODULES,
    "lib/shop/aws.py": MODULES,
    "checks/test_d.py": TESTS,
    "src/shop.py": MODULES,
    "boto3.py": ("", "client = print\n"),
    "moto/__init__.py": ("mock_aws = 1\n",),
    ".coverage": ("1", "2"),
    "notes.txt": ("1", "2"),
}
START = (
    "pytest.ini", "tests/conftest.py", "tests/test_a.py", "tests/test_b.py",
    "tests/unit/test_c.py", "src/shop/__init__.py", "src/shop/aws.py",
)
# Names that edits choose; more often those that matter most.
NAMES = (*CONTENTS, *START, "requirements.txt", "tests/unit/test_c.py", "tests/test_a.py")
FOLDERS = (
    "tests", "tests/unit", "src", "src/shop", "lib/shop", "shop", "requirements", "moto", "checks",
)
Edit = Callable[[Path, Random], None]


def edit(root: Path, random: Random) -> str:
    """Make one random edit, as far as permissions allow it; return its name."""
    chosen = random.choice(EDITS)
    with suppress(OSError):
        chosen(root, random)
    return chosen.__name__


def start(root: Path, random: Random) -> None:
    """Write a project of its main files, often as they come first, and perhaps some others."""
    if random.random() < 0.5:
        (root / ".git").mkdir()
    for name in START:
        put(root / name, random.choice([CONTENTS[name][0], random.choice(CONTENTS[name])]))
    for name in random.sample(sorted(CONTENTS), random.randrange(4)):
        put(root / name, random.choice(CONTENTS[name]))


def put(path: Path, text: str) -> None:
    """Write a file, whatever stands in its way."""
    for parent in reversed(path.parents):
        if parent.is_symlink() or parent.is_file():
            parent.unlink()
    remove(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write(root: Path, random: Random) -> None:
    """Write a file anew: add it, edit it, or bring an older content back."""
    name = random.choice(NAMES)
    put(root / name, random.choice(CONTENTS[name]))


def edit_in_place(root: Path, random: Random) -> None:
    """Change a file to a text of the same size, and set its time back to what it was."""
    path = random.choice([root / name for name in CONTENTS if CONTENTS[name] is MODULES])
    status = path.stat()
    new = SAME_SIZE[path.read_text() == SAME_SIZE[0]]
    with path.open("r+") as file:
        file.write(new)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def delete(root: Path, random: Random) -> None:
    """Delete a file or a folder."""
    remove(root / random.choice([*NAMES, *FOLDERS]))


def touch(root: Path, random: Random) -> None:
    """Change the time of a file."""
    os.utime(root / random.choice(sorted(CONTENTS)), ns=(0, random.randrange(10**18)))


def move(root: Path, random: Random) -> None:
    """Give a file the name of another."""
    source, target = (root / random.choice(sorted(CONTENTS)) for _ in range(2))
    if source.is_file() and source != target:
        put(target, source.read_text())
        remove(source)


def swap(root: Path, random: Random) -> None:
    """Make a package of a module, or a module of a package."""
    path = root / random.choice([name for name in CONTENTS if CONTENTS[name] is MODULES])
    folder = path.with_suffix("")
    if path.name == "__init__.py" and path.is_file():
        text = path.read_text()
        remove(path.parent)
        put(path.parent.with_suffix(".py"), text)
    elif path.is_file():
        put(folder / "__init__.py", path.read_text())
        remove(path)
    elif folder.is_dir():
        remove(folder)
        put(path, AWS)


def link(root: Path, random: Random) -> None:
    """Let a link stand for a file or a folder, perhaps one that leads nowhere or upward."""
    kind = random.choice([sorted(CONTENTS), FOLDERS])
    path, target = (root / random.choice(kind) for _ in range(2))
    if random.random() < 0.1:
        target = random.choice([root, root / "nowhere"])
    if path not in (target, *target.parents):
        remove(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)


def close(root: Path, random: Random) -> None:
    """Take the permission to read a folder or file away, or give it."""
    path = root / random.choice([*NAMES, *FOLDERS])
    path.chmod(random.choice([0o000, 0o755]))


EDITS: tuple[Edit, ...] = (
    write, write, write, write, edit_in_place, edit_in_place, delete, touch, move, swap, link, close
)
