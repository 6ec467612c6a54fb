"""The loops of the engine, compiled before the chapters need them.

A fresh clone compiles them once, which takes about 40 seconds of a core. Here this happens beside the first
notebooks, so that it does not fall to the chapter that comes first to need them, and no two chapters do it twice.
What is compiled stays on the disk.
"""

from collections.abc import Sequence

PRECISIONS = ("float32", "float64")
EVERY_OPERATION = "|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|skip_connect~0|none~1|nor_conv_3x3~2|"


def compile_engine(precisions: Sequence[str] = PRECISIONS) -> None:
    """Compute a small Jacobian in every way that chapters do, so that all loops are compiled or found compiled.

    Args:
        precisions: Those of networks and Jacobians.
    """
    from tegnas_core import Architecture, jacobian, make_settings, proxy_network, select_parameters
    from tegnas_core.data.proxy_data import draw_training_batch
    from tegnas_core.engine.arithmetic import one_thread
    from tegnas_study import load_images

    images, settings = load_images("synthetic"), make_settings("teg", batch_size=4)
    x = draw_training_batch(images, settings, seed=0, index=0).images
    architecture = Architecture.parse(EVERY_OPERATION)
    with one_thread():
        for precision in precisions:
            number = {"precision": precision}
            changed = settings.model_copy(update=number)
            network = proxy_network(architecture, changed, "kernel", n_classes=images.n_classes, seed=0, repeat=0)
            dtype = next(network.parameters()).dtype
            for batch_norm in ("exact", "frozen"):
                jacobian(network, x.to(dtype), select_parameters(network, "weights"), batch_norm=batch_norm)
