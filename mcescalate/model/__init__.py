"""What a chain is: docs/model.md as code, which numba compiles and Python runs.

`world` is a scenario as flat arrays, `state` where one chain stands, `words` its random numbers,
`rules` every probability, section by section, `incident` and `transition` what happens, `plain`
a chain with every rule asked afresh, `counts` and `scoring` what is counted of it, `dependences`
what each family of rules rests on. Nothing here is remembered to save work: see `kernel`.
"""
