"""Writing the card: from the blank on the reader to the active card in the hand."""
