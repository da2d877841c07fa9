"""An independent model of the tills' points arithmetic: reads till scripts and says what a player must print.

Written from the description of the format alone, for clearness and not for speed: everything is kept in plain objects and recomputed
whenever it is asked. It knows nothing of the product, so that a mistake has to be made twice, differently, to go unseen.
"""
