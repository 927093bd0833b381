import gzip
import io
from fractions import Fraction

import numpy as np
import pytest

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats import load, text, text_chunks
from explorer.formats.vector_lines import LineError, nearest_float32, parse_line
from explorer.limits import Limits


@pytest.fixture(params=["kernel", "twin"])
def way(request, monkeypatch):
    """Both parsers: the fast one for any size of file, and plain Python where Numba is absent."""
    monkeypatch.setattr(text, "KERNEL_BYTES", 0 if request.param == "kernel" else 1 << 60)
    return request.param


def opened(data, **options):
    return load(io.BytesIO(data if isinstance(data, bytes) else data.encode()), **options)


def problem(data, **options):
    with pytest.raises(VectorFileError) as caught:
        opened(data, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        "2 3\nking 1 2 3.5\nqueen 4 5 -6e-1\n",
        "2 3\nking 1 2 3.5\nqueen 4 5 -6e-1",
        "2 3 \nking 1 2 3.5 \nqueen 4 5 -6e-1 \n",
        "2 3\r\nking 1 2 3.5\r\nqueen 4 5 -6e-1\r\n",
        "2\t3\nking\t1\t2\t3.5\nqueen\t4\t5\t-6e-1\n",
        "king 1 2 3.5\nqueen 4 5 -6e-1\n",
        "king  +1.0   2. 3.50\t\nqueen 04 5E0 -.6\n\n\n",
        "\ufeffking 1 2 3.5\n\nqueen 4 5 -6e-1\n",
        "king 1 2 3.5\r\n\r\nqueen 4 5 -6e-1\r\n",
    ],
)
def test_the_same_two_lines_in_every_dress(data, way):
    space = opened(data)
    assert list(space.items) == ["king", "queen"]
    assert space.vectors.tolist() == np.float32([[1, 2, 3.5], [4, 5, -0.6]]).tolist()
    assert space.provenance.findings == ()


def test_what_looks_like_a_space_but_is_none_stays_in_the_name(way):
    names = ["a\u00a0b", "c\u0085d", "e\u2003f", "g\x0bh", "日本", "naïve", '"', "#", "\\"]
    space = opened("".join(f"{name} 0.5 1.5\n" for name in names))
    assert list(space.items) == names


def test_names_may_hold_spaces_as_in_glove_840b(way):
    names = ["New York", ". . .", "at name@domain.com", "Windows 95", "a  b", "1 2/3", "the"]
    lines = "".join(f"{name} 0.125 -0.25 0.5\n" for name in names)
    space = opened("x 0.1 0.2 0.3\n" * 20 + lines)
    assert list(space.items)[20:] == names
    assert (space.vectors[20:] == np.float32([0.125, -0.25, 0.5])).all()


def test_a_name_that_is_a_number_is_a_name(way):
    space = opened("1990 0.5 0.25\n-1 0.125 1\n0.5 0.5 0.5\nnan 1 2\nking 3 4\n")
    assert list(space.items) == ["1990", "-1", "0.5", "nan", "king"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("queen 1 2", "line 2: expected 3 numbers after 'queen', found 2; is the file cut short?"),
        ("queen 1 2 3 4", "line 2: expected 3 numbers after 'queen', found 4."),
        ("queen 1.5 2.125 3.5 4.5 5", "line 2: expected 3 numbers after 'queen', found 5."),
        ("queen 1 two 3", "line 2: expected a number as value 2 of 'queen', found 'two'."),
        ("queen 1 2 0x10", "line 2: expected a number as value 3 of 'queen', found '0x10'."),
        ("queen 1 2 3_0", "found '3_0'"),
        ("queen 1 2 -", "found '-'"),
        ("queen 1 2 .", "found '.'"),
        ("queen 1 2 1e", "found '1e'"),
        ("queen 1 2 1,5", "found '1,5'"),
        ("queen 1 2 ١", "found '١'"),
        ("queen", "line 2: expected 3 numbers after 'queen', found 0; is the file cut short?"),
    ],
)
def test_a_ragged_line_is_named_with_what_was_wanted_and_found(line, expected, way):
    good = "king 1 2 3\n"
    assert expected in problem(good + line + "\n" + good)
    shifted = expected.replace("line 2", "line 3")
    assert shifted in problem("3 3\n" + good + line + "\n" + good)


def test_blank_lines_are_counted_in_the_line_of_an_error(way):
    assert "line 5: expected" in problem("king 1 2\n\n\r\nqueen 1 2\nbad 1\n")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("3 2\nking 1 2\nqueen 3 4\n", "the header promises 3 items, found 2; is the file cut"),
        ("1 2\nking 1 2\nqueen 3 4\n", "line 3: the header promises 1 items, but here is one more"),
        ("2 3\nking 1 2\nqueen 3 4\n", "line 2: expected 3 numbers after 'king', found 2"),
        ("2 2\nking .125 .2 .3\nqueen .3 .4 .5\n", "line 2: expected 2 numbers after 'king', fou"),
        ("999999 300\nking 1 2\nqueen 3 4\n", "line 1: the header promises 999,999 items of 300"),
        ("0 2\nking 1 2\n", "line 1: the header promises 0 items"),
    ],
)
def test_a_header_that_lies_is_found_out(data, expected, way):
    assert expected in problem(data)


def test_a_header_beyond_the_limit_reserves_nothing():
    data = gzip.compress(b"1000000000 1000\nking 1 2 3\n")
    with pytest.raises(FileTooLargeError, match=r"promises 1,000,000,000 x 1,000 numbers"):
        opened(data)


def test_a_line_beyond_the_limit_is_refused_before_it_is_read_whole(monkeypatch):
    monkeypatch.setattr(text_chunks, "CHUNK_BYTES", 1 << 12)
    stream = io.BytesIO(b"king 1 2\n" + b"x" * 10_000_000)
    with pytest.raises(FileTooLargeError, match=r"line longer than 97\.7 kB"):
        load(stream, limits=Limits(line_bytes=100_000))
    assert stream.tell() < 1_000_000


def test_a_name_beyond_the_limit_is_refused(way):
    with pytest.raises(FileTooLargeError, match=r"line 2: a name of 101 bytes, the limit is 100"):
        opened("a 1 2\n" + "x" * 101 + " 3 4\n", limits=Limits(name_characters=100))


def test_bytes_that_are_not_utf8_are_placed_even_far_into_the_file(way):
    good = "king 1 2\n" * 20_000
    message = problem(good.encode() + b"caf\xe9 1 2\n" + good.encode())
    assert "line 20,001: byte 180,003 (0xE9) is not UTF-8" in message


def test_small_chunks_give_the_same_space(way, monkeypatch):
    generator = np.random.default_rng(5)
    vectors = generator.standard_normal((500, 7)).astype(np.float32)
    lines = [f"näme{i} " + " ".join(map(str, row)) for i, row in enumerate(vectors)]
    data = "\n".join(lines).encode()
    for chunk in (50, 1000, 4096):
        monkeypatch.setattr(text_chunks, "CHUNK_BYTES", chunk)
        for file in (data, gzip.compress(data), b"500 7\r\n" + data):
            space = opened(file)
            assert (space.vectors == vectors).all()
            assert list(space.items) == [f"näme{i}" for i in range(500)]


def test_a_limit_takes_the_first_items_and_says_so(way):
    lines = "".join(f"w{i} {i + 1} 0.5\n" for i in range(1000))
    for data, said in ((lines, "the first 10"), ("1000 2\n" + lines, "990 items: left out")):
        space = opened(data, limit=10)
        assert list(space.items) == [f"w{i}" for i in range(10)]
        assert said in str(space.provenance.findings[0])
        assert opened(data, limit=1000).provenance.findings == ()


def test_places_in_findings_count_every_line(way):
    data = "a 1 2\n\nb 0 0\nc nan 1\nd 1 inf\na 3 4\n"
    space = opened(data)
    said = " | ".join(map(str, space.provenance.findings))
    assert "1 zero rows: kept out (line 3: b)" in said
    assert "2 rows with numbers that are not finite: kept out (line 4: c, line 5: d)" in said
    assert "1 repeated names: kept and numbered (' #2') (line 6: a #2)" in said
    assert list(space.items) == ["a", "a #2"]


def hard_numbers() -> list[str]:
    """Decimals at and next to the middle of two float32, long ones, and the edges of the range."""
    generator = np.random.default_rng(1)
    bits = generator.integers(0, 0x7F7FFFFF, 300, dtype=np.uint32)
    numbers = []
    for low in bits.view(np.float32).tolist():
        high = float(np.nextafter(np.float32(low), np.float32(np.inf)))
        middle = (Fraction(low) + Fraction(high)) / 2
        digits = f"{float(middle):.20e}"
        numbers += [digits, f"{float(middle):.17g}", f"{low:.9g}", repr(low)]
        numbers += [f"{float(middle):.60e}1", f"{float(middle) * (1 - 1e-15):.25e}"]
    numbers += [
        "16777217",
        "16777217.0000000000000000000001",
        "1e-45",
        "7e-46",
        "7.1e-46",
        "1e-400",
    ]
    numbers += ["3.4028234e38", "3.4028235677973366e38", "3.5e38", "0." + "0" * 40 + "123"]
    numbers += ["123456789" * 3, "0." + "123456789" * 5, "1" + "0" * 30, "000000000000000000000.5"]
    numbers += [repr(abs(x)) for x in generator.standard_normal(300).tolist()]
    return numbers


def test_every_number_becomes_the_nearest_float32(way):
    numbers = hard_numbers()
    space_text = "".join(f"w{i} {number} 1\n" for i, number in enumerate(numbers))
    raw = np.array([exactly_rounded(number) for number in numbers], dtype=np.float32)
    finite = np.isfinite(raw)
    space = opened(space_text)
    assert space.vectors[:, 0].tolist() == raw[finite].tolist()
    negative = opened(space_text.replace(" ", " -"))
    assert negative.vectors[:, 0].tolist() == (-raw[finite]).tolist()


def exactly_rounded(number: str) -> float:
    """The nearest float32 by exact fractions: try the neighbours of the first guess."""
    exact = Fraction(number)
    with np.errstate(over="ignore"):
        guess = np.float32(float(number))
    if not np.isfinite(guess):
        limit = Fraction(float(np.finfo(np.float32).max)) + Fraction(2) ** 103
        return float(np.finfo(np.float32).max) if exact < limit else float("inf")
    with np.errstate(over="ignore"):
        around = [guess, *(np.nextafter(guess, np.float32(end)) for end in (-np.inf, np.inf))]
    odd = {float(x): int(x.view(np.uint32)) & 1 for x in around if np.isfinite(x)}
    return min(odd, key=lambda x: (abs(Fraction(x) - exact), odd[x]))


def test_the_twin_alone_rounds_to_the_nearest():
    for number in hard_numbers():
        assert float(nearest_float32(number)) == exactly_rounded(number), number


def test_the_twin_by_hand():
    name, vector = parse_line(b"New York 0.5 1e-2", 2)
    assert (name, vector.tolist()) == (b"New York", np.float32([0.5, 0.01]).tolist())
    name, vector = parse_line(b" 0.5 1", 2)
    assert name == b""
    with pytest.raises(LineError):
        parse_line(b"", 2)


def test_items_without_a_name_are_called_by_their_row(way):
    space = opened("king 1 2\n 3 4\nqueen 5 6\n")
    assert list(space.items) == ["king", "row 1", "queen"]
    assert (
        str(space.provenance.findings[0]) == "1 items without a name: named by their row (line 2)"
    )


@pytest.mark.parametrize(
    ("name", "header"),
    [("vectors/glove.6B.100d.top20k.txt.gz", False), ("vectors/fasttext-enwik8-32d.vec", True)],
)
def test_real_files_read_as_gensim_reads_them(name, header, shared_data):
    gensim = pytest.importorskip("gensim.models")
    file = shared_data(name)
    theirs = gensim.KeyedVectors.load_word2vec_format(str(file), no_header=not header)
    ours = load(file)
    assert list(ours.items) == theirs.index_to_key
    assert (ours.vectors == theirs.vectors).all()
    assert ours.provenance.findings == ()
