"""Whether torch sees a graphics card, and which; torch is imported only when somebody asks."""

from tegnas_core.errors import TegnasError


def has_card() -> bool:
    """Say whether torch sees a graphics card."""
    import torch

    return torch.cuda.is_available()


def card_name() -> str:
    """Return the name of the card, as torch tells it; "" without one."""
    import torch

    return torch.cuda.get_device_name() if has_card() else ""


def require_card() -> None:
    """Raise one clear line when there is no graphics card.

    Raises:
        TegnasError: When torch sees none.
    """
    if not has_card():
        raise TegnasError("--device cuda needs a graphics card that torch can use, and it sees none")
