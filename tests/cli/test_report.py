"""`mcescalate report`: where the page goes, and what is refused."""


def test_page_is_written_beside_the_result(mcescalate, scenario_file, tmp_path):
    assert mcescalate("run", scenario_file, "-n", 100, "--seed", 1, "-q").returncode == 0
    answer = mcescalate("report", "small-1.h5")
    assert answer.returncode == 0 and answer.stdout == ""
    assert answer.stderr == "written to small-1.html\n"
    page = (tmp_path / "small-1.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and "Two rivals and an ally" in page
    again = mcescalate("report", "small-1.h5", "-o", "small-1.html")
    assert again.returncode == 2 and "exists already" in again.stderr
    assert mcescalate("report", "small-1.h5", "--force", "-q").stderr == ""


def test_what_is_no_result_is_refused(mcescalate, scenario_file, tmp_path):
    answer = mcescalate("report", scenario_file)
    assert answer.returncode == 3 and "Traceback" not in answer.stderr
    assert not (tmp_path / "small.html").exists()


def test_events_are_chosen_for_a_sweep_alone(mcescalate, scenario_file, tmp_path):
    (tmp_path / "plan.toml").write_text(
        'schema_version = 1\ntitle = "Noise"\nchains = 64\nseed = 3\n'
        '[[bases]]\nscenario = "small.toml"\n'
        '[[axes]]\naddress = "response.gap"\nvalues = [0.2, 0.8]\n',
        encoding="utf-8",
    )
    assert mcescalate("sweep", "plan.toml", "--out", "swept", "-q").returncode == 0
    answer = mcescalate("report", "swept/result.h5", "--of", "crisis", "-o", "page.html")
    assert answer.returncode == 0, answer.stderr
    assert "The probability of crisis along" in (tmp_path / "page.html").read_text(encoding="utf-8")
    wrong = mcescalate("report", "swept/result.h5", "--of", "peace", "-o", "other.html")
    assert wrong.returncode == 2 and "general_war" in wrong.stderr and "peace" in wrong.stderr
    assert mcescalate("run", scenario_file, "-n", 100, "--seed", 1, "-q").returncode == 0
    wrong = mcescalate("report", "small-1.h5", "--of", "war", "-o", "other.html")
    assert wrong.returncode == 2 and "leave it out" in wrong.stderr
    assert not (tmp_path / "other.html").exists()
