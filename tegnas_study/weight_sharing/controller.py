"""ENAS's controller: a recurrent network that draws one operation after the other."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from tegnas_core.seeding import torch_generator

_HIDDEN, _LAYERS = 32, 2
_TEMPERATURE, _TANH = 5.0, 2.5  # logits are 2.5 · tanh(z / 5), so that no operation becomes impossible
_FIRST_WEIGHTS = 0.1  # uniform in ±0.1


class Drawn(NamedTuple):
    """One cell drawn from the controller.

    Attributes:
        options: One option for each edge.
        log_probability: log π of them, a scalar with a gradient.
        entropy: The sum of the entropies of the distributions that they were drawn from, in nats: its mean over
            draws is the entropy of π.
    """

    options: tuple[int, ...]
    log_probability: Tensor
    entropy: Tensor


class Controller(nn.Module):
    """An LSTM of two layers with 32 units, which is fed the operation of the edge before.

    Args:
        choices: Number of options of every edge.
        seed: Fixes the first weights.

    Source: Pham et al., ENAS (ICML 2018), in the form of the scripts of NAS-Bench-201.
    """

    def __init__(self, choices: Sequence[int], *, seed: int) -> None:
        super().__init__()
        self.choices = tuple(choices)
        self.start = nn.Parameter(torch.zeros(1, _HIDDEN))
        # cells, and not nn.LSTM: its fused kernel takes ten times as long for a single step
        self.layers = nn.ModuleList(nn.LSTMCell(_HIDDEN, _HIDDEN) for _ in range(_LAYERS))
        self.embedding = nn.Embedding(max(self.choices), _HIDDEN)
        self.head = nn.Linear(_HIDDEN, max(self.choices))
        generator = torch_generator(seed, "controller")
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.uniform_(-_FIRST_WEIGHTS, _FIRST_WEIGHTS, generator=generator)

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Draw one cell; its log-probability can be differentiated."""
        inputs, memory = self.start, [None] * _LAYERS
        options, logs, entropies = [], [], []
        for n_options in self.choices:
            for layer, cell in enumerate(self.layers):
                memory[layer] = cell(inputs, memory[layer])
                inputs = memory[layer][0]
            logits = _TANH * torch.tanh(self.head(inputs)[0, :n_options] / _TEMPERATURE)
            log_sigma = torch.log_softmax(logits, 0)
            noise = torch.from_numpy(rng.gumbel(size=n_options)).to(log_sigma)
            option = int((log_sigma.detach() + noise).argmax())
            options.append(option)
            logs.append(log_sigma[option])
            entropies.append(-(log_sigma.exp() * log_sigma).sum())
            inputs = self.embedding(torch.tensor([option], device=log_sigma.device))
        return Drawn(tuple(options), torch.stack(logs).sum(), torch.stack(entropies).sum())
