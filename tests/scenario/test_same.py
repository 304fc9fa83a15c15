"""Values known by identity."""

from functools import lru_cache

from mcescalate.scenario.same import Same


def test_only_the_same_value_is_the_same():
    one, other = [1], [1]
    assert Same(one) == Same(one)
    assert hash(Same(one)) == hash(Same(one))
    assert Same(one) != Same(other)
    assert Same(one) != one


def test_a_value_that_is_remembered_keeps_its_identity():
    # Were it let go, the next value might be made in its place and be taken for it.
    @lru_cache(2)
    def length(texts):
        return len(texts.value)

    for n in range(100):
        assert length(Same(["x"] * n)) == n
