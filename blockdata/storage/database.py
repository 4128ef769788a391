"""The way to the database: the private cluster or a given server, with the schema up to date."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from blockdata.errors import Unavailable
from blockdata.settings import Settings
from blockdata.storage.cluster import Cluster
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

    Raises:
        SetupError: the private cluster cannot be made or started.
        Unavailable: the given server does not answer, or its schema is not the newest.
    """
    url = database_url(settings)
    ensure_database(settings)
    # no parameters in errors, and so none in logs
    engine = create_engine(url, hide_parameters=True, max_overflow=20, pool_timeout=10)
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


def schema_version(engine: Engine) -> str | None:
    """The migration the database stands at; None where there is no schema yet."""
    try:
        with engine.connect() as connection:
            found: str | None = connection.execute(
                text("SELECT version_num FROM public.alembic_version")
            ).scalar()
            return found
    except ProgrammingError:  # no such table
        return None
    except OperationalError as error:
        raise _does_not_answer(error) from None


def newest_version() -> str:
    """The newest migration of this code (the files are numbered)."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(engine: Engine, version: str = "head") -> None:
    """Bring the schema to a version, up or down; several processes may ask at once.

    Raises:
        Unavailable: the server does not answer or refuses.
    """
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
            if current is not None and _order(version) < _order(current):
                command.downgrade(config, version)
            else:
                command.upgrade(config, version)
    except DBAPIError as error:
        raise _does_not_answer(error) from None


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
        there = connection.execute(
            text("SELECT 1 FROM pg_database WHERE datname = 'blockdata'")
        ).scalar()
        if not there:
            connection.execute(text("CREATE DATABASE blockdata"))
    engine.dispose()


def _does_not_answer(error: DBAPIError) -> Unavailable:
    first = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    return Unavailable(
        Text(f"数据库不应答:{first}", f"the database does not answer: {first}"),
        field="BLOCKDATA_DATABASE_URL",
        cure=Text(
            "运行 blockdata db status 查看;或检查 BLOCKDATA_DATABASE_URL",
            "look with blockdata db status; or check BLOCKDATA_DATABASE_URL",
        ),
    )
