"""The forward pass of convolutions of a channel or two, compiled: they cost PyTorch more than the arithmetic.

`convolve` does what the module does, up to rounding, on a CPU. Wider convolutions are PyTorch's.
"""

import numpy as np
import torch
from torch import Tensor, nn

from tegnas_core.engine.lanes import compiled

_FEW = 8  # input channels times output channels; the narrowest convolution of NAS-Bench-201's proxy has 9


def is_narrow(module: nn.Conv2d, x: Tensor) -> bool:
    """Whether `convolve` should be taken: by channel or of few channels, of size or stride 1, on a CPU."""
    size, stride, dilation, padding = module.kernel_size, module.stride, module.dilation, module.padding
    by_channel = module.groups == module.in_channels == module.out_channels
    few = by_channel or (module.groups == 1 and module.in_channels * module.out_channels <= _FEW)
    dense = stride == (1, 1) or size == (1, 1)
    square = all(a == b for a, b in (size, stride, dilation, padding))
    return x.device.type == "cpu" and few and dense and square


def convolve(module: nn.Conv2d, x: Tensor) -> Tensor:
    """Return the module's output, shape (N, C_out, H, W), for x of shape (N, C_in, H, W)."""
    size, stride, dilation, padding = (
        sides[0] for sides in (module.kernel_size, module.stride, module.dilation, module.padding)
    )
    sides = ((side + 2 * padding - dilation * (size - 1) - 1) // stride + 1 for side in x.shape[2:])
    weight, pixels = (tensor.detach().contiguous().numpy() for tensor in (module.weight, x))
    out = np.zeros((len(x), module.out_channels, *sides), pixels.dtype)
    _convolve(pixels, weight, out, (stride, dilation, padding))
    value = torch.from_numpy(out)
    return value if module.bias is None else value.add_(module.bias.detach()[:, None, None])


@compiled
def _convolve(x, weight, out, window):
    """Add the convolution to `out`, (N, C_out, H, W); with one input channel a weight it goes by channel."""
    stride, dilation, padding = window
    height, width = x.shape[2:]
    by_channel = weight.shape[1] < x.shape[1]
    padded = np.zeros((height + 2 * padding, width + 2 * padding), x.dtype)
    for n in range(x.shape[0]):
        for i in range(x.shape[1]):
            for h in range(height):
                for q in range(width):
                    padded[padding + h, padding + q] = x[n, i, h, q]
            for o in range(i if by_channel else 0, i + 1 if by_channel else out.shape[1]):
                _add(padded, weight[o, 0 if by_channel else i], out[n, o], stride, dilation)


@compiled
def _add(padded, weight, out, stride, dilation):
    """Add one window over one padded channel."""
    for h in range(out.shape[0]):
        row = out[h]
        for r in range(weight.shape[0]):
            for c in range(weight.shape[1]):
                w, seen = weight[r, c], padded[h * stride + r * dilation, c * dilation :]
                if stride == 1:
                    for q in range(len(row)):
                        row[q] += w * seen[q]
                else:
                    for q in range(len(row)):
                        row[q] += w * seen[q * stride]
