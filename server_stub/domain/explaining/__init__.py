"""Why a benefit came out as it did, in three lines: keys and variables; the words are data of whoever shows them. Pure."""
