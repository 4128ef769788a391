"""``/v1/dispatch``: who can be there soonest."""

from fastapi import APIRouter

from dispatch.asking import ask_nearest
from dispatch.desk import Desks
from dispatch.models import NearestAnswer, NearestQuestion


def router(desks: Desks) -> APIRouter:
    """Routes over the given desks. Errors are the project's own; the application words them."""
    routes = APIRouter(prefix="/v1/dispatch", tags=["dispatch"])

    @routes.post("/nearest")
    def nearest(question: NearestQuestion) -> NearestAnswer:
        """The nearest available responders of each tier, by travel time on the road."""
        return ask_nearest(desks, question)

    return routes
