"""Probabilities of rare events: chains are carried over one threshold after the other.

On its way to the event a chain crosses *thresholds*: a rung, an entry, one more state at war. The
chance to cross the next one in a turn is known from the laws of that turn. Each chain
adds it up over its turns, goes on as if it had not crossed, and keeps one of the turns, drawn by
these chances. From the states so kept, drawn by their weights, as many chains set out for the
next threshold; their first turn crosses, by the law of turns that do. The product of the mean
chances is an unbiased estimate, however rare each of them is (fixed-effort splitting whose
crossings are expected, not waited for).

`thresholds` turns an event into thresholds, `laws` finds what may happen in a turn, `drawing`
draws it free, without crossing or with it, `stage` carries chains from one threshold to the
next, `repetition` does so for all, `estimate` repeats that and gives an interval.
"""
