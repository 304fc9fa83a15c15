"""One turn of a crisis: the chances in each state, and where probability moves.

`laws` finds the chances, `probabilities` moves probability along them, `columns` names what is
carried for each state, `ends` counts what shows as chains end, `rounding` rounds as a run draws.
"""
