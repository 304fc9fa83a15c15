"""Backtests of made-up disputes: what is predicted, from what, and what is written."""

import csv
import dataclasses
import json
import random
import threading

import numpy as np
import pytest
from made_up_data import FILES, NMC, TSS, atop_row, write_files
from made_up_disputes import DISPUTE_FILES, MIDA_HEADER, many_disputes

import mcescalate as mc
from mcescalate.calibration.scoring import backtest
from mcescalate.calibration.scoring.backtest import Settings, predict_disputes
from mcescalate.calibration.scoring.evaluation import compare, outcomes
from mcescalate.calibration.scoring.scores import log_score, skill
from mcescalate.calibration.scoring.splits import divide
from mcescalate.engine.batches import Interrupted

N = 60
QUICK = Settings(actors=4, chains=40)
FILES_OF_A_BACKTEST = ("predictions.csv", "joiners.csv", "comparison.csv", "scores.json")


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def predicted(world, out, settings=QUICK, **options):
    data = mc.read_data(world)
    return predict_disputes(data, data.disputes(), settings, out, **options)


def probabilities(records):
    return {
        record["number"]: [record[name] for name in ("war", "answered", "force", "multi")]
        + [record["joining"]]
        for record in records
    }


# ------------------------------------------------------------ the command


def test_what_is_written(run_backtest, world, tmp_path):
    done = run_backtest(world, "--out", "out", "--split", "folds:4")
    assert done.code == 0, done.stderr
    out = tmp_path / "out"
    predictions = rows_of(out / "predictions.csv")
    assert list(predictions[0]) == ["dispnum", "p_war", "p_recip", "p_force", "p_multi"]
    assert [int(row["dispnum"]) for row in predictions] == list(range(1, N + 1))
    for row in predictions:
        war, answered, force, multi = (float(row[name]) for name in list(row)[1:])
        assert 0 < war <= force < 1
        assert 0 < answered < 1 and 0 < multi < 1
    joiners = rows_of(out / "joiners.csv")
    assert list(joiners[0]) == ["dispnum", "ccode", "p_a", "p_b"]
    assert len(joiners) == 2 * N
    pairs = {(row["dispnum"], row["ccode"]) for row in joiners}
    assert len(pairs) == len(joiners)
    scores = json.loads((out / "scores.json").read_text())
    assert scores["disputes"] == N
    assert scores["targets"]["war"]["n"] == N
    assert scores["settings"]["split"] == "folds:4"
    assert {file["name"] for file in scores["files"]} >= {"nmc.csv", "mida.csv", "midb.csv"}
    page = (out / "backtest.html").read_text()
    assert "How well the model predicts recorded disputes" in page
    assert page.count("<svg") == 6
    assert "war: " in done.stdout and "regression on standard covariates" in done.stdout


def test_disputes_that_cannot_be_placed_are_counted_and_get_the_rate(run_backtest, world, tmp_path):
    files = many_disputes(30)
    first, second = (DISPUTE_FILES[name].split("\n", 1)[1] for name in ("mida.csv", "midb.csv"))
    lines = [line for line in first.splitlines(True) if line.startswith("11,")]
    states = [line for line in second.splitlines(True) if line.startswith("11,")]
    mida = files["mida.csv"].replace("\n11,", "\n911,") + "".join(lines)
    midb = files["midb.csv"].replace("\n11,", "\n911,") + "".join(states)
    write_files(world, {"mida.csv": mida, "midb.csv": midb})
    done = run_backtest(world, "--out", "out")
    assert done.code == 0, done.stderr
    reason = "side B: no originator was a member of the system"
    scores = json.loads((tmp_path / "out" / "scores.json").read_text())
    assert scores["unplaced"] == {reason: 1}
    assert f"predicted by the rate of the era: 1 ({reason})" in done.stdout
    rows = {row["dispnum"]: row for row in rows_of(tmp_path / "out" / "predictions.csv")}
    others = {row["dispnum"]: row for row in rows_of(tmp_path / "out" / "comparison.csv")}
    assert float(rows["11"]["p_war"]) == pytest.approx(float(others["11"]["p_war_era"]))
    assert len(rows) == 31
    assert "11" not in {row["dispnum"] for row in rows_of(tmp_path / "out" / "joiners.csv")}


def test_same_seed_same_bytes_whatever_the_workers(run_backtest, world, tmp_path):
    few = (world, "--to", "1940")
    for out, workers in (("one", 1), ("three", 3)):
        assert run_backtest(*few, "--out", out, "--workers", workers, "--seed", 5).code == 0
    for name in (*FILES_OF_A_BACKTEST, "backtest.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "three" / name).read_bytes()
    assert run_backtest(*few, "--out", "other", "--seed", 6).code == 0
    changed = (tmp_path / "other" / "predictions.csv").read_bytes()
    assert changed != (tmp_path / "one" / "predictions.csv").read_bytes()


def test_days_and_years_bound_the_disputes(run_backtest, world, tmp_path):
    done = run_backtest(world, "--out", "out", "--from", "1932", "--to", "1950-06-30", "--json")
    days = [d.day.isoformat() for d in mc.read_data(world).disputes()]
    assert json.loads(done.stdout)["disputes"] == sum(
        "1932-01-01" <= d <= "1950-06-30" for d in days
    )
    done = run_backtest(world, "--out", "none", "--from", "1990")
    assert (done.code, done.stderr) == (2, "no disputes: none began between these days\n")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "words, reported",
    [
        (("--split", "halves"), "split: expected hash, forward:YEAR"),
        (("--split", "folds:1"), "split: expected hash, forward:YEAR"),
        (("--split", "forward:60"), "split: expected hash, forward:YEAR"),
        (("--from", "then"), "date: expected a day such as 1914-06-28"),
        (("--coefficients", "none.toml"), "none.toml"),
        (("--actors", "1"), "--actors: expected a whole number from 2"),
    ],
)
def test_words_that_make_no_sense(run_backtest, world, tmp_path, words, reported):
    done = run_backtest(world, "--out", "out", *words)
    assert done.code == 2
    assert reported in done.stderr
    assert not (tmp_path / "out").exists()


def test_coefficients_are_laid_over_every_scenario(run_backtest, world, tmp_path):
    (tmp_path / "own.toml").write_text("[response]\nwar_cost = 60.0\n")
    assert run_backtest(world, "--out", "out", "--coefficients", "own.toml").code == 0
    placed = rows_of(tmp_path / "out" / "predictions.csv")
    assert max(float(row["p_war"]) for row in placed) == pytest.approx(0.5 / 41, rel=1e-4)
    page = (tmp_path / "out" / "backtest.html").read_text()
    assert "Coefficients: own.toml." in page
    (tmp_path / "bad.toml").write_text("[response]\nwar_costs = 60.0\n")
    done = run_backtest(world, "--out", "bad", "--coefficients", "bad.toml")
    assert done.code == 2
    assert done.stderr.startswith("bad.toml: 1 problem\n  response.war_costs: unknown key")
    assert not (tmp_path / "bad").exists()


def test_a_damaged_row_is_reported_with_file_and_line(run_backtest, world, tmp_path):
    lines = many_disputes(5)["mida.csv"].splitlines(True)
    write_files(
        world, {"mida.csv": "".join([*lines[:3], lines[3].replace(",4,", ",9,"), *lines[4:]])}
    )
    broken = lines[3].split(",")
    broken[2] = "13"
    write_files(world, {"mida.csv": "".join([*lines[:3], ",".join(broken), *lines[4:]])})
    done = run_backtest(world, "--out", "out")
    assert done.code == 3
    assert "mida.csv: line 4, column stmon: expected a whole number from 0 to 12" in done.stderr
    assert not (tmp_path / "out").exists()


# ------------------------------------------------------------ stopped and resumed


def test_stopped_and_resumed(world, tmp_path, monkeypatch):
    monkeypatch.setattr(backtest, "CHUNK", 20)
    whole = predicted(world, tmp_path / "whole")
    stop = threading.Event()
    with pytest.raises(Interrupted):
        predicted(
            world,
            tmp_path / "cut",
            workers=1,
            stop=stop,
            progress=lambda done: stop.set() if done == 45 else None,
        )
    parts = sorted((tmp_path / "cut" / "parts").iterdir())
    assert [path.name for path in parts] == ["00000.json", "00001.json"]
    reported = []
    assert predicted(world, tmp_path / "cut", progress=reported.append) == whole
    assert reported[:2] == [20, 40] and reported[-1] == N


def test_a_folder_of_another_backtest_is_kept(run_backtest, world, tmp_path):
    assert run_backtest(world, "--out", "out").code == 0
    before = (tmp_path / "out" / "predictions.csv").read_bytes()
    done = run_backtest(world, "--out", "out", "--seed", 2)
    assert done.code == 2
    assert done.stderr == (
        "out: holds a backtest with other settings or data; use another --out, or --force to "
        "start anew\n"
    )
    assert (tmp_path / "out" / "predictions.csv").read_bytes() == before
    assert run_backtest(world, "--out", "out", "--seed", 2, "--force").code == 0
    assert (tmp_path / "out" / "predictions.csv").read_bytes() != before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("")
    assert "is not empty and holds no backtest" in run_backtest(world, "--out", "mine").stderr


def test_a_damaged_part_is_reported(run_backtest, world, tmp_path):
    assert run_backtest(world, "--out", "out").code == 0
    (tmp_path / "out" / "parts" / "00001.json").write_text("[{")
    done = run_backtest(world, "--out", "out")
    assert done.code == 3
    assert "00001.json: is damaged; remove it, and run the command again" in done.stderr


# ------------------------------------------------------------ what predictions rest on


def test_outcomes_do_not_move_a_prediction_and_blank_ones_are_predicted(
    run_backtest, world, tmp_path
):
    known = probabilities(predicted(world, tmp_path / "known"))
    header = MIDA_HEADER.strip().split(",")
    rows = [line.split(",") for line in many_disputes(N)["mida.csv"].splitlines()[1:]]
    for row in rows:
        for name in ("hostlev", "recip", "numa", "numb", "fatality", "hiact", "outcome"):
            row[header.index(name)] = ""
    write_files(world, {"mida.csv": MIDA_HEADER + "".join(",".join(row) + "\n" for row in rows)})
    assert probabilities(predicted(world, tmp_path / "blank")) == known
    done = run_backtest(world, "--out", "out")
    assert done.code == 0, done.stderr
    assert "war: no outcomes are known" in done.stdout
    assert len(rows_of(tmp_path / "out" / "predictions.csv")) == N
    assert "predicted, and not scored" in (tmp_path / "out" / "backtest.html").read_text()


def test_no_later_data_move_a_prediction(world, tmp_path):
    """All that is dated after 1932 is changed, and disputes of 1931 and 1932 stay as they were."""
    before = probabilities(predicted(world, tmp_path / "before"))
    rng = random.Random(3)
    nmc = []
    for line in NMC.splitlines(True):
        cells = line.split(",")
        if cells[2] in ("1950", "1960"):
            cells[9] = f"{rng.random():.3f}"
        nmc.append(",".join(cells))
    later = {
        "nmc.csv": "".join(nmc),
        "atop.csv": FILES["atop.csv"]
        + "".join(atop_row(80, member, "1940-1-1", defense=1) for member in (2, 20, 200, 220)),
        "tss.csv": TSS + "4,Bland-Dland,20,220,1946,1980,1946,1980,0,1,1,0,0,0,0\n",
        "contdir.csv": FILES["contdir.csv"] + '2220,2,"AAA",220,"DDD",1,194001,201612,,3.2\n',
    }
    write_files(world, later)
    after = probabilities(predicted(world, tmp_path / "after"))
    early = {d.number for d in mc.read_data(world).disputes() if d.day.year <= 1932}
    assert 10 < len(early) < 50
    assert {n: after[n] for n in early} == {n: before[n] for n in early}
    assert any(after[n] != before[n] for n in before.keys() - early)


def test_permuted_outcomes_leave_no_skill(world, tmp_path):
    """Eight permutations of the outcomes; what is left on average is the cost of learning noise."""
    data = mc.read_data(world)
    disputes = data.disputes()
    records = predict_disputes(data, disputes, QUICK, tmp_path / "out")
    parts, once = divide(disputes, "folds:5"), np.ones((1, N))
    skills = {name: [] for name in ("model", "inputs", "field")}
    for seed in range(8):
        others = random.Random(seed).sample(disputes, N)
        permuted = [
            dataclasses.replace(
                own, level=other.level, answered=other.answered, n_parties=other.n_parties
            )
            for own, other in zip(disputes, others, strict=True)
        ]
        for target, found in compare(permuted, records, parts).by_target.items():
            y = outcomes(permuted, target)
            base = log_score(found["era"], y, once)
            for name, values in skills.items():
                values.append(skill(log_score(found[name], y, once), base)[0])
    for values in skills.values():
        assert len(values) == 32
        assert np.mean(values) <= 0


def test_the_first_event_sets_the_starting_rung(world, tmp_path):
    write_files(world, DISPUTE_FILES)
    plain = probabilities(
        [record for record in predicted(world, tmp_path / "plain") if "reason" not in record]
    )
    recorded = probabilities(
        [
            record
            for record in predicted(world, tmp_path / "event", Settings(4, 40, first_event=True))
            if "reason" not in record
        ]
    )
    # Dispute 3 began with a display of force, dispute 9 has no event.
    assert recorded[3][2] < plain[3][2]
    assert recorded[9] == plain[9]


def test_lagged_covariates(world, tmp_path):
    plain = predicted(world, tmp_path / "plain")
    lagged = predicted(world, tmp_path / "lagged", Settings(4, 40, lag_years=1))
    assert probabilities(plain) != probabilities(lagged)
    assert json.loads((tmp_path / "lagged" / "settings.json").read_text())["lag_years"] == 1


# ------------------------------------------------------------ splits


def test_folds_and_hash_hold_out_each_dispute_from_its_own_rate(world):
    disputes = mc.read_data(world).disputes()
    parts = divide(disputes, "folds:5")
    assert sum(part.test.astype(int) for part in parts).tolist() == [1] * N
    assert not any((part.train & part.test).any() for part in parts)
    (part,) = divide(disputes, "hash")
    assert 8 < part.test.sum() < 30
    assert (part.train ^ part.test).all()
    # Folds rest on the numbers alone, so that more disputes do not move the others.
    few = divide(disputes[:25], "folds:5")
    assert all((a.test == b.test[:25]).all() for a, b in zip(few, parts, strict=True))


def test_forward_learns_only_from_what_had_ended(world):
    write_files(world, DISPUTE_FILES)
    disputes = mc.read_data(world).disputes()
    (part,) = divide(disputes, "forward:1932")
    by_number = {
        d.number: (bool(train), bool(test))
        for d, train, test in zip(disputes, part.train, part.test, strict=True)
    }
    # Dispute 7 began in 1931 and ended in 1932: it is in neither.
    assert by_number == {7: (False, False), 3: (True, False), 9: (False, True), 11: (False, True)}


def test_a_regression_is_never_asked_about_what_it_learned_from(world, tmp_path, monkeypatch):
    from mcescalate.calibration.scoring import evaluation

    data = mc.read_data(world)
    disputes = data.disputes()
    records = predict_disputes(data, disputes, QUICK, tmp_path / "out")
    asked = []

    def predict(covariates, outcome, new, order):
        asked.append(len(outcome) + len(new))
        return outcome.mean() + 0 * new[:, 0]

    monkeypatch.setattr(evaluation, "predict_logit", predict)
    parts = divide(disputes, "folds:5")
    found = compare(disputes, records, parts)
    assert set(asked) == {N}
    war = outcomes(disputes, "war")
    for part in parts:
        assert found.by_target["war"]["inputs"][part.test] == pytest.approx(war[part.train].mean())
