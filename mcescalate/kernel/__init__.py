"""How chains are simulated fast: as `model.chain.plain` does, bit for bit, with less work.

`lanes` makes random words and sums side by side, `crisis` simulates one crisis turn by turn,
`pair_tables` and `lockstep` simulate many crises between two at once; `batch` puts it together,
`branches` continues one chain after a change. Without this folder the model still runs.
"""
