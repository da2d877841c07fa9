"""`python -m server_stub`: the service's command line."""

import sys

from server_stub.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
