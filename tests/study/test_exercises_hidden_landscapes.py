"""Steepest ascent goes to the best neighbour, again and again, and stays on a top."""

import numpy as np

from tegnas_study.exercises import check


def climb(start, fitness, neighbours, *, choose=lambda better, fitness: better[np.argmax(fitness[better])]):
    while True:
        better = neighbours[start][fitness[neighbours[start]] > fitness[start]]
        if not len(better):
            return start
        start = choose(better, fitness)


def one_step(start, fitness, neighbours):
    return max([start, *neighbours[start]], key=lambda i: fitness[i])


def the_first_that_is_better(start, fitness, neighbours):
    return climb(start, fitness, neighbours, choose=lambda better, fitness: better[0])


def test_only_steepest_ascent_to_its_end_is_let_in():
    assert check("ex-write-climb", climb).right
    assert not check("ex-write-climb", one_step).right
    assert not check("ex-write-climb", the_first_that_is_better).right
    assert not check("ex-write-climb", lambda start, fitness, neighbours: int(np.argmax(fitness))).right
