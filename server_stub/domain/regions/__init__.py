"""Region codes of GB/T 2260 through time. Knows no document and no form."""
