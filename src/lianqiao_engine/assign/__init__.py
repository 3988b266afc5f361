"""Who is put together with whom: optimal, fair or fast, each with a bound.

>>> from lianqiao_engine.assign import Problem, solve
>>> problem = Problem.dense([[0.9, 0.2], [0.8, 0.7]], coverage=1, load_ub=1)
>>> plan = solve(problem)
>>> plan.pairs.tolist(), round(plan.sum, 6), plan.status
([[0, 0], [1, 1]], 1.6, 'optimal')
"""

from .plan import Plan, Prices, Progress, Slack
from .problem import Problem
from .refusal import BadProblem
from .solve import Objective, solve

__all__ = ["BadProblem", "Objective", "Plan", "Prices", "Problem", "Progress", "Slack", "solve"]
