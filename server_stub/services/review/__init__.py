"""Review by people: the queue, its decisions and the list of earlier abuse. Knows no console and no command line."""
