"""Version 1 of the contract, with the generated code beside the sources."""
