import importlib
import pkgutil

import numpy as np
from numba.core.caching import NullCache
from numba.core.registry import CPUDispatcher

import scheduler.grouping
from scheduler.grouping.compiling import compile_loops
from scheduler.grouping.engine import solve
from scheduler.grouping.problem import Seating
from scheduler.grouping.rotations import Rotation, plan_rotation
from scheduler.grouping.rules import AtLeast, Together
from tests.grouping.problems import make_problem, make_ties, make_venues


def find_loops():
    """Each loop that is kept on disk, by its name."""
    loops = {}
    for found in pkgutil.iter_modules(scheduler.grouping.__path__):
        module = importlib.import_module(f"scheduler.grouping.{found.name}")
        loops |= {
            name: value
            for name, value in vars(module).items()
            if isinstance(value, CPUDispatcher) and not isinstance(value._cache, NullCache)
        }
    return loops


def test_every_loop_is_compiled_once_and_for_all_problems():
    compile_loops()

    loops = find_loops()
    assert {name: len(loop.signatures) for name, loop in loops.items()} == dict.fromkeys(loops, 1)
    assert len(loops) == 6

    problem = make_problem(
        n=20,
        slots=3,
        available=np.random.default_rng(1).random((20, 3)) < 0.8,
        venues=make_venues([(4, 2, -1), (3, 1, 0)], 3),
        rules=(
            Together("a pair", (0, 1)),
            AtLeast("new", np.arange(20) % 3 == 0, 1, np.arange(20) % 2 == 0, 5),
        ),
        ties=make_ties(20, np.arange(20) % 4, None, [(2, 3, 5)], [(4, 5, 2)]),
        fixed=(Seating((18, 19), 0, 0),),
    )
    solve(problem, start=(Seating((2, 3, 4), 1, 0),), effort=0.02)
    plan_rotation(
        Rotation(np.ones((20, 3), bool), np.array([5, 5, 6, 6]), problem.ties, problem.rules[1:]),
        effort=0.01,
    )

    assert {name: len(loop.signatures) for name, loop in loops.items()} == dict.fromkeys(loops, 1)
