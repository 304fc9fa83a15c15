"""One crisis of any size, simulated turn by turn with what is known of it kept.

`memory` holds what is known and forgets by `model.dependences`, `laws`, `backers` and `calls` find
laws of moves and bounds on entries again, `governments` and `bystanders` draw those of all other
actors that the crisis may concern, `schedule` brings all this up to date between turns, and `turn`
simulates one.
"""
