"""Small files in the true formats of the benchmarks, and hostile ones, for the loaders' tests."""

import bz2
import importlib
import os
import pathlib
import pickle
import warnings
from collections import OrderedDict

import numpy as np
import torch

from tegnas_core.spaces.nasbench201 import NASBench201

EVERY = NASBench201().all()
NAMES = [str(architecture) for architecture in EVERY[:300]]  # what the small files list as the space
SEEDS = {
    "cifar10-valid": (777, 888),
    "cifar10": (777,),
    "cifar100": (777, 888, 999),
    "ImageNet16-120": (777,),
}
EVALUATED = {
    "cifar10-valid": ("x-valid", "ori-test"),
    "cifar10": ("ori-test",),
    "cifar100": ("x-valid", "x-test", "ori-test"),
    "ImageNet16-120": ("x-valid", "x-test", "ori-test"),
}


class Evil:
    """Pickles into a call: unpickled without care, it runs."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments

    def __call__(self):
        raise AssertionError("only pickled, never called")


def attacks(marker):
    """Return calls by name that create the marker file when a pickle is loaded without care."""
    marker = str(marker)
    system = Evil(os.system, f"touch {marker}")
    return {
        "os.system": system,
        "eval": Evil(eval, f"open({marker!r}, 'w').close()"),
        "exec": Evil(exec, f"open({marker!r}, 'w').close()"),
        "open": Evil(open, marker, "w"),
        "a method by its dotted name": Evil(pathlib.Path.touch, pathlib.Path(marker)),
        "a pickle in a pickle": Evil(pickle.loads, pickle.dumps(system)),
        "getattr of an import": Evil(Evil(getattr, Evil(__import__, "os"), "system"), f"touch {marker}"),
    }


ATTACKS = tuple(attacks("unused"))


def value(index, protocol, images, epoch, seed):
    """Return a made-up accuracy that differs in every argument, between 1 and 99."""
    return 1.0 + (index * 7 + len(protocol) * 11 + len(images) * 3 + epoch * 0.25 + seed * 0.01) % 98


def states(package, index):
    """Return {"12": state, "200": state} of one architecture, made with a package's own classes."""
    api = importlib.import_module(package)
    result = {}
    for epochs in (12, 200):
        results = api.ArchResults(index, str(EVERY[index]))
        for protocol, seeds in SEEDS.items():
            for seed in seeds:
                results.update(protocol, seed, _trial(api, index, protocol, seed, epochs))
        result[str(epochs)] = results.state_dict()
    return result


def _trial(api, index, protocol, seed, epochs):
    accuracies = {e: value(index, protocol, "train", e, seed) for e in range(epochs)}
    losses = {e: accuracy / 100 for e, accuracy in accuracies.items()}
    trial = api.ResultsCount(
        protocol,
        None,
        accuracies,
        losses,
        np.float64(0.3),  # as in the official file: a NumPy scalar
        41.5,
        {"channel": 16, "num_cells": 5, "arch_str": str(EVERY[index]), "class_num": 10},
        seed,
        epochs,
        [0.01],
    )
    trial.update_train_info(accuracies, accuracies, losses, OrderedDict((e, 2.0 + seed) for e in range(epochs)))
    for images in EVALUATED[protocol]:
        trial.eval_names.append(images)
        # as in the official file: the halves of a test set are measured once, after the last epoch
        for epoch in range(epochs) if images == "ori-test" else [epochs - 1]:
            trial.eval_acc1es[f"{images}@{epoch}"] = np.float64(value(index, protocol, images, epoch, seed))
            trial.eval_losses[f"{images}@{epoch}"] = 0.5
        trial.reset_pseudo_eval_times(images, 1.0)
    return trial


def write_pth(path, indices, *, infos=None, legacy=False):
    """Write a small file with the layout of NAS-Bench-201-v1_1-096897.pth."""
    if infos is None:
        infos = {}
        for index in indices:
            both = states("nas_201_api", index)
            infos[index] = {"less": both["12"], "full": both["200"]}
    archive = {
        "meta_archs": NAMES,
        "total_archs": len(NAMES),
        "basestr": "infer.tiny",
        "arch2infos": infos,
        "evaluated_indexes": set(indices),
    }
    torch.save(archive, path, _use_new_zipfile_serialization=not legacy)
    return path


def write_pbz2(path, content):
    """Write one packed pickle as nats-bench does."""
    with bz2.open(path, "wb") as file:
        pickle.dump(content, file, protocol=4)
    return path


def write_nats(folder, indices):
    """Write a small folder with the layout of NATS-tss-v1_0-3ffb9-simple."""
    folder.mkdir()
    meta = {"meta_archs": NAMES, "evaluated_indexes": set(indices)}
    write_pbz2(folder / "meta.pickle.pbz2", meta)
    for index in indices:
        write_pbz2(folder / f"{index:06d}.pickle.pbz2", states("nats_bench", index))
    return folder


def analog_classes():
    """Import the classes of analog-nasbench, whose import warns about pkg_resources."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("analognasbench.data")


def analog_record(key, accuracy, **changes):
    """Make one record with the package's own class."""
    fields = dict.fromkeys(
        ("ptq_accuracy", "qat_accuracy", "noisy_accuracy", "analog_accuracy"), 50.0
    ) | dict.fromkeys(
        (f"{kind}_drift_{s}" for kind in ("baseline", "analog") for s in (60, 3600, 86400, 2592000)),
        "9.5 ± 0.1",
    )
    record = analog_classes().Architecture(key, accuracy, **fields)
    vars(record).update(changes)
    return record
