from mvlake.lake.progress_of_several import ProgressOfSeveral


def test_what_runs_at_a_time_is_told_in_one_line():
    told = []
    together = ProgressOfSeveral(lambda *said: told.append(said), 5)
    with together.of("fraud:v1") as first, together.of("churn:v2"):
        first("cells in 3 s", 2, 9)
        assert told[-1] == ("replayed (fraud:v1 2/9, churn:v2)", 0, 5)
        with together.of("a"), together.of("b"):
            assert told[-1] == ("replayed (fraud:v1 2/9, churn:v2, a, 1 more)", 0, 5)
    assert told[-1] == ("replayed", 4, 5)
