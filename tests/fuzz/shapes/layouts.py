"""Where the code under test stands, and how tests get at it."""

from __future__ import annotations

from typing import NamedTuple

from tests.fuzz.shapes.choices import Choices
from tests.fuzz.shapes.clients import under_test


class Layout(NamedTuple):
    """Templates of the files with the code under test, and the module that has `use`.

    `HOLDER` and `FUNCTION` stand for its two texts; `way` leads from the second to the first.
    """

    files: dict[str, str]
    module: str
    way: str = ""


ONE = "HOLDER\n\n\nFUNCTION"
INI = {"pytest.ini": "[pytest]\n"}
SOURCES = {"pytest.ini": "[pytest]\npythonpath = src\n"}
SPLIT = "import asyncio, contextlib, functools, os, random, threading\n" + (
    "from concurrent.futures import ThreadPoolExecutor\n\n"
    "import boto3\nfrom botocore.exceptions import ClientError\n\n"
)
LAYOUTS = {
    "module": Layout({**INI, "app.py": ONE}, "app"),
    "package": Layout({**INI, "shop/__init__.py": "", "shop/orders.py": ONE}, "shop.orders"),
    "namespace package": Layout({**INI, "shop/orders.py": ONE}, "shop.orders"),
    "in __init__": Layout({**INI, "shop/__init__.py": ONE}, "shop"),
    "exported": Layout(
        {**INI, "shop/__init__.py": "from shop.orders import use\n", "shop/orders.py": ONE},
        "shop",
    ),
    "exported, relative": Layout(
        {**INI, "shop/__init__.py": "from .orders import *\n", "shop/orders.py": ONE}, "shop"
    ),
    "src": Layout({**SOURCES, "src/shop/__init__.py": "", "src/shop/app.py": ONE}, "shop.app"),
    "src, one module": Layout({**SOURCES, "src/app.py": ONE}, "app"),
    "two modules": Layout(
        {**INI, "aws.py": "HOLDER", "app.py": f"import aws\n{SPLIT}\nFUNCTION"}, "app", "aws."
    ),
    "two modules, relative": Layout(
        {
            **INI,
            "shop/__init__.py": "",
            "shop/aws.py": "HOLDER",
            "shop/orders.py": f"from . import aws\n{SPLIT}\nFUNCTION",
        },
        "shop.orders",
        "aws.",
    ),
    "two modules, star": Layout(
        {
            **INI,
            "shop/__init__.py": "",
            "shop/aws.py": "HOLDER",
            "shop/orders.py": f"from .aws import *\n{SPLIT}\nFUNCTION",
        },
        "shop.orders",
    ),
    "two modules, late": Layout(
        {
            **INI,
            "aws.py": "HOLDER",
            "app.py": f"{SPLIT}\nFUNCTION\n\nfrom importlib import import_module\n"
            'aws = import_module("aws")\n',
        },
        "app",
        "aws.",
    ),
    "two modules, alias": Layout(
        {
            **INI,
            "shop/__init__.py": "",
            "shop/aws.py": "HOLDER",
            "shop/orders.py": f"import shop.aws as aws\n{SPLIT}\nFUNCTION",
        },
        "shop.orders",
        "aws.",
    ),
    "circular": Layout(
        {**INI, "aws.py": "import app\nHOLDER", "app.py": f"import aws\n{SPLIT}\nFUNCTION"},
        "app",
        "aws.",
    ),
}


class Way(NamedTuple):
    """How a test file gets at `use`: an import, and an expression for the function."""

    text: str
    use: str


WAYS = {
    "module": Way("import MODULE as app", "app.use"),
    "function": Way("from MODULE import use\nimport MODULE as app", "use"),
    "alias": Way("from MODULE import use as used\nimport MODULE as app", "used"),
    "dotted": Way("import MODULE\nimport MODULE as app", "MODULE.use"),
    "star": Way("from MODULE import *\nimport MODULE as app", "use"),
    "import_module": Way(
        'import importlib\napp = importlib.import_module("MODULE")', "app.use"
    ),
    "__import__": Way('import sys\n__import__("MODULE")\napp = sys.modules["MODULE"]', "app.use"),
    "in try": Way("try:\n    import MODULE as app\nexcept ImportError:\n    app = None", "app.use"),
}


class Code(NamedTuple):
    """The files of the code under test, and its module."""

    files: dict[str, str]
    module: str


def code(choose: Choices) -> Code:
    """Return the code under test in some layout."""
    layout = choose.shape("layout", LAYOUTS)
    texts = under_test(choose, layout.way)
    files = {
        path: text.replace("HOLDER", texts.holder).replace("FUNCTION", texts.use)
        for path, text in layout.files.items()
    }
    return Code(files, layout.module)
