"""Receipt printers: one interface (`api`), a driver for IPP printers (`ipp`), a folder where there is no printer (`folder`).

`sim` serves tests of flows only. The parts below the driver, `ipp_message` and `ipp_link`, speak RFC 8010 and RFC 8011.
"""
