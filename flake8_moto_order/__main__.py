"""Run the command as `python -m flake8_moto_order`."""

import sys

from flake8_moto_order.command.main import main

if __name__ == "__main__":
    sys.exit(main())
