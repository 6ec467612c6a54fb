"""CIFAR through torchvision: small files of the official format, whose MD5 sums it is told to expect."""

import hashlib
import pickle

import numpy as np
import pytest
from images_on_disk import Evil
from torchvision import datasets

from tegnas_core.errors import TegnasError
from tegnas_study.data.images.cifar import CIFAR_FOLDERS, cifar_source

KINDS = {"cifar10": datasets.CIFAR10, "cifar100": datasets.CIFAR100}


def write_cifar(root, name, monkeypatch, n=4):
    """Write n images a file as the archives do; return training data, (files · n, 3072), and labels."""
    kind, folder = KINDS[name], root / CIFAR_FOLDERS[name]
    folder.mkdir(parents=True)
    label_key, n_classes = ("labels", 10) if name == "cifar10" else ("fine_labels", 100)

    def write(file, entry):
        data = pickle.dumps(entry)
        (folder / file).write_bytes(data)
        return [file, hashlib.md5(data).hexdigest()]

    rng = np.random.default_rng(0)
    entries, lists = [], {"train_list": [], "test_list": []}
    for which, sums in lists.items():
        for file, _ in getattr(kind, which):
            data = rng.integers(0, 256, (n, 3072), dtype=np.uint8)
            entries.append({"data": data, label_key: rng.integers(0, n_classes, n).tolist()})
            sums.append(write(file, entries[-1]))
        monkeypatch.setattr(kind, which, sums)
    file, md5 = write(kind.meta["filename"], {kind.meta["key"]: [str(i) for i in range(n_classes)]})
    monkeypatch.setattr(kind, "meta", kind.meta | {"filename": file, "md5": md5})
    train = entries[:-1]
    return np.concatenate([e["data"] for e in train]), np.concatenate([e[label_key] for e in train])


@pytest.mark.parametrize("name", ["cifar10", "cifar100"])
def test_images_and_labels_are_those_of_the_files(tmp_path, monkeypatch, name):
    data, labels = write_cifar(tmp_path, name, monkeypatch)
    source = cifar_source(name, tmp_path)
    assert (source.name, source.size, source.stand_in_for) == (name, 32, None)
    assert len(source.train) == len(data) and len(source.test) == 4
    np.testing.assert_array_equal(source.train.images([2])[0, :, :, 0].ravel(), data[2, :1024])
    np.testing.assert_array_equal(source.train.labels, labels)


def test_opening_reads_nothing(tmp_path):
    assert cifar_source("cifar10", tmp_path / "nowhere").n_classes == 10


@pytest.mark.parametrize("name", ["cifar10", "cifar100"])
@pytest.mark.parametrize("which", ["train_list", "test_list", "meta"])
def test_an_altered_file_fails_the_md5_check_and_is_not_unpickled(tmp_path, monkeypatch, name, which):
    write_cifar(tmp_path, name, monkeypatch)
    listed = getattr(KINDS[name], which)
    file = listed["filename"] if which == "meta" else listed[0][0]
    trace = tmp_path / "executed"
    (tmp_path / CIFAR_FOLDERS[name] / file).write_bytes(pickle.dumps(Evil(trace)))
    with pytest.raises(TegnasError, match=f"files of {name} are missing or fail the MD5 check"):
        cifar_source(name, tmp_path).train.images([0])
    assert not trace.exists()


def test_missing_files_are_an_error_not_a_download(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.CIFAR10, "download", lambda self: pytest.fail("downloads"))
    with pytest.raises(TegnasError, match="missing"):
        cifar_source("cifar10", tmp_path).train.images([0])


def test_download_happens_when_asked(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(datasets.CIFAR10, "download", lambda self: asked.append(self.root))
    with pytest.raises(TegnasError, match="could not be downloaded"):  # nothing arrives
        cifar_source("cifar10", tmp_path, download=True)
    assert asked == [str(tmp_path)]


def test_a_pickled_copy_leaves_the_pixels_behind(tmp_path, monkeypatch):
    write_cifar(tmp_path, "cifar10", monkeypatch)
    source = cifar_source("cifar10", tmp_path)
    images = source.train.images([1])
    packed = pickle.dumps(source)
    assert len(packed) < 2000
    np.testing.assert_array_equal(pickle.loads(packed).train.images([1]), images)


def test_the_digest_needs_no_files_but_tells_the_data_sets_apart(tmp_path):
    assert cifar_source("cifar10", tmp_path).digest != cifar_source("cifar100", tmp_path).digest
