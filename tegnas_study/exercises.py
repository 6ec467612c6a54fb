"""Exercises that mark themselves."""


def check(answer: object, truth: float | str, *, tolerance: float = 0.0) -> str:
    """Return one line that says whether a reader's answer is right.

    Args:
        answer: What the reader wrote; None when there is no answer yet.
        truth: The right answer, a number or a word.
        tolerance: How far a number may be off, in its own unit.
    """
    if answer is None:
        return "no answer yet: put yours in place of None and run the cell again"
    if isinstance(truth, str) or isinstance(answer, str):
        right = str(answer).strip() == str(truth)
    else:
        right = abs(answer - truth) <= tolerance
    return "right" if right else f"not yet: {answer} is not it"
