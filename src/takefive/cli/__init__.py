"""The command `takefive`: one module for each command, loaded only when it is called.

Comes in: words from a shell. Goes out: text for people on standard output, or JSON with `--json`;
exit code 0, or 1 where something failed.
"""
