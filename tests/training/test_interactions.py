"""Tables of users and items are read, refused with their line, and split by rule or by chance."""

import gzip

import numpy as np
import pytest

from explorer.errors import ExplorerError, VectorFileError
from explorer.formats.source import Source
from explorer.items import Items
from explorer.training import rating_columns
from explorer.training.interactions import (
    interactions_from_pairs,
    read_interactions,
    split_last,
    split_random,
)
from explorer.training.toy_ratings import TASTES, toy_ratings

RATINGS = "userId,movieId,rating,timestamp\n7,30,4.5,100\n7,10,2,50\n9,10,5,70\n"
MOVIES = """movieId,title,genres
10,"Heat, The (1995)",Action|Crime
30,Heat (1995),Crime
5,Jaws,Horror
"""


def write(folder, name, text):
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_movielens_tables_give_names_years_and_genres(tmp_path):
    ratings = write(tmp_path, "ratings.csv.gz", gzip.compress(RATINGS.encode()))
    read = read_interactions(ratings, items=write(tmp_path, "movies.csv", MOVIES))
    assert list(read.items) == ["Heat (1995)", "Heat, The (1995)"]
    assert list(read.users) == ["7", "9"]
    pairs = zip(read.user.tolist(), read.item.tolist(), read.rating.tolist(), strict=True)
    assert list(pairs) == [(0, 0, 4.5), (0, 1, 2.0), (1, 1, 5.0)]
    assert read.metadata.record(1) == {
        "id": "10", "year": 1995.0, "genre": "Action", "genres": "Action|Crime",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "a\tx\t3\t1\nb\ty\t2\t2\n",
        "a::x::3::1\nb::y::2::2\n",
        "item;rating;user;time\nx;3;a;1\ny;2;b;2\n",
        "\ufeffuser_id,item_id,stars,date\r\na,x,3,2018-09-26\r\nb,y,2,2018-09-27\r\n",
    ],
)
def test_columns_are_found_by_name_or_by_order(tmp_path, text):
    read = read_interactions(write(tmp_path, "r.txt", text))
    assert (list(read.users), list(read.items)) == (["a", "b"], ["x", "y"])
    assert read.rating.tolist() == [3, 2]
    assert read.time[0] < read.time[1]


def test_pairs_without_ratings_and_times_keep_the_order_of_lines(tmp_path):
    read = read_interactions(write(tmp_path, "r.csv", "u,x\nu,y\nv,x\n"))
    assert read.rating.tolist() == [1, 1, 1]
    assert list(split_last(read).held_out.item) == [1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("user,item,rating\na,x,3\na,y,three\n", "r.csv, line 3: the rating 'three' is no number."),
        ("user,item,rating\na,x,nan\n", "line 2: the rating 'nan' is no number."),
        ("user,item,rating\na,x,3\na\n", "r.csv, line 3: expected 3 columns, found 1."),
        ("user,item,rating,time\na,x,3,soon\n", "line 2: the time 'soon' is neither"),
        ("user,item,time\na,x,nat\n", "line 2: the time 'nat' is neither"),
        ("user,item\n", "holds a header, but no line below it."),
        ("rating,time\n3,4\n", "needs a column of users and one of items"),
        (b"user,item\na,\xff\n", "is not UTF-8"),
        ("\n\n", "blank lines only"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path, text, told):
    with pytest.raises(VectorFileError) as caught:
        read_interactions(write(tmp_path, "r.csv", text))
    assert told in str(caught.value)


def test_an_items_table_of_other_items_is_refused(tmp_path):
    ratings = write(tmp_path, "r.csv", "a,x\n")
    with pytest.raises(VectorFileError, match="holds none of the items, such as 'x'"):
        read_interactions(ratings, items=write(tmp_path, "movies.csv", MOVIES))


def test_of_a_pair_that_comes_twice_the_latest_is_kept():
    names = Items(["a"])
    pairs = interactions_from_pairs("t", names, names, [0, 0], [0, 0], [1, 5], [2, 1])
    assert pairs.rating.tolist() == [1]
    assert str(pairs.findings[0]) == "1 repeated pairs: the latest kept"


def test_a_threshold_keeps_all_users_and_items_and_an_empty_result_is_told(tmp_path):
    read = read_interactions(write(tmp_path, "r.csv", RATINGS))
    liked = read.at_least(4)
    assert (len(liked), len(liked.users), len(liked.items)) == (2, 2, 2)
    assert liked.popularity.tolist() == [1, 1]
    with pytest.raises(ExplorerError, match=r"the highest is 5\. Lower the threshold"):
        read.at_least(6)


def test_the_last_of_each_user_is_held_out_and_a_single_one_is_kept(tmp_path):
    train, held_out = split_last(read_interactions(write(tmp_path, "r.csv", RATINGS)))
    assert (held_out.user.tolist(), held_out.item.tolist()) == ([0], [0])
    assert (train.user.tolist(), train.item.tolist()) == ([0, 1], [1, 1])


def test_a_random_split_takes_its_share_of_every_user_and_repeats_by_seed():
    pairs = toy_ratings()
    train, held_out = split_random(pairs, 0.25, seed=3)
    assert set(np.bincount(held_out.user)) == {5}
    assert len(train) + len(held_out) == len(pairs)
    both = np.concatenate([train.user * 1000 + train.item, held_out.user * 1000 + held_out.item])
    assert len(np.unique(both)) == len(pairs)
    assert np.array_equal(split_random(pairs, 0.25, seed=3).held_out.item, held_out.item)
    assert not np.array_equal(split_random(pairs, 0.25, seed=4).held_out.item, held_out.item)


def test_nothing_to_hold_out_is_told():
    pairs = interactions_from_pairs("t", Items("ab"), Items("xy"), [0, 1], [0, 1])
    with pytest.raises(ExplorerError, match="two or more are needed"):
        split_last(pairs)


def test_toy_users_prefer_the_kind_of_their_taste():
    pairs = toy_ratings()
    assert (len(pairs.users), len(pairs.items)) == (200, 120)
    own = np.array([TASTES[u % 6] for u in pairs.user]) == pairs.metadata["kind"][pairs.item]
    assert 0.4 < own.mean() < 0.95
    assert toy_ratings().digest == pairs.digest != toy_ratings(seed=2).digest


def test_movielens_reads_whole(shared_data):
    read = read_interactions(
        shared_data("ratings/ratings.csv.gz"), items=shared_data("ratings/movies.csv")
    )
    assert (len(read), len(read.users), len(read.items)) == (100_836, 610, 9_724)
    assert read.items[0] == "Toy Story (1995)"


@pytest.mark.parametrize(
    "text",
    [
        RATINGS,
        "u,x\n\nv,x\n u,y\n",
        'user;item;rating\n"a;b";x;1e1\n"c ""d""";NA;2\n',
        "user\titem\n1\t01\n1\t1\n",
    ],
)
def test_the_fast_reader_reads_what_the_careful_one_does(tmp_path, text, monkeypatch):
    file = write(tmp_path, "r.csv", text)
    with Source.open(file) as source:
        fast = rating_columns.read_columns(source)
        monkeypatch.setattr(rating_columns, "_read_fast", lambda *_: None)
        careful = rating_columns.read_columns(source)
    for name, value in vars(careful).items():
        assert np.array_equal(getattr(fast, name), value), name
