"""Expected number of states at war by the strength of promises, on the same chains.

python docs/examples/clause_strength.py CASE [SETTING...] ADDRESS STRENGTH... : the last strength is
what the others are compared with; a setting is written like response.nuclear=1.
"""

import sys

import mcescalate as mc
from mcescalate.analysis import deterrence
from mcescalate.scenario.change.addresses import assign


def main(case: str, *arguments: str) -> None:
    settings = [text for text in arguments if "=" in text]
    address, *strengths = [text for text in arguments if "=" not in text]
    *values, last = map(float, strengths)
    reference = assign(mc.load_case(case, settings=settings), [(address, last)])
    counts = deterrence.simulate_settings(reference, address, values, n_chains=20_000, seed=7)
    changes = deterrence.factor_changes(counts).sel(factor="product")
    print(f"strength  states at war  ratio to {last:g}  95 % interval")
    for place, value in enumerate(values):
        row = changes.isel(setting=place)
        size, ratio, lower, upper = (float(row[x]) for x in ("second", "ratio", "lower", "upper"))
        print(f"{value:<8g}  {size:13.4f}  {ratio:10.3f}   {lower:.3f} - {upper:.3f}")
    print(f"{last:<8g}  {float(changes['first'].max()):13.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
