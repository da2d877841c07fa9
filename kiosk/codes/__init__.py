"""What the codes that people show to the camera are, by their content alone."""
