"""Exact Jacobians, fast: one forward pass recorded, then many gradients at once. `jacobians` is the door to it.

`tracing` and `tape` record what a network does with a batch. `reverse` (batch statistics differentiated) and
`frozen` (held constant) walk back over the tape: `reverse_pass` goes from layer to layer, `reverse_layers`,
`reverse_convolution`, `reverse_pools` and `reverse_shapes` know one kind each, and files named ``…_loops`` hold
what is compiled. `batched` and `together` do the same in plain torch, for a GPU.
"""
