"""Every probability of the model, once: one file for each section of docs/model.md.

Rules are pure functions of `(world, state, …)`: they draw, allocate, remember, print and raise
nothing. `model.chain.plain` draws from them afresh in each turn, `kernel` draws from them fast, and
the exact solver branches on them. What they may read of the state is declared in
`model.dependences`.

Actors are i (who decides), j (the other one) and k (a neutral).
"""
