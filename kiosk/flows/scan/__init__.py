"""Showing a code to the camera: the member's own, a receipt, the slip of a case."""
