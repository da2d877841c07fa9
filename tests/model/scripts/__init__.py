"""Random till scripts that look for trouble: few names, so that they collide; amounts and moments at the edges; and broken lines.

A script is drawn while the model plays it, so that an event can aim at what is there (exactly the available points, the last
second of a hold). The model's reading of the format decides nothing here: every line is only a proposal.
"""
