"""The training of one network: each epoch follows from the one before and from the seed alone."""

import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from tegnas_core.seeding import derive_seed, torch_generator
from tegnas_study.training.data import TrainingData
from tegnas_study.training.network import has_dead_ends, n_parameters, new_network, new_optimiser
from tegnas_study.training.protocols import Protocol
from tegnas_study.training.schedules import drop_path, learning_rates
from tegnas_study.training.workers import Worker

COLUMNS = ("epoch", "loss", "train_accuracy", "test_accuracy", "learning_rate", "seconds", "cpu_seconds")
Row = dict[str, float]


@dataclass(frozen=True)
class Job:
    """What is trained.

    Attributes:
        architecture: What the cells compute.
        protocol: How it is trained.
        seed: Fixes the weights, the order of the images and their changes.
        n_classes: Number of logits.
    """

    architecture: Hashable
    protocol: Protocol
    seed: int
    n_classes: int


class Training:
    """A network on its way.

    Attributes:
        rows: One for each finished epoch: number from 1, mean loss of the steps, accuracies in percent (of
            training images on the way, of test images at the end), learning rate at the start, wall-clock
            seconds, and seconds of this process's processor time.
        network: The network itself.
        n_parameters: Its trainable numbers, without the auxiliary head.
    """

    def __init__(
        self, job: Job, data: TrainingData, worker: Worker | None = None, *, bfloat16: bool = False
    ) -> None:
        """Draw the weights; nothing is trained yet.

        Args:
            job: What is trained.
            data: Its images.
            worker: Which of several processes this is; None for a single one on the processor.
            bfloat16: Compute in 16 bits where that loses little, as graphics cards do fast.
        """
        self.job, self._data, self._worker = job, data, worker or Worker()
        network = new_network(
            job.architecture, job.protocol, n_classes=job.n_classes, image_size=data.size, seed=job.seed
        )
        on_card = self._worker.device != "cpu"
        self._memory = torch.channels_last  # the faster order for convolutions, on processors too
        self.network = network.to(self._worker.device, memory_format=self._memory)
        self.n_parameters = n_parameters(network)
        self._shared = self._worker.shared(self.network, dead_ends=has_dead_ends(job.architecture))
        self._optimiser = new_optimiser(self.network, job.protocol)
        self._bfloat16 = bfloat16
        self._precision = torch.autocast("cuda" if on_card else "cpu", torch.bfloat16, enabled=bfloat16)
        self._loss = nn.CrossEntropyLoss(label_smoothing=job.protocol.label_smoothing)
        self._rates = learning_rates(job.protocol, self.n_steps)
        self.rows: list[Row] = []

    @property
    def n_steps(self) -> int:
        """Steps of an epoch."""
        return len(self._batches(torch.arange(self._data.n_train)))

    @property
    def is_finished(self) -> bool:
        """Whether all epochs are done."""
        return len(self.rows) >= self.job.protocol.epochs

    def state(self) -> dict[str, Any]:
        """Return everything that the rest of the training depends on, and the rows."""
        return {
            "network": self.network.state_dict(),
            "optimiser": self._optimiser.state_dict()["state"],
            "rows": self.rows,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a state; it must be of such a training (see `checkpoints.read`)."""
        self.network.load_state_dict(state["network"])
        groups = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": state["optimiser"], "param_groups": groups})
        self.rows = [dict(row) for row in state["rows"]]

    def run_epoch(self, on_step: Callable[[], None] = lambda: None) -> Row:
        """Train one epoch, test, and return the row, which is also kept.

        Args:
            on_step: Called after every step.
        """
        epoch, started, computed = len(self.rows), time.perf_counter(), time.process_time()
        seed = (self.job.seed, "training", epoch)
        own = () if self._worker.is_first else (self._worker.rank,)  # each process leaves out paths of its own
        with _computing(self._worker, derive_seed(*seed, "drop path", *own), exact=not self._bfloat16):
            loss, train_accuracy = self._train(epoch, seed, on_step)
            test_accuracy = self._test()
        numbers = epoch + 1, loss, train_accuracy, test_accuracy, self._rates[epoch][0]
        seconds = time.perf_counter() - started, time.process_time() - computed
        self.rows.append(dict(zip(COLUMNS, (*numbers, *seconds), strict=True)))
        return self.rows[-1]

    def _train(self, epoch: int, seed: tuple[object, ...], on_step: Callable[[], None]) -> tuple[float, float]:
        order = torch.randperm(self._data.n_train, generator=torch_generator(*seed, "order"))
        if isinstance(getattr(self.network, "drop_path", None), nn.Module):
            self.network.drop_path.p = drop_path(self.job.protocol, epoch)
        self._shared.train()
        device, n, total = self._worker.device, 0, torch.zeros(2, device=self._worker.device)
        batches = self._data.train(self._batches(order), seed)
        for rate, (images, labels) in zip(self._rates[epoch], batches, strict=True):
            for group in self._optimiser.param_groups:
                group["lr"] = rate
            labels = labels.to(device, non_blocking=True)
            loss, logits = self._step(images.to(device, non_blocking=True), labels)
            total += torch.stack([loss * len(labels), (logits.argmax(1) == labels).sum()])
            n += len(labels)
            on_step()
        loss, right, n = self._worker.total([*total.tolist(), n])
        return loss / n, 100 * right / n

    def _step(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Change the weights once; return the loss of the main classifier, and its logits."""
        protocol = self.job.protocol
        self._optimiser.zero_grad(set_to_none=True)
        with self._precision:
            found = self._shared(images.contiguous(memory_format=self._memory))
            logits, auxiliary = found if isinstance(found, tuple) else (found, None)
            main = self._loss(logits, labels)
            loss = main if auxiliary is None else main + protocol.auxiliary * self._loss(auxiliary, labels)
        loss.backward()
        if protocol.clip is not None:
            nn.utils.clip_grad_norm_(self.network.parameters(), protocol.clip)
        self._optimiser.step()
        return main.detach(), logits.detach()

    @torch.no_grad()
    def _test(self) -> float:
        """Return the accuracy on the test images, in percent."""
        self._worker.same_buffers(self.network)
        self.network.eval()
        right, n = 0.0, 0
        mine = torch.arange(self._data.n_test)[self._worker.rank :: self._worker.n]
        for images, labels in self._data.test(mine.split(max(self.job.protocol.batch_size, 250))):
            with self._precision:
                logits = self.network(images.to(self._worker.device, memory_format=self._memory))
            right += (logits.argmax(1).cpu() == labels.cpu()).sum().item()
            n += len(labels)
        right, n = self._worker.total([right, n])
        return 100 * right / n

    def _batches(self, order: Tensor) -> list[Tensor]:
        """Return this process's share of every batch, without a rest of one image: batch-norm needs two."""
        parts = (self._worker.part_of(batch) for batch in order.split(self.job.protocol.batch_size))
        return [part for part in parts if len(part) > 1]


@contextmanager
def _computing(worker: Worker, seed: int, *, exact: bool) -> Iterator[None]:
    """Seed the generator that drop path draws from, and let cuDNN take its repeatable algorithms.

    With `exact` a card multiplies in full single precision; without, in the shorter one that it has for this. Some
    sums of a card outside cuDNN keep an order of their own, so its curves repeat closely and not to the bit.
    """
    cards = [] if worker.device == "cpu" else [torch.device(worker.device)]
    flags = torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=not exact)
    with torch.random.fork_rng(devices=cards), flags:
        torch.manual_seed(seed)
        yield
