"""The flow: joins the stages to the tables, step by step, through one queue.

`flow.py` is where a newcomer starts. Only `steps/<verb>.py` knows both a stage and the store: load, ask the stage with no
transaction open, save in one short transaction.
"""
