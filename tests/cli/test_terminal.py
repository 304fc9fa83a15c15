"""Tables, answers and progress lines as a person reads them."""

from types import SimpleNamespace

import pytest

from mcescalate.analysis.estimation.estimate import wilson
from mcescalate.cli.terminal import progress
from mcescalate.cli.terminal.printing import table
from mcescalate.cli.terminal.progress import Progress, progress_line
from mcescalate.cli.views import summary
from mcescalate.quantities import grouped, in_bytes, in_time


def estimate(count, n):
    lower, upper = wilson(count, n)
    return {"count": count, "probability": count / n, "lower": lower, "upper": upper}


@pytest.mark.parametrize(
    ("count", "n", "share", "interval"),
    [
        (0, 10**6, "< 0.00038 %", "0.00000 - 0.00038"),
        (10**6, 10**6, "> 99.99962 %", "99.99962 - 100.00000"),
        (123_456, 10**6, "12.346 %", "12.281 - 12.410"),
        (5, 20, "25 %", "11 - 47"),
        (0, 1, "< 79 %", "0 - 79"),
    ],
)
def test_shares_show_what_they_support(count, n, share, interval):
    assert summary.percent(estimate(count, n)) == share
    assert summary.interval(estimate(count, n)) == interval


def test_nothing_is_ever_zero_per_cent():
    for n in (1, 7, 1000, 10**6, 10**12):
        assert summary.percent(estimate(0, n)).startswith("< ")
        assert float(summary.percent(estimate(0, n)).strip("<% ")) > 0


def test_table_aligns():
    assert table(("a", "bb"), [("long", "1"), ("x", "22")]) == ["a     bb", "long   1", "x     22"]


def test_table_drops_last_columns_that_do_not_fit():
    header, row = ("name", "p", "interval", "extra"), ("GMY", "12 %", "11 - 13", "many words")
    assert table(header, [row], width=24)[1] == "GMY   12 %   11 - 13"
    assert table(header, [row], width=1)[1] == "GMY   12 %"
    assert "many words" in table(header, [row])[1]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "under 1 s"),
        (119, "119 s"),
        (120, "2 minutes"),
        (7200, "2 hours"),
        (1e11, "3 169 years"),
    ],
)
def test_time_spans(seconds, text):
    assert in_time(seconds) == text


def test_amounts():
    assert in_bytes(999) == "999 bytes"
    assert in_bytes(1.44e12) == "1.4 TB"
    assert grouped(1234567) == "1 234 567"


def test_progress_line():
    line = progress_line(250_000, 1_000_000, "chains", 5.0)
    assert line == "250 000 of 1 000 000 chains (25%), 50 000 a second, 15 s left"
    assert "unknown" in progress_line(0, 10, "chains", 1.0)


def test_one_plain_line_a_minute(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with Progress(1000, "chains") as reported:
        for second in range(1, 131):
            now[0] = float(second)
            reported(second)
    err = capsys.readouterr().err
    assert err.splitlines() == [
        "measured: 17 minutes left",
        "60 of 1 000 chains (6%), 1 a second, 16 minutes left",
        "120 of 1 000 chains (12%), 1 a second, 15 minutes left",
    ]
    assert "\x1b" not in err


def test_compiling_is_announced_and_not_counted_as_simulating(monkeypatch, capsys):
    now, busy = [0.0], [True]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(progress, "is_compiling", lambda: busy[0])
    with Progress(1000, "chains") as note:
        for second in range(1, 91):
            now[0] = float(second)
            note(0)
        busy[0] = False
        for second in range(91, 152):
            now[0] = float(second)
            note(second - 90)
    assert capsys.readouterr().err.splitlines() == [
        "compiling (once per machine), which takes about a minute",
        "measured: 17 minutes left",
        "60 of 1 000 chains (6%), 1 a second, 16 minutes left",
    ]


def test_the_time_left_is_measured_once_and_only_of_long_runs(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    for total in (1000, 10):
        now[0] = 0.0
        with Progress(total, "chains") as note:
            for tenth in range(1, 100):
                now[0] = tenth / 10
                note(tenth // 10)
    assert capsys.readouterr().err.splitlines() == ["measured: 17 minutes left"]


def test_later_stages_are_named_and_get_no_time_left(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with Progress(10, "disputes") as note:
        note(10)
        for second in range(10, 100, 10):
            now[0] = float(second)
            note.go_on("fitting" if second < 30 else "simulating", second // 10)
    assert capsys.readouterr().err.splitlines() == [
        "fitting, step 1",
        "simulating, step 3",
        "simulating, step 9",
    ]


def test_silent_when_asked(monkeypatch, capsys):
    monkeypatch.setattr(progress, "EVERY", 0.0)
    with Progress(10, "chains", shown=False) as reported:
        reported(5)
        reported.go_on("fitting", 1)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("busy", "rate", "text"),
    [
        (False, None, "starting"),
        (True, None, "compiling (once per machine)"),
        (False, 1234.5, "1 234 chains/s"),
    ],
)
def test_live_line_says_what_a_new_run_waits_for(monkeypatch, busy, rate, text):
    from mcescalate.cli.terminal import live

    monkeypatch.setattr(live, "is_compiling", lambda: busy)
    task = SimpleNamespace(finished_speed=None, speed=rate)
    assert live.RateColumn("chains").render(task).plain == text
