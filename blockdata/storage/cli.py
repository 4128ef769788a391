"""``blockdata db``: the database and its schema."""

from typing import Annotated

import typer

from blockdata.console import JsonOption, command_group, emit, language, say
from blockdata.text import Text

app = command_group(Text("数据库:私有集群与结构", "the database: private cluster and schema"))


@app.command(help=Text("安装 PostgreSQL 与 PostGIS", "install PostgreSQL with PostGIS").both)
def install(*, as_json: JsonOption = False) -> None:
    """Bring the server's programs: by apt with root or sudo, else unpacked under ``var``."""
    from blockdata.settings import Settings
    from blockdata.storage.binaries import install_binaries, unpacked_folder

    settings = Settings()
    if settings.database_url is not None:
        result: dict[str, str | None] = {"programs": None, "uses": "BLOCKDATA_DATABASE_URL"}
    else:
        found = install_binaries(unpacked_folder(), say)
        result = {"programs": str(found.programs)}
    emit(result, as_json=as_json, human=lambda: str(result["programs"] or result["uses"]))


@app.command(help=Text("启动数据库并升级结构", "start the database, schema up to date").both)
def start(*, as_json: JsonOption = False) -> None:
    """Make and start the private cluster where it is down; bring its schema up to date."""
    from blockdata.settings import Settings
    from blockdata.storage.database import newest_version, open_database

    open_database(Settings()).dispose()
    done = {"running": True, "schema": newest_version()}
    emit(
        done,
        as_json=as_json,
        human=lambda: Text("数据库已就绪", "the database is up").say(language()),
    )


@app.command(help=Text("停止私有集群", "stop the private cluster").both)
def stop(*, as_json: JsonOption = False) -> None:
    """Stop the private cluster cleanly; it stays down until a command needs it."""
    from blockdata.settings import Settings
    from blockdata.storage.cluster import Cluster
    from blockdata.storage.serving import servers

    settings = Settings()
    stopped = Cluster(settings.var).stop()
    words = Text("已停止", "stopped") if stopped else Text("本来就没有运行", "was not running")
    for server in servers(settings.var):
        say(
            Text(
                f"网页服务 {server.url} 在 blockdata db start 之前无法应答",
                f"the web server at {server.url} cannot answer until blockdata db start",
            )
        )
    emit({"stopped": stopped}, as_json=as_json, human=lambda: words.say(language()))


@app.command(help=Text("查看数据库状态", "show how the database stands").both)
def status(*, as_json: JsonOption = False) -> None:
    """Say where the database is, whether it answers, and which schema it has."""
    from blockdata.settings import Settings
    from blockdata.storage.cluster import Cluster
    from blockdata.storage.connecting import make_engine
    from blockdata.storage.database import newest_version, schema_version
    from blockdata.storage.serving import servers

    settings = Settings()
    result: dict[str, object] = {"newest_schema": newest_version()}
    if settings.database_url is not None:
        result |= {"private": False, "running": True}
        result["schema"] = schema_version(make_engine(settings))
    else:
        placement, running = Cluster(settings.var).status()
        result |= {"private": True, "running": running, "schema": None}
        if placement is not None:
            result |= {"folder": placement.folder, "socket": placement.host}
            result |= {"port": placement.port, "log": str(placement.log)}
        if placement is not None and running:
            result["schema"] = schema_version(make_engine(settings))
        result["served_by"] = [server.url for server in servers(settings.var)]
    emit(result, as_json=as_json, human=lambda: "\n".join(f"{k}: {v}" for k, v in result.items()))


@app.command(help=Text("升级或回退结构", "bring the schema to a version").both)
def migrate(
    version: Annotated[
        str, typer.Argument(help=Text("版本号、head 或 base", "a version, head or base").both)
    ] = "head",
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help=Text("确认回退", "yes, also down").both)
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the schema up, or down, to a version; down asks for ``--yes``."""
    from blockdata.errors import InputError
    from blockdata.settings import Settings
    from blockdata.storage.connecting import make_engine
    from blockdata.storage.database import (
        check_version,
        ensure_database,
        leads_down,
        schema_version,
    )
    from blockdata.storage.database import migrate as bring

    settings = Settings()
    check_version(version)
    ensure_database(settings)
    engine = make_engine(settings)
    if leads_down(engine, version) and not yes:
        raise InputError(
            Text(
                "回退会删除较新的表及其中的数据(base 删除全部)",
                "going down deletes the newer tables with their data (base deletes everything)",
            ),
            field="--yes",
            cure=Text("确定的话加上 --yes", "add --yes if you mean it"),
        )
    bring(engine, version)
    now = schema_version(engine)
    emit({"schema": now}, as_json=as_json, human=lambda: f"{now or 'base'}")


@app.command(
    help=Text("删除私有集群及其全部数据", "delete the private cluster with all its data").both
)
def destroy(
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help=Text("确认删除", "yes, delete everything").both)
    ] = False,
    unless_imported: Annotated[
        bool,
        typer.Option(
            "--unless-imported",
            help=Text("有导入的区域则保留", "keep it where it holds imported areas").both,
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete the private cluster; asks for ``--yes``."""
    from blockdata.errors import InputError
    from blockdata.settings import Settings
    from blockdata.storage.cluster import Cluster
    from blockdata.storage.database import imported_areas

    if not yes:
        raise InputError(
            Text("这会删除私有集群的全部数据", "this deletes everything in the private cluster"),
            field="--yes",
            cure=Text("确定的话加上 --yes", "add --yes if you mean it"),
        )
    settings = Settings()
    kept = imported_areas(settings) if unless_imported else []
    names = ", ".join(kept)
    if kept:
        words = Text(
            f"保留数据库:其中有导入的区域 {names}",
            f"the database stays: it holds imported areas: {names}",
        )
        folder = None
    else:
        folder = Cluster(settings.var).destroy()
        words = Text("已删除", "deleted") if folder else Text("没有可删除的", "nothing to delete")
    emit(
        {"destroyed": folder is not None, "folder": folder, "kept": kept},
        as_json=as_json,
        human=lambda: words.say(language()),
    )


@app.command(help=Text("显示连接地址(含口令)", "print the connection URL (with its password)").both)
def url(
    *,
    driver: Annotated[
        bool, typer.Option("--sqlalchemy", help=Text("带驱动名", "with the driver's name").both)
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the URL for psql, or for SQLAlchemy."""
    from blockdata.settings import Settings
    from blockdata.storage.database import database_url

    found = database_url(Settings())
    shown = found if driver else found.replace("postgresql+psycopg:", "postgresql:")
    emit({"url": shown}, as_json=as_json, human=lambda: shown)
