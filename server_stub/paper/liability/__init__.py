"""The points liability on paper: cells, CSV, chart and PDF of one report. Knows no database; all figures come from the report."""
