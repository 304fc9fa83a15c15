"""One chain: how it is drawn, turn by turn and crisis after crisis, and what is counted of it.

`draws` and `transition` hold what one decision or event does, `plain` simulates a crisis with every
rule asked afresh, `past` and `periods` lead from one crisis to the next, `scoring` counts,
`state_rows` keeps states for `branching`, which continues a chain after a change.
"""
