"""How often something may be done: buckets of tokens, filled at a steady rate, shared by all processes in Redis.

While Redis is down every process counts for itself: limits get looser, nothing stops.
"""

import math
import time
from collections import OrderedDict
from dataclasses import dataclass

from app.infra import redis

MOST_LOCAL = 10_000  # buckets that one process counts for itself; the longest unused ones are full again

# KEYS[1] the bucket; ARGV: tokens a second, and how many it holds. Answers whether one was there, and what is left.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local since = math.max(0, now - (tonumber(held[2]) or now))
local tokens = math.min(burst, (tonumber(held[1]) or burst) + since * rate)
local granted = 0
if tokens >= 1 then
  granted = 1
  tokens = tokens - 1
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', string.format('%.17g', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return {granted, string.format('%.17g', tokens)}
"""


@dataclass(frozen=True)
class Limit:
    """`rate` a second, and up to `burst` at once after a rest."""

    rate: float
    burst: int


@dataclass(frozen=True)
class Taken:
    """What came of asking for a token. `wait`: seconds until there is one; `full_in`: until all are there."""

    granted: bool
    left: int
    wait: float
    full_in: float


_local: OrderedDict[str, tuple[float, float]] = OrderedDict()  # name -> tokens, and when that was


async def take(name: str, limit: Limit) -> Taken:
    """Take a token from bucket `name`, in one step however many ask at once."""
    answer = await redis.scripted(_TAKE, f"bucket:{name}", limit.rate, limit.burst)
    granted, tokens = (bool(answer[0]), float(answer[1])) if answer else _take_here(name, limit)
    wait = 0.0 if granted else (1 - tokens) / limit.rate
    return Taken(granted, math.floor(tokens), wait, (limit.burst - tokens) / limit.rate)


def _take_here(name: str, limit: Limit) -> tuple[bool, float]:
    now = time.monotonic()
    tokens, at = _local.pop(name, (float(limit.burst), now))
    tokens = min(limit.burst, tokens + (now - at) * limit.rate)
    granted = tokens >= 1
    _local[name] = (tokens - granted, now)
    if len(_local) > MOST_LOCAL:
        _local.popitem(last=False)
    return granted, tokens - granted
