"""A camera as MJPEG over HTTP, in a process of its own: it shows the pictures that are put before it."""
