"""Everything that runs: the Bolt app, its database and its clock."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Lock
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient
from sqlalchemy.exc import SQLAlchemyError

from bot import content, reach, references, schema, store
from bot.launch.app import BotApp, Clock, Watch, WatchedClient, build, wall_clock
from bot.launch.certificates import trusted
from bot.launch.tokens import Tokens
from bot.people import NOT_SURE
from bot.settings import Settings
from bot.store import calls, doors, heard, keys, workspaces
from bot.store.connections import Serving
from bot.store.disks import reason
from handlers import renders
from handlers.bank import CurrentBank
from handlers.clock import USUAL, WORKERS, Delivery, Timing
from handlers.courier import Courier
from handlers.envelopes import Envelopes
from handlers.errors import NO_ANSWER
from handlers.here import Here
from handlers.outgoing import Render
from handlers.people import Directory
from handlers.posting import Ahead
from handlers.tokens import Clients, always

if TYPE_CHECKING:
    from bot.launch.metrics import Metrics
    from bot.launch.web import Web

log = logging.getLogger(__name__)

REFRESH = 5  # Seconds between two looks whether the bank was ordered anew.
ANSWERS = 16  # Requests that one process answers at once.
THREADS = 6  # For the jobs of the clock.
# Threads that may want the database at once: with the senders', the metrics' and the probe's.
WANT = ANSWERS + THREADS + WORKERS + 2
AFTER_FAILURE = timedelta(seconds=2)
REST = 30.0  # Seconds between two looks for what is due, when nothing says that there is more.
SEND_TIMEOUT = int(USUAL.call)


def clients(
    settings: Settings, watch: Watch | None = None, tokens: Tokens | None = None
) -> WebClient | Clients:
    """What the bot speaks with by itself: each team's client, or the one of the environment."""
    if tokens is not None:
        return tokens.client
    # The delivery decides itself what is tried again and when, so the client must not.
    client = WebClient(
        settings.bot_token, settings.api_url, timeout=SEND_TIMEOUT, retry_handlers=[],
        ssl=trusted(settings.api_url),
    )  # fmt: skip
    return client if watch is None else WatchedClient.of(client, watch)


class Rounds:
    """Something that is done whenever it is due."""

    def __init__(
        self,
        deliver: Callable[[], datetime | None],
        now: Clock,
        scheduler: BackgroundScheduler,
        rest: float,
    ) -> None:
        """`deliver` does what is due, and says when there is more."""
        self._deliver = deliver
        self._now, self._rest = now, timedelta(seconds=rest)
        self._busy, self._woken = Lock(), Event()
        # Two at once: one delivers, and one waits for it when there is more meanwhile.
        # The first looks at once: what came due while nothing ran has waited long enough.
        self._job = scheduler.add_job(
            self._run, "interval", seconds=rest, max_instances=2, next_run_time=datetime.now(UTC)
        )

    def wake(self) -> None:
        if not self._woken.is_set():  # One that waits already will find this, too.
            self._woken.set()
            self._again(timedelta())

    def _again(self, wait: timedelta) -> None:
        with suppress(JobLookupError):  # The clock is stopped: the next start sends what is due.
            self._job.modify(next_run_time=datetime.now(UTC) + wait)

    def _run(self) -> None:
        with self._busy, references.work("clock"):
            self._woken.clear()
            try:
                following = self._deliver()
            except SQLAlchemyError as error:
                log.warning("the database did not say what is due: %s", reason(error))
                self._again(AFTER_FAILURE)  # What is due then has waited long enough.
                return
        if following is not None:
            wait = max(timedelta(), following - self._now())
            if wait < self._rest:
                self._again(wait)


class Post(Rounds):
    """The delivery of notices."""

    def __init__(
        self,
        settings: Settings,
        renders: Mapping[str, Render],
        db: store.Db,
        now: Clock,
        scheduler: BackgroundScheduler,
        rest: float,
        stopping: Event,
        timing: Timing = USUAL,
        *,
        people: Directory | None = None,
        ahead: Ahead | None = None,
        watch: Watch | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        found = clients(settings, watch, tokens)
        delivery = Delivery(
            db, found, now, renders, people, ahead, timing=timing, stopping=stopping,
            settled=None if watch is None else watch.settled,
        )  # fmt: skip
        super().__init__(delivery.deliver, now, scheduler, rest)


def _forget(db: store.Db, now: Clock) -> None:
    try:
        with db.begin() as session:
            heard.forget(session, now())
            calls.forget(session, now())
            doors.forget(session, now())
    except SQLAlchemyError as error:
        log.warning("what was heard long ago is still kept: %s", type(error).__name__)


def prepared(settings: Settings, now: Clock = wall_clock) -> store.Db:
    """The database with its schema, within the limits of a process that answers people. Raises
    SchemaError, VaultError, or SQLAlchemy's errors."""
    patient = store.open_db(settings.database_url, settings.data_keys)  # An upgrade takes its time.
    try:
        schema.upgrade(patient)
        with patient.begin() as session:
            keys.register(session, now())
    finally:
        patient.kw["bind"].dispose()
    serving = Serving(settings.database_pool or WANT)
    return store.open_db(settings.database_url, settings.data_keys, serving)


@contextmanager
def running(
    settings: Settings,
    now: Clock = wall_clock,
    rest: float = REST,
    stopping: Event | None = None,
) -> Iterator[BotApp]:
    """The app, with its clock ticking; when it ends, what is being sent is finished first, and from
    when `stopping` is set nothing more is begun. What is due is looked for every `rest` seconds at
    least.

    Raises ContentError, SchemaError, VaultError, or SQLAlchemy's errors when the database cannot
    be opened.
    """
    db = prepared(settings, now)
    if not settings.data_keys:
        log.info("evidence and notes are kept readable: DATA_KEYS is not set")
    current = CurrentBank(partial(content.load, settings.content_dir), db, now)
    threads, stopping = ThreadPoolExecutor(THREADS), stopping or Event()
    clock = BackgroundScheduler(
        executors={"default": threads}, timezone=UTC, job_defaults={"coalesce": True}
    )
    clock.add_job(current.refresh, "interval", seconds=REFRESH)
    clock.add_job(partial(_forget, db, now), "interval", hours=1, next_run_time=datetime.now(UTC))
    people, tokens = Directory(now), None
    rendered = renders(lambda: current.bank, people)
    watch = _metrics(settings, db, now, rendered) if settings.metrics_port else None
    if settings.client_secret:
        tokens = Tokens(db, settings, now, SEND_TIMEOUT, watch)
    post = Post(
        settings, rendered, db, now, clock, rest, stopping,
        people=people, ahead=Envelopes(lambda: current.bank, people), watch=watch, tokens=tokens,
    )  # fmt: skip
    send = partial(reach.post, networks=settings.webhook_networks)
    left = partial(_left, people, always(clients(settings, watch, tokens)))
    courier = Rounds(Courier(db, now, send, stopping, left=left).deliver, now, clock, rest)

    def wake() -> None:
        post.wake()
        courier.wake()

    if tokens is None:
        clock.add_job(_return, args=[settings, db, now, wake])
    clock.start()
    try:
        app = build(settings, current, db, now, wake, watch, tokens)
        app.trouble = partial(schema.trouble, db)
        if settings.signing_secret:  # Over HTTP others than Slack may ask, too.
            app.web = _web(current, db, people, wake, always(clients(settings, watch, tokens)), now)
        yield app
    finally:
        stopping.set()
        if watch is not None:
            watch.close()
        # By itself it would wait with a lock in its hand that a job under way may want.
        clock.shutdown(wait=False)
        threads.shutdown()
        if tokens is not None:
            tokens.close()
        db.kw["bind"].dispose()


def _return(settings: Settings, db: store.Db, now: Clock, wake: Callable[[], None]) -> None:
    """Whoever installs the bot again in their one workspace puts its new token here and starts it:
    what was parked when they removed it is due again."""
    with db.begin() as session:
        gone = workspaces.gone(session)
    if not gone:
        return
    client = WebClient(settings.bot_token, settings.api_url, timeout=SEND_TIMEOUT)
    try:
        team_id = str(client.auth_test()["team_id"])
    except NO_ANSWER as error:
        log.warning("Slack did not say which workspace this is: %s", type(error).__name__)
        return
    if team_id in gone:
        with db.begin() as session:
            workspaces.arrive(session, team_id, "", now(), org_wide=False)
        wake()


def _left(people: Directory, found: Clients, team_id: str, person: str) -> bool:
    """Whether this person is no full member any more; nobody has left while Slack does not say."""
    try:
        refusal = people.member(team_id, person, found(team_id)).refusal
    except NO_ANSWER:
        return False
    return refusal not in ("", NOT_SURE)


def _web(
    current: CurrentBank,
    db: store.Db,
    people: Directory,
    wake: Callable[[], None],
    found: Clients,
    now: Clock,
) -> "Web":
    from bot.launch.web import Web

    def here(team_id: str, user_id: str) -> Here:
        mine = current.of(team_id)
        return Here(team_id, user_id, now(), db, mine, mine.bank, people, wake)

    return Web(here, found)


def _metrics(settings: Settings, db: store.Db, now: Clock, kinds: Collection[str]) -> "Metrics":
    from bot.launch.metrics import Metrics  # Only where they are wanted: a start is faster without.

    found = Metrics(db, now, kinds)
    try:
        found.serve(settings.metrics_port, settings.metrics_host)
    except OSError as error:
        # People are answered all the same. Prometheus notices that it is not.
        told = "METRICS_PORT %s cannot be used (%s), so there are no metrics: choose another one"
        log.error(told, settings.metrics_port, error.strerror)  # noqa: TRY400 (it says all)
    return found
