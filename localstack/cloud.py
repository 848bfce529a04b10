"""Run the local cloud: `python localstack/cloud.py up|down|status|logs NAME|env`."""

import sys

from localcloud.commands import main

if __name__ == "__main__":
    sys.exit(main())
