"""Points spent at once, many in one transaction and without a look at any lot: the path on which members wait in a queue."""
