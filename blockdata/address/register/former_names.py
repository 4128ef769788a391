"""Names that landmarks bore before: they go on leading to them, until another one bears them."""

from sqlalchemy import Connection, text

from blockdata.address.normalise import normalise_many
from blockdata.address.sql import query


def landmark_names(connection: Connection, address_ids: list[int]) -> dict[int, str]:
    """The names of the landmarks among some addresses."""
    rows = connection.execute(text(query("register/named_landmarks")), {"ids": address_ids})
    return {int(row.address_id): str(row.name_zh) for row in rows}


def keep_former_names(
    connection: Connection, area_id: int, seq: int, former: dict[int, str]
) -> None:
    """Record the names that landmarks had before event ``seq`` as aliases, where they changed.

    What a landmark is called now is nobody's alias any more: its own name is meant by that.
    """
    now = landmark_names(connection, list(former))
    changed = [one for one, name in former.items() if name != now.get(one)]
    if not changed:
        return
    here = {"area_id": area_id, "seq": seq}
    names = normalise_many([now[one] for one in changed if one in now])
    taken = connection.execute(text(query("register/aliases_taken")), here | {"texts": names})
    for alias_id in taken.scalars().all():
        connection.execute(text(query("register/end_alias")), here | {"alias_id": alias_id})
    texts = normalise_many([former[one] for one in changed])
    connection.execute(
        text(query("register/former_names")), here | {"ids": changed, "texts": texts}
    )
