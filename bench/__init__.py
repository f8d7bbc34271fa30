"""Claims of speed, one script each: `python -m bench` prints all as one table, `python -m bench.feeds` one alone.

Each figure is the median of five runs, beside a peer or the limit measured in the same run on the same machine.
"""
