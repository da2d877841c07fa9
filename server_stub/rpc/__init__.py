"""The gRPC face of the service: who calls, what they may call, and the wire form of requests, answers and refusals."""
