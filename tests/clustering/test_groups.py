"""Names and mergers of clusters."""

import numpy as np
import pytest

from explorer.clustering.groups import NOISE, Groups, largest_first
from explorer.errors import ExplorerError

LABELS = np.array([0, 1, 2, 2, -1], dtype=np.int32)


def test_clusters_are_numbered_from_one_for_people():
    groups = Groups.numbered(3)
    assert groups.names == ("1", "2", "3")
    assert groups.column(LABELS).tolist() == ["1", "2", "3", "3", NOISE]
    assert groups.codes(LABELS).tolist() == [0, 1, 2, 2, -1]
    assert Groups.numbered(2, ["robert", "ideas"]).names == ("1 · robert", "2 · ideas")
    assert len(Groups.numbered(1, ["x" * 99]).names[0]) == 60


def test_a_name_changes_one_group_alone():
    named = Groups.numbered(3).renamed(1, "  fruit  and veg ")
    assert named.names == ("1", "fruit and veg", "3")


def test_merged_groups_stand_in_the_place_of_the_first():
    merged = Groups.numbered(4).renamed(0, "birds").merged([2, 0])
    assert merged.names == ("birds + 3", "2", "4")
    assert merged.of_cluster == (0, 1, 0, 2)
    assert merged.codes(LABELS).tolist() == [0, 1, 0, 0, -1]
    again = merged.merged([1, 2], "rest")
    assert again.names == ("birds + 3", "rest")
    assert again.of_cluster == (0, 1, 0, 1)


def test_a_name_that_is_taken_empty_or_too_long_is_refused():
    groups = Groups.numbered(3)
    with pytest.raises(ExplorerError, match="Another group is called '2'"):
        groups.renamed(0, "2")
    with pytest.raises(ExplorerError, match="1 to 60"):
        groups.renamed(0, "   ")
    with pytest.raises(ExplorerError, match="1 to 60"):
        groups.renamed(0, "x" * 61)
    with pytest.raises(ExplorerError, match="Another group"):
        groups.renamed(0, NOISE)
    assert groups.renamed(0, "1") == groups


def test_unknown_groups_and_a_merger_of_one_are_refused():
    with pytest.raises(ExplorerError, match="0 to 2"):
        Groups.numbered(3).renamed(3, "x")
    with pytest.raises(ExplorerError, match="two groups"):
        Groups.numbered(3).merged([1, 1])


def test_the_largest_cluster_gets_the_first_number_and_noise_keeps_its_own():
    assert largest_first([2, 2, 0, -1, 0, 2, 5]).tolist() == [0, 0, 1, -1, 1, 0, 2]
    assert largest_first([-1, -1]).tolist() == [-1, -1]
    assert largest_first([]).tolist() == []
