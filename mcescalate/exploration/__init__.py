"""Exploring one scenario on a local page: move a value, and see the difference on the same chains.

`dials` lists what can be moved, `positions` simulates the base and each position on the same
chains, `answers` puts counts into the figures of the page, `network` and `course` draw; `site`
says what each address of the page answers, `server` serves it to this machine alone, and
`assets` are the page itself.
"""
