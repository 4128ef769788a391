"""A ``var`` that is moved, copied or damaged: its database goes on or is refused, never deleted."""

import json
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from blockdata.errors import BlockdataError, Conflict, SetupError
from blockdata.storage.belonging import FAR_ROOT, MARK, NOTE
from blockdata.storage.cluster import Cluster
from blockdata.storage.placement import Placement
from blockdata.storage.postmaster import running_on
from blockdata.text import Text


def remember(placement: Placement, what: str) -> None:
    with connected(placement) as connection:
        connection.execute("CREATE TABLE remembered AS SELECT %s::text AS what", [what])


def remembered(placement: Placement) -> str:
    with connected(placement) as connection:
        row = connection.execute("SELECT what FROM remembered").fetchone()
    assert row is not None
    return str(row[0])


def connected(placement: Placement) -> "psycopg.Connection[tuple[object, ...]]":
    url = placement.url("postgres").replace("postgresql+psycopg:", "postgresql:")
    return psycopg.connect(url, autocommit=True)


def made(var: Path, what: str = "ours") -> Cluster:
    """A cluster that remembers something; it is stopped."""
    cluster = Cluster(var)
    remember(cluster.ensure_running(), what)
    cluster.stop()
    return cluster


def refused(cluster: Cluster, kind: type[BlockdataError]) -> BlockdataError:
    with pytest.raises(kind) as error:
        cluster.ensure_running()
    assert error.value.cure is not None
    return error.value


@pytest.fixture(params=["within", "apart"])
def folder(request: pytest.FixtureRequest) -> Path:
    """Where ``var`` stands: in reach of the server's user, or (for root) out of it."""
    name = "open_path" if request.param == "within" else "tmp_path"
    found: Path = request.getfixturevalue(name)
    return found


@pytest.fixture(autouse=True)
def swept(tmp_path: Path) -> "object":
    from tests.watcher import delete_clusters

    yield
    delete_clusters(tmp_path)


def test_a_moved_var_keeps_its_database(folder: Path) -> None:
    made(folder / "old")
    (folder / "old").rename(folder / "new")
    said: list[Text] = []
    cluster = Cluster(folder / "new", tell=said.append)
    assert remembered(cluster.ensure_running()) == "ours"
    assert str(folder / "old") in said[0].en
    # what stands at the old place from now on is another one, and the moved one stays
    fresh = Cluster(folder / "old")
    with connected(fresh.ensure_running()) as connection:
        assert connection.execute("SELECT to_regclass('remembered')").fetchone() == (None,)
    fresh.destroy()
    assert remembered(cluster.ensure_running()) == "ours"
    assert cluster.destroy() is not None
    assert Cluster(folder / "new").status() == (None, False)


def test_a_var_moved_while_its_server_runs_goes_on(open_path: Path) -> None:
    cluster = Cluster(open_path / "old")
    remember(cluster.ensure_running(), "ours")
    (open_path / "old").rename(open_path / "new")
    moved = Cluster(open_path / "new")
    assert remembered(moved.ensure_running()) == "ours"
    assert moved.stop()
    assert remembered(moved.ensure_running()) == "ours"


def test_a_copied_var_has_a_database_of_its_own(open_path: Path) -> None:
    original = made(open_path / "original")
    shutil.copytree(open_path / "original", open_path / "copy")  # as root: owned by root
    copy = Cluster(open_path / "copy")
    theirs, ours = copy.ensure_running(), original.ensure_running()
    assert theirs.data != ours.data
    assert theirs.port != ours.port
    with connected(theirs) as connection:
        connection.execute("UPDATE remembered SET what = 'theirs'")
    assert (remembered(ours), remembered(theirs)) == ("ours", "theirs")
    copy.destroy()
    assert remembered(original.ensure_running()) == "ours"


def test_a_var_copied_while_its_server_runs_is_refused(open_path: Path) -> None:
    original = made(open_path / "original")
    running = original.ensure_running()
    subprocess.run(["cp", "-a", open_path / "original", open_path / "copy"], check=True)
    copy = Cluster(open_path / "copy")
    assert "blockdata db stop" in refused(copy, Conflict).cure.en  # type: ignore[union-attr]
    assert copy.status()[1] is False
    assert copy.stop() is False
    original.stop()  # the copy is still torn
    assert "torn" in refused(copy, Conflict).detail.en
    original.ensure_running()
    assert copy.destroy() == open_path / "copy" / "cluster"
    assert running_on(running.data) is not None
    assert remembered(original.ensure_running()) == "ours"


def test_a_copy_of_a_var_whose_database_stands_apart_leaves_it_alone(tmp_path: Path) -> None:
    original = made(tmp_path / "original")
    placement = original.ensure_running()
    shutil.copytree(tmp_path / "original", tmp_path / "copy")
    copy = Cluster(tmp_path / "copy")
    if placement.data.is_relative_to(tmp_path):  # not as root: it stands within
        copy.destroy()
    else:
        assert str(tmp_path / "original") in refused(copy, Conflict).cure.en  # type: ignore[union-attr]
        with pytest.raises(Conflict):
            copy.stop()
        assert copy.destroy() is None
        assert not (tmp_path / "copy" / NOTE).exists()
    assert remembered(original.ensure_running()) == "ours"
    assert original.destroy() is not None


def test_one_database_behind_two_vars_belongs_to_one(open_path: Path) -> None:
    original = made(open_path / "original")
    other = open_path / "other"
    other.mkdir()
    (other / "cluster").symlink_to(open_path / "original" / "cluster")
    assert str(open_path / "original") in refused(Cluster(other), Conflict).cure.en  # type: ignore[union-attr]
    with pytest.raises(Conflict):
        Cluster(other).destroy()
    assert remembered(original.ensure_running()) == "ours"


def test_a_lost_note_is_written_anew(folder: Path) -> None:
    cluster = made(folder / "var")
    (folder / "var" / NOTE).unlink()
    said: list[Text] = []
    cluster = Cluster(folder / "var", tell=said.append)
    assert remembered(cluster.ensure_running()) == "ours"
    for broken in ("", "{", '{"port": 1}', "[]"):  # and under a running server
        (folder / "var" / NOTE).write_text(broken, encoding="utf-8")
        assert remembered(cluster.ensure_running()) == "ours"
    assert NOTE in said[0].en
    assert (folder / "var" / NOTE).stat().st_mode & 0o777 == 0o600
    assert cluster.destroy() is not None


def test_files_that_are_no_whole_database_stay(folder: Path) -> None:
    cluster = made(folder / "var")
    placement, _ = cluster.status()
    assert placement is not None
    note = folder / "var" / NOTE
    for missing in ("PG_VERSION", "global/pg_control"):
        lost = placement.data / missing
        lost.rename(folder / "lost")
        before = sorted(str(path) for path in placement.data.rglob("*"))
        assert missing in refused(cluster, SetupError).detail.en
        note.rename(folder / "note")
        assert missing in refused(cluster, SetupError).detail.en
        assert sorted(str(path) for path in placement.data.rglob("*")) == before
        # and with the file back, it is whole again
        (folder / "note").rename(note)
        (folder / "lost").rename(lost)
        assert remembered(cluster.ensure_running()) == "ours"
        cluster.stop()


def test_the_data_of_another_version_stay(open_path: Path) -> None:
    cluster = made(open_path)
    version = open_path / "cluster" / "data" / "PG_VERSION"
    version.write_text("14\n", encoding="ascii")
    assert "PostgreSQL 14" in refused(cluster, SetupError).detail.en
    version.write_text("15\n", encoding="ascii")
    assert remembered(cluster.ensure_running()) == "ours"


def test_a_folder_that_went_away_is_not_made_anew(folder: Path, tmp_path: Path) -> None:
    cluster = made(folder / "var")
    placement, _ = cluster.status()
    assert placement is not None
    at = Path(placement.folder)
    at.rename(at.with_name(f"{at.name}-unmounted"))
    assert str(at) in refused(cluster, SetupError).cure.en  # type: ignore[union-attr]
    assert not at.exists()
    at.with_name(f"{at.name}-unmounted").rename(at)
    assert remembered(cluster.ensure_running()) == "ours"


def test_a_cluster_of_before_the_marks_is_taken_over(folder: Path) -> None:
    cluster = made(folder / "var")
    placement, _ = cluster.status()
    assert placement is not None
    at = Path(placement.folder)
    if FAR_ROOT in at.parents:
        from hashlib import blake2s

        name = blake2s(str(folder / "var" / "cluster").encode(), digest_size=6).hexdigest()
        at = at.rename(at.with_name(name))
    (at / MARK).unlink()
    before = {"folder": str(at), "socket_folder": "/tmp/gone", "port": placement.port}
    (folder / "var" / NOTE).write_text(
        json.dumps(before | {"password": placement.password}), encoding="utf-8"
    )
    assert remembered(cluster.ensure_running()) == "ours"
    assert (at / MARK).is_file()
    assert cluster.destroy() == at


def test_an_interrupted_making_leaves_nothing_that_counts(folder: Path) -> None:
    half = folder / "var" / "cluster.new" / "data"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n", encoding="ascii")
    cluster = Cluster(folder / "var")
    assert cluster.status() == (None, False)
    remember(cluster.ensure_running(), "ours")
    assert remembered(cluster.ensure_running()) == "ours"
    assert not half.exists()


def test_a_number_of_a_dead_server_that_was_given_again_keeps_nobody_out(open_path: Path) -> None:
    cluster, other = made(open_path / "one"), made(open_path / "other", "theirs")
    placement, _ = cluster.status()
    assert placement is not None
    stale = placement.data / "postmaster.pid"
    others = other.ensure_running().data
    facts = placement.data.stat()
    sleeper = subprocess.Popen(["sleep", "600"], user=facts.st_uid, group=facts.st_gid)
    try:
        theirs = running_on(others)
        assert theirs is not None
        for pid in (sleeper.pid, theirs.pid):
            stale.write_text(f"{pid}\n{placement.data}\n1\n{placement.port}\n\n\n", "ascii")
            shutil.chown(stale, facts.st_uid, facts.st_gid)
            assert cluster.status()[1] is False
            assert remembered(cluster.ensure_running()) == "ours"
            cluster.stop()
    finally:
        sleeper.kill()
        sleeper.wait()
    assert remembered(other.ensure_running()) == "theirs"
