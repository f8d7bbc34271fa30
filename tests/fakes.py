"""One hand-made fake for each door to the outside world."""
