"""The whole system on this machine: `python localstack/run.py up|edit|token|down`."""

import sys

from localrun.commands import main

if __name__ == "__main__":
    sys.exit(main())
