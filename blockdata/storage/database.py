"""The way to the database: the private cluster or a given server, with the schema up to date."""

from datetime import datetime
from pathlib import Path

from psycopg.errors import UndefinedTable
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from blockdata.clean import shown
from blockdata.errors import NotFound, Unavailable
from blockdata.settings import Settings
from blockdata.storage.cluster import Cluster
from blockdata.storage.connecting import make_engine
from blockdata.storage.failures import refused
from blockdata.storage.placement import DATABASE
from blockdata.text import Text

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
MIGRATION_LOCK = 440306


def database_url(settings: Settings) -> str:
    """The URL of the database in use; starts the private cluster where that is the one."""
    if settings.database_url is not None:
        return settings.database_url
    cluster = Cluster(settings.var)
    return cluster.ensure_running().url()


def open_database(settings: Settings) -> Engine:
    """An engine on a database whose schema is at its newest migration.

    The private cluster is made, started and migrated on demand; a given server is only looked at.
    Later the engine finds the private cluster wherever it is by then, and starts it again where it
    went down.

    Raises:
        SetupError: the private cluster cannot be made or started.
        Unavailable: the given server does not answer, or its schema is not the newest.
    """
    ensure_database(settings)
    engine = make_engine(settings)
    if schema_version(engine) != newest_version():
        if settings.database_url is not None:
            engine.dispose()
            raise Unavailable(
                Text("数据库结构不是最新版本", "the database schema is not the newest"),
                field="BLOCKDATA_DATABASE_URL",
                cure=Text("运行 blockdata db migrate", "run blockdata db migrate"),
            )
        migrate(engine)
    return engine


def database_now(connection: Connection) -> datetime:
    """The moment by the clock that the connection was opened with, which its triggers read too."""
    moment: datetime = connection.execute(text("SELECT district.clock_now()")).scalar_one()
    return moment


def schema_version(engine: Engine) -> str | None:
    """The migration the database stands at; None where there is no schema yet.

    Raises:
        Unavailable: the server does not answer, or refuses.
    """
    try:
        with engine.connect() as connection:
            found: str | None = connection.execute(
                text("SELECT version_num FROM public.alembic_version")
            ).scalar()
            return found
    except ProgrammingError as error:
        if isinstance(error.orig, UndefinedTable):
            return None
        raise refused(error) from None


def known_versions() -> list[str]:
    """The migrations of this code, the oldest first (the files are numbered)."""
    return sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def newest_version() -> str:
    """The newest migration of this code."""
    return known_versions()[-1]


def migrate(engine: Engine, version: str = "head") -> None:
    """Bring the schema to a version, up or down; several processes may ask at once.

    It is one transaction: an interruption leaves the schema as it was.

    Raises:
        NotFound: there is no such version; the cure lists those there are.
        Unavailable: the server does not answer or refuses.
    """
    check_version(version)
    from alembic import command
    from alembic.config import Config
    from alembic.migration import MigrationContext

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            current = MigrationContext.configure(connection).get_current_revision()
            _refuse_newer(current)
            if current is not None and _order(version) < _order(current):
                command.downgrade(config, version)
            else:
                command.upgrade(config, version)
    except DBAPIError as error:
        raise refused(error) from None


def check_version(version: str) -> None:
    """Refuse a version that is none.

    Raises:
        NotFound: there is no such version; the cure lists those there are.
    """
    known = ["base", *known_versions(), "head"]
    if version not in known:
        named = shown(version)
        raise NotFound(
            Text(f"没有结构版本“{named}”", f"there is no schema version '{named}'"),
            field="version",
            cure=Text(f"可用:{'、'.join(known)}", f"use one of: {', '.join(known)}"),
        )


def _refuse_newer(current: str | None) -> None:
    if current is not None and current not in known_versions():
        raise Unavailable(
            Text(
                f"数据库结构为 {current},本程序只认得到 {newest_version()}",
                f"the schema is {current}, and this program knows none after {newest_version()}",
            ),
            field="BLOCKDATA_DATABASE_URL",
            cure=Text("换用较新的 blockdata", "use the newer blockdata that made it"),
        )


def leads_down(engine: Engine, version: str) -> bool:
    """Whether a version is older than the schema as it stands, so that going there deletes tables.

    Raises:
        NotFound: there is no such version.
        Unavailable: the server does not answer, or the schema is newer than this code.
    """
    check_version(version)
    current = schema_version(engine)
    _refuse_newer(current)
    return current is not None and _order(version) < int(current)


def _order(version: str) -> int:
    """Where a version stands in the one history: ``base`` first, ``head`` last."""
    named = {"base": 0, "head": int(newest_version())}
    return named[version] if version in named else int(version)


def ensure_database(settings: Settings) -> None:
    """Make the private cluster's database where it is missing; a given server is left alone."""
    if settings.database_url is not None:
        return
    placement = Cluster(settings.var).ensure_running()
    engine = create_engine(placement.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        there = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if not connection.execute(there, {"name": DATABASE}).scalar():
            # two first commands at once: the second waits, and finds it
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            if not connection.execute(there, {"name": DATABASE}).scalar():
                connection.execute(text(f"CREATE DATABASE {DATABASE}"))
    engine.dispose()


def imported_areas(settings: Settings) -> list[str]:
    """Names of the private cluster's areas that are no synthetic ones; it is started to see.

    Raises:
        SetupError, Unavailable, Conflict: it cannot be looked into.
    """
    placement, _ = Cluster(settings.var).status()
    if placement is None:
        return []
    private = settings.model_copy(update={"database_url": None})
    ensure_database(private)
    engine = make_engine(private)
    try:
        if schema_version(engine) is None:
            return []
        with engine.connect() as connection:
            names = connection.execute(
                text("SELECT name FROM district.area WHERE NOT synthetic ORDER BY name")
            )
            return [str(name) for name in names.scalars()]
    finally:
        engine.dispose()
