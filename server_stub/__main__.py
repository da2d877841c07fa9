"""`python -m server_stub`: the service's command line, and what grpc must find in the environment before it is imported."""

import os
import sys

# grpc has no setting for the lowest TLS version, and reads this one when it is imported. The list concerns TLS 1.2 and older only, and
# its one suite needs a server key of RSA; ours are of P-256, so that nothing below TLS 1.3 can be agreed upon.
os.environ["GRPC_SSL_CIPHER_SUITES"] = "ECDHE-RSA-AES256-GCM-SHA384"
# The service never forks; the handlers cost some percent of each call (server.md 1.3).
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

from server_stub.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
