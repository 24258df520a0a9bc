"""Facts that arrive one at a time: what follows from each is told at once, and is what evaluating all of them would give."""
