"""Branches of one chain: it is followed to a turn, something is changed, and many go on from there.

`orders` are moves that are given instead of drawn, `continuation` simulates the branches, and
`run` checks what is asked for and hands them out to threads.
"""
