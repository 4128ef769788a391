"""What a shifted clock may not do: whoever is off duty by the real one stays where nobody looks."""

from sqlalchemy import Connection, text

from blockdata.clock import SHIFT_SETTING
from blockdata.errors import NotPermitted
from blockdata.storage.areas import Area
from blockdata.text import Text
from dispatch.roster import query


def refuse_real_volunteers(connection: Connection, area: Area) -> None:
    """Refuse to read a real area's responders where real volunteers have told where they are.

    Volunteers are located on duty only, and a shifted clock would call others on duty than those
    who are. Made-up volunteers, and all of a synthetic area, are there to be exercised with.

    Raises:
        NotPermitted: there are such volunteers.
    """
    if area.synthetic:
        return
    found = connection.execute(text(query("real_volunteers")), {"area_id": area.area_id})
    if found.scalar_one():
        raise NotPermitted(
            Text(
                f"时钟已被拨动,不得据此定位“{area.name}”的真实义警",
                f"the clock is shifted: the real volunteers of {area.name!r} are not located by it",
            ),
            field=SHIFT_SETTING,
            cure=Text(
                f"取消 {SHIFT_SETTING},或在合成区域演练",
                f"unset {SHIFT_SETTING}, or exercise in a synthetic area",
            ),
        )
