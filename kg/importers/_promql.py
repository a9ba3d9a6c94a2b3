"""Which metrics a PromQL expression is about, and the level that it compares one with."""

import re

_NOISE = re.compile(
    r""""(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\{[^{}]*\}|\[[^\[\]]*\]|\$\{?\w+(?::\w+)?\}?"""
    r"|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)"
)
_METRIC = re.compile(r"(?<![\w:.$])([A-Za-z_:][\w:]*)(?![\w:]|\s*\()")
_WORDS = {"and", "bool", "by", "inf", "nan", "offset", "on", "or", "unless", "without", "atan2"}
_LEVEL = re.compile(r"([A-Za-z_:][\w:]*)\s*(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)")
_LONGEST = 2000
_BRACES = re.compile(r"\{[^{}]*\}")


def metrics(expression: str) -> list[str]:
    """The names of the metrics in an expression, each once; none where it is too long to follow.

    >>> metrics('sum by (job) (rate(http_requests_total{code="500"}[5m])) / on(x) up > 0.1')
    ['http_requests_total', 'up']
    """
    if len(expression) > _LONGEST:
        return []
    plain = _NOISE.sub(" ", expression)
    names = (found[1] for found in _METRIC.finditer(plain))
    return list(dict.fromkeys(name for name in names if name.lower() not in _WORDS))


def level(expression: str) -> tuple[str, str, float] | None:
    """Metric, operator and number of an expression that is no more than that.

    >>> level('model_accuracy{env="prod"} < 0.9'), level("rate(errors[5m]) > 1")
    (('model_accuracy', '<', 0.9), None)
    """
    found = _LEVEL.fullmatch(_BRACES.sub("", expression[:_LONGEST]).strip())
    return (found[1], found[2], float(found[3])) if found else None
