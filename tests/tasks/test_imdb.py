"""IMDB without Keras: the same data as Keras', and nothing bad that a file can do."""

import json
import os
import pickle
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

from rnn_core import tasks
from rnn_core.tasks import Data, TaskError, imdb, imdb_file

TRAIN = [[10, 11, 12], [20], [30, 9_998, 31], [], [40, 41], [50, 6], [60], [70], [80], [90]]
TEST = [[5, 4], [3]]


def objects(rows: list) -> np.ndarray:
    array = np.empty(len(rows), dtype=object)
    array[:] = rows
    return array


def write(path: Path, train=TRAIN, test=TEST, labels=None) -> Path:
    y = np.arange(len(train)) % 2 if labels is None else labels
    np.savez(path, x_train=objects(train), y_train=y, x_test=objects(test), y_test=np.arange(len(test)) % 2)
    return path


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder that RNN_IMDB_DIR names, and a cache of its own."""
    folder = tmp_path / "imdb"
    folder.mkdir()
    monkeypatch.setenv("RNN_IMDB_DIR", str(folder))
    monkeypatch.setenv("RNN_CACHE_DIR", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    """No RNN_IMDB_DIR, and a home of Keras' in which nothing has been downloaded."""
    monkeypatch.delenv("RNN_IMDB_DIR", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("RNN_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "keras" / "datasets"


def keras_load_data(path: Path, monkeypatch, num_words: int):
    import keras.src.datasets.imdb as keras_imdb

    # Keras would reject any file but its own by hash; which file it reads is not what is compared.
    monkeypatch.setattr(keras_imdb, "get_file", lambda *args, **kwargs: str(path))
    return keras_imdb.load_data(num_words=num_words)


def assert_same(ours: imdb_file.Reviews, theirs, labels) -> None:
    assert [list(ours[i]) for i in range(len(ours))] == list(theirs)
    np.testing.assert_array_equal(ours.labels, labels)


# ------------------------------------------------------------------------------------------------- same as Keras


@pytest.mark.parametrize("num_words", [10_000, 40, 5])
def test_small_file_as_keras_loads_it(place, monkeypatch, num_words):
    path = write(place / "imdb.npz")
    (x_train, y_train), (x_test, y_test) = keras_load_data(path, monkeypatch, num_words)
    for _ in ("converted", "from the cache"):
        train, test = imdb.load_data(num_words)
        assert_same(train, x_train, y_train)
        assert_same(test, x_test, y_test)


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_padding_as_keras_does_it(length):
    import keras

    rows = [[1, 2, 3], [4], [5, 6, 7, 8, 9], []]
    np.testing.assert_array_equal(imdb.pad(rows, length), keras.utils.pad_sequences(rows, length))


def test_the_last_fifth_validates(place):
    write(place / "imdb.npz")
    dataset = tasks.load(Data("imdb", length=3, samples=10))
    train, _ = imdb.load_data()
    assert (len(dataset.x_train), len(dataset.x_val)) == (8, 2)
    np.testing.assert_array_equal(np.concatenate([dataset.x_train, dataset.x_val]), imdb.pad(list(train), 3))
    np.testing.assert_array_equal(dataset.y_val, train.labels[8:])
    for ends in ({"padding": "post"}, {"truncating": "post"}):
        again = tasks.load(Data("imdb", length=3, samples=10, **ends))
        np.testing.assert_array_equal(np.concatenate([again.x_train, again.x_val]), imdb.pad(list(train), 3, **ends))
        few = tasks.validation(Data("imdb", length=3, samples=10, **ends), 1)
        np.testing.assert_array_equal(few.x_val, again.x_val[:1])
    assert dataset.symbols == (), "learnt without the word index too"
    assert tasks.samples(dataset, 1)[0].seen[-1].isdigit()


@pytest.mark.skipif("RNN_IMDB_DIR" not in os.environ, reason="RNN_IMDB_DIR names no folder with the real reviews")
class TestRealReviews:
    @pytest.fixture(autouse=True)
    def own_cache(self, tmp_path_factory, monkeypatch):
        monkeypatch.setenv("RNN_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "real"))

    def test_all_fifty_thousand_as_keras_loads_them(self, monkeypatch):
        (x_train, y_train), (x_test, y_test) = keras_load_data(imdb_file.find(), monkeypatch, 10_000)
        train, test = imdb.load_data()
        assert_same(train, x_train, y_train)
        assert_same(test, x_test, y_test)

    def test_the_articles_arrays(self):
        import keras

        data = Data("imdb", length=500, samples=25_000)
        dataset = tasks.load(data)
        train, _ = imdb.load_data()
        expected = keras.utils.pad_sequences(list(train), 500)
        np.testing.assert_array_equal(np.concatenate([dataset.x_train, dataset.x_val]), expected)
        assert dataset.x_val.shape == (5000, 500)
        assert dataset.chance == pytest.approx(0.5, abs=0.02)

    def test_words(self):
        train, _ = imdb.load_data()
        words = imdb.decode(train[0])
        assert words[0] == "[start]"
        assert len(words) == len(train[0])
        assert imdb.symbols()[4] == "the", "the commonest word has rank 1, and tokens are ranks plus 3"


# ------------------------------------------------------------------------------------------------------ the cache


def test_converted_once(place, monkeypatch):
    write(place / "imdb.npz")
    assert imdb.available().told.code == "to_convert"
    imdb.load_data()
    assert imdb.available().told.code == "ready"
    monkeypatch.setattr(imdb_file, "_read_part", None)
    imdb.load_data()


def test_a_changed_file_is_read_anew(place):
    path = write(place / "imdb.npz")
    imdb.load_data()
    write(path, train=[[77]], labels=np.array([1]))
    assert imdb.load_data()[0][0].tolist() == [1, 80]


def test_a_damaged_cache_is_written_anew(place, tmp_path):
    write(place / "imdb.npz")
    imdb.load_data()
    (cache,) = (tmp_path / "cache").iterdir()
    cache.write_bytes(cache.read_bytes()[:100])
    assert len(imdb.load_data()[0]) == len(TRAIN)
    assert cache.stat().st_size > 100


def test_without_a_place_for_a_cache(place, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("RNN_CACHE_DIR", str(tmp_path / "file"))
    write(place / "imdb.npz")
    assert len(imdb.load_data()[0]) == len(TRAIN)


def test_several_at_once(place, tmp_path):
    write(place / "imdb.npz")
    lengths: list[int] = []
    threads = [threading.Thread(target=lambda: lengths.append(len(imdb.load_data()[0]))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lengths == [len(TRAIN)] * 6
    assert len(list((tmp_path / "cache").iterdir())) == 1, "nothing half-written stays"


# ---------------------------------------------------------------------------------------------------- bad input


def caught(code: str) -> TaskError:
    """What loading raises; available() has to agree wherever it can know."""
    with pytest.raises(TaskError) as info:
        tasks.load(Data("imdb", length=3, samples=5))
    assert info.value.code == code
    for value in info.value.values.values():
        assert str(value) in str(info.value)
    return info.value


def test_no_folder(place):
    place.rmdir()
    assert caught("imdb_no_folder").values == {"folder": str(place)}
    assert imdb.available().told.code == "imdb_no_folder"
    assert not imdb.available().usable


def test_no_file(place):
    assert caught("imdb_no_file").values == {"folder": str(place), "name": "imdb.npz"}
    assert imdb.available().told.code == "imdb_no_file"


def test_nothing_downloaded_yet(keras_home):
    assert caught("imdb_missing").values == {"folder": str(keras_home), "name": "imdb.npz"}
    assert imdb.available().told.code == "to_download"
    assert imdb.available().usable
    assert "17 MB" in str(imdb.available().told)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip after all", b"<html>404</html>"])
def test_wrong_file(place, content):
    (place / "imdb.npz").write_bytes(content)
    assert caught("imdb_unreadable").values["path"] == str(place / "imdb.npz")


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_truncated_file(place, part):
    path = write(place / "imdb.npz")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    caught("imdb_unreadable")


def test_damaged_file(place):
    path = write(place / "imdb.npz")
    content = bytearray(path.read_bytes())
    content[300:320] = b"\xff" * 20
    path.write_bytes(content)
    caught("imdb_unreadable")


def test_another_npz(place):
    np.savez(place / "imdb.npz", images=np.zeros(3))
    caught("imdb_unreadable")


@pytest.mark.parametrize("labels", [np.array([0, 1]), np.full(len(TRAIN), 7), np.zeros(len(TRAIN)).astype(str)])
def test_labels_that_are_none(place, labels):
    write(place / "imdb.npz", labels=labels)
    caught("imdb_unreadable")


@pytest.mark.parametrize("number", [-1, 2**40])
def test_numbers_that_no_word_has(place, number):
    write(place / "imdb.npz", train=[[1, number]], labels=np.array([1]))
    caught("imdb_unreadable")


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("text", "str"),
        ((1, 2), "tuple"),
        (None, "NoneType"),
        ([1.5], "float"),
        ([True], "bool"),
        (["word"], "str"),
        ([[1]], "list"),
    ],
)
def test_anything_but_lists_of_whole_numbers(place, entry, found):
    write(place / "imdb.npz", train=[*TRAIN[:9], entry])
    assert caught("imdb_not_lists").values["found"] == found


def test_an_array_that_is_no_array_of_lists(place):
    np.savez(place / "imdb.npz", x_train=np.zeros((2, 3)), y_train=np.array([0, 1]))
    assert "float64" in caught("imdb_not_lists").values["found"]


class Bomb:
    """What a malicious pickle looks like: a call that is made while it is loaded."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("where", ["in the array", "in a list", "instead of the array"])
@pytest.mark.parametrize("function", [os.mkdir, eval, np.fromfile])
def test_nothing_is_executed(place, tmp_path, where, function):
    mark = tmp_path / "executed"
    argument = f"__import__('os').mkdir({str(mark)!r})" if function is eval else str(mark)
    bomb = Bomb(function, argument)
    path = write(place / "imdb.npz", train=[*TRAIN[:9], {"in a list": [bomb]}.get(where, bomb)])
    if where == "instead of the array":
        replace_pickle(path, pickle.dumps(bomb))
    assert "." in caught("imdb_not_lists").values["found"]
    assert not mark.exists()


def test_a_pickle_that_is_something_else(place):
    path = write(place / "imdb.npz")
    replace_pickle(path, pickle.dumps({"a": 1}))
    assert caught("imdb_not_lists").values["found"] == "dict"


@pytest.mark.parametrize(
    "content", [b"", b".", b"\x80\xff", b"(((((", b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7f."]
)
def test_a_pickle_that_is_none(place, content):
    replace_pickle(write(place / "imdb.npz"), content)
    caught("imdb_unreadable")


def replace_pickle(path: Path, content: bytes) -> None:
    """Put other bytes where x_train's pickle stands; the zip around it stays valid."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    header = members["x_train.npy"].index(b"\n") + 1
    members["x_train.npy"] = members["x_train.npy"][:header] + content
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_more_than_there_are(place):
    write(place / "imdb.npz")
    with pytest.raises(TaskError) as info:
        tasks.load(Data("imdb", length=3, samples=50))
    assert (info.value.code, info.value.values) == ("imdb_too_many", {"samples": 50, "available": 10})


# -------------------------------------------------------------------------------------------------------- words


def test_words_by_token(place):
    write(place / "imdb.npz")
    (place / "imdb_word_index.json").write_text(json.dumps({"the": 1, "and": 2, "rarest": 88_584}))
    assert imdb.symbols(7) == ("·", "[start]", "[rare]", "[unused]", "the", "and", "[unused]")
    assert imdb.decode([0, 0, 1, 4, 2, 5]) == ["[start]", "the", "[rare]", "and"]
    assert imdb.available().words
    dataset = tasks.load(Data("imdb", length=3, samples=5))
    assert len(dataset.symbols) == dataset.input_size


def test_no_word_index(place):
    assert not imdb.available().words
    with pytest.raises(TaskError, match=r"imdb_word_index\.json was looked for") as info:
        imdb.decode([1])
    assert info.value.code == "imdb_no_file"


@pytest.mark.parametrize("content", ["", "[1, 2]", '{"the": "first"}', '{"the":'])
def test_a_word_index_that_is_none(place, content):
    (place / "imdb_word_index.json").write_text(content)
    with pytest.raises(TaskError) as info:
        imdb.symbols()
    assert info.value.code == "imdb_unreadable"


# -------------------------------------------------------------------------------------------------- downloading


def test_downloading_puts_whole_files_where_keras_has_them(keras_home, tmp_path, monkeypatch):
    import keras

    fetched = []

    def get_file(name, origin, file_hash, cache_dir):
        fetched.append((name, origin, file_hash))
        target = Path(cache_dir, "datasets", name)
        target.parent.mkdir()
        if name == "imdb.npz":
            write(target)
        else:
            target.write_text('{"the": 1}')
        return str(target)

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    reports: list[tuple[int, int]] = []
    data = Data("imdb", length=3, samples=5)
    tasks.prepare(data, lambda done, total: reports.append((done, total)))
    tasks.prepare(data)
    assert [name for name, _, _ in fetched] == ["imdb.npz", "imdb_word_index.json"], "each fetched once"
    assert len(tasks.load(data).x_train) == 4
    assert all(total == imdb_file.DOWNLOAD_BYTES for _, total in reports)
    assert {path.name for path in keras_home.iterdir()} == {"imdb.npz", "imdb_word_index.json"}, "nothing partial stays"


def test_the_address_and_hash_are_keras_own(monkeypatch):
    import keras.src.datasets.imdb as keras_imdb

    asked = {}

    def get_file(fname, origin, file_hash):
        asked[fname] = (origin, file_hash)
        raise OSError

    monkeypatch.setattr(keras_imdb, "get_file", get_file)
    for function in (keras_imdb.load_data, keras_imdb.get_word_index):
        with pytest.raises(OSError):  # noqa: PT011
            function()
    assert asked == {name: (imdb_file.ORIGIN + name, file_hash) for name, file_hash in imdb_file.HASHES.items()}


def test_no_network(keras_home, monkeypatch):
    import keras

    def get_file(*_arguments, **_more):
        raise Exception("URL fetch failure: no route to host")

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    with pytest.raises(TaskError, match="RNN_IMDB_DIR") as info:
        tasks.prepare(Data("imdb", length=100, samples=1000))
    assert info.value.code == "imdb_no_network"
    assert info.value.values == {
        "folder": str(keras_home),
        "name": "imdb.npz",
        "reason": "URL fetch failure: no route to host",
    }


def test_nowhere_to_download_to(keras_home):
    keras_home.parent.parent.mkdir(exist_ok=True)
    keras_home.parent.touch()  # a file where the folder belongs
    with pytest.raises(TaskError, match="nothing can be written") as info:
        tasks.prepare(Data("imdb", length=100, samples=1000))
    assert info.value.code == "imdb_not_writable"
    assert info.value.values["folder"] == str(keras_home)


def test_a_download_can_be_given_up(keras_home, monkeypatch):
    import keras

    release = threading.Event()
    monkeypatch.setattr(keras.utils, "get_file", lambda *args, **more: release.wait())

    class Halt(Exception):
        pass

    def progress(done, total):
        raise Halt

    with pytest.raises(Halt):
        tasks.prepare(Data("imdb", length=100, samples=1000), progress)
    release.set()
    assert list(keras_home.iterdir()) == []


def test_a_download_that_stalls_ends(keras_home, monkeypatch):
    import keras

    release = threading.Event()
    monkeypatch.setattr(keras.utils, "get_file", lambda *args, **more: release.wait())
    monkeypatch.setattr(imdb_file, "STALLED_SECONDS", 0.3)
    with pytest.raises(TaskError, match="nothing arrived") as info:
        tasks.prepare(Data("imdb", length=100, samples=1000))
    assert info.value.code == "imdb_no_network"
    release.set()


def test_a_set_folder_is_never_downloaded_to(place, monkeypatch):
    import keras

    monkeypatch.setattr(keras.utils, "get_file", None)
    tasks.prepare(Data("imdb", length=100, samples=1000))
    assert list(place.iterdir()) == []
