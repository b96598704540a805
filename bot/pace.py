"""How much one person, and one workspace, may ask of a process: a bucket each, that fills again."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rate:
    """So many requests a minute, as many of them at once. After too many it rests until a sixth
    of them fits again, so that nobody is refused with every other click. 0 is no limit."""

    a_minute: int

    @property
    def seconds(self) -> float:
        """How long one request takes to be made up for."""
        return 60 / self.a_minute

    @property
    def rest(self) -> timedelta:
        return timedelta(seconds=max(1.0, self.a_minute // 6 * self.seconds))


@dataclass(frozen=True)
class Bucket:
    """`left` is how many requests fit `at` that time."""

    left: float
    at: datetime
    rests_until: datetime | None = None


@dataclass(frozen=True)
class Taken:
    """What one more request makes of a bucket. `back_at` is when to come back, for one that is
    refused; `first` for the first one of a rest, which is told so."""

    bucket: Bucket
    back_at: datetime | None = None
    first: bool = False


def full(rate: Rate, now: datetime) -> Bucket:
    return Bucket(float(rate.a_minute), now)


def take(bucket: Bucket, rate: Rate, now: datetime) -> Taken:
    """A clock that was put back fills nothing, and takes nothing away."""
    if bucket.rests_until is not None and now < bucket.rests_until <= now + rate.rest:
        return Taken(bucket, bucket.rests_until)
    passed = max(0.0, (now - bucket.at).total_seconds())
    left = min(float(rate.a_minute), bucket.left + passed / rate.seconds)
    if left >= 1:
        return Taken(Bucket(left - 1, now))
    until = now + rate.rest
    return Taken(Bucket(left, now, until), until, first=True)
