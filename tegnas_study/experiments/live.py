"""Sources that really evaluate networks: that is how the cost of a search is measured."""

from tegnas_core.evaluation import Evaluator
from tegnas_core.networks import ProxyNetworks
from tegnas_core.networks.by_name import networks_named
from tegnas_core.networks.supernets import supernet_networks
from tegnas_core.rival_evaluation import RivalEvaluator
from tegnas_study.data.images import load_images
from tegnas_study.experiments.request import SearchRequest, Source
from tegnas_study.training.one_epoch import train_one_epoch


def networks_of(request: SearchRequest) -> ProxyNetworks:
    """Return the networks in which a search's proposals are judged: supernets for TE-NAS."""
    make = supernet_networks if request.method == "te-nas" else networks_named
    return make(request.space)


def teg_source(request: SearchRequest, *, seed: int, device: str) -> Source:
    """Return the source of κ, R and MSE."""
    evaluator = Evaluator(
        request.settings, load_images(request.images), seed=seed, device=device, networks=networks_of(request)
    )

    def evaluate(architecture):
        found = evaluator(architecture)
        return {
            "condition_number": found.condition_number,
            "linear_regions": found.linear_regions,
            "regression_error": found.regression_error,
            "seconds": found.seconds,
            "status": found.status,
        }

    return evaluate


def rivals_source(request: SearchRequest, *, seed: int, device: str) -> Source:
    """Return the source of NASWOT and its like, averaged over the settings' repeats."""
    images, settings = load_images(request.images), request.settings
    evaluator = RivalEvaluator(settings, images, seed=seed, device=device)

    def evaluate(architecture):
        repeats = [evaluator.evaluate_repeat(architecture, r) for r in range(settings.repeats)]
        means = {name: sum(r.values[name] for r in repeats) / len(repeats) for name in evaluator.names}
        return {**means, "seconds": sum(r.seconds for r in repeats), "status": repeats[0].status}

    return evaluate


def accuracy_source(request: SearchRequest, *, seed: int, device: str) -> Source:
    """Return the source of the accuracy after one real epoch of training."""
    images = load_images(request.images)

    def evaluate(architecture):
        trained = train_one_epoch(architecture, images, seed=seed, device=device)
        return {"accuracy": trained.accuracy, "seconds": trained.seconds}

    return evaluate
