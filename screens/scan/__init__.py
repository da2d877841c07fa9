"""The screens of showing a code to the camera."""
