"""What a membership card is made of: keys, secure messaging, commands and files, as pure arithmetic.

The one package that the central service may import from `hardware`; no input, no output, no clock, no random numbers of
its own, and nothing of readers. Source: docs/decisions/ (card profile), NXP AN10922, AN12343, AN0945.
"""
