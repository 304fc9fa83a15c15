"""How chains are simulated fast: as `model.plain` does, bit for bit, with less work.

`words` and `simd` make random words and sums side by side, `memory` holds what is known of a
crisis and forgets by `model.dependences`, `laws` and `calls` find laws of moves and bounds on
entries again, `governments` and `bystanders` draw those of all others whom it may come to concern,
`schedule` brings all this up to date between turns, `turn` simulates one chain; `pair_tables` and
`lockstep` simulate many crises between two at once; `batch` puts it together. Without this folder
the model still runs.
"""
