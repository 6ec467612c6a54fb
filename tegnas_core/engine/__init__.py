"""Exact Jacobians, fast: one forward pass recorded, then many gradients at once. `jacobians` is the door to it.

`tracing` finds what a network does with a batch, and `tape` runs it and remembers. On a CPU `reverse_pass` walks
back over the tape with batch statistics differentiated, and `frozen` does so with them held constant. Files named
``…_loops`` hold what is compiled. `batched` does the same in plain torch, for a GPU.
"""
