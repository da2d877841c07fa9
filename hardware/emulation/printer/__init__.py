"""A receipt printer as a process: CUPS's ippeveprinter with a private message bus, a roll of 80 mm paper and faults on demand.

``python -m hardware.emulation.printer --folder DIR`` runs one until it is told to stop.
"""
