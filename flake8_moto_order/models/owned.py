"""Module names that a file of the project never takes over."""

from __future__ import annotations

# Read from sys.modules in a test under pytest 8 and 9: what is loaded when collection starts
# comes from there, whatever stands in front on sys.path.
_STANDARD = """
abc argparse array ast atexit base64 bdb binascii bisect builtins bz2 calendar cmd code codecs
codeop collections contextlib copy copyreg csv dataclasses datetime decimal difflib dis email
encodings enum errno faulthandler fcntl fnmatch functools gc genericpath gettext glob hashlib heapq
html importlib inspect io ipaddress itertools json keyword linecache locale logging lzma marshal
math ntpath numbers opcode operator os pathlib pdb platform posix posixpath pprint pyexpat quopri
random re readline reprlib runpy select selectors shlex shutil signal site socket stat string struct
subprocess sys tempfile textwrap threading time token tokenize traceback types typing unicodedata
unittest urllib uuid warnings weakref xml zipfile zipimport zlib
"""
# Libraries with a model: a folder of this name in a project (moto's own sources) is the library.
_MODELLED = "boto3 botocore moto pytest _pytest asyncio concurrent mock __future__"

LOADED_BY_PYTEST = frozenset((_STANDARD + _MODELLED).split())
