"""One file for each step: the only places that know both a stage and the tables."""
