"""What a chain is: docs/model.md as code, which numba compiles and Python runs.

`world` is a scenario as flat arrays, `state` where one chain stands, `words` its random numbers,
`rules` every probability, section by section, `chain` how a chain is drawn from these and counted,
`counts` what is counted, `dependences` what each family of rules rests on. Nothing here is
remembered to save work: see `kernel`.
"""
