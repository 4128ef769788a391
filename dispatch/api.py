"""``/v1/dispatch``: who can be there soonest; and the roads they come by."""

from fastapi import APIRouter

from dispatch.asking import ask_nearest
from dispatch.assign_models import AssignAnswer, AssignQuestion
from dispatch.assigning import ask_assign
from dispatch.desk import Desks
from dispatch.models import NearestAnswer, NearestQuestion
from dispatch.on_network import OnNetworkAnswer, OnNetworkQuestion, ask_on_network
from dispatch.recommend_models import Recommendation, RecommendQuestion
from dispatch.recommending import ask_recommend
from dispatch.road_api import road_router


def router(desks: Desks) -> APIRouter:
    """Routes over the given desks. Errors are the project's own; the application words them."""
    routes = APIRouter(prefix="/v1/dispatch", tags=["dispatch"])

    @routes.post("/nearest")
    def nearest(question: NearestQuestion) -> NearestAnswer:
        """The nearest available of each tier by travel time; volunteers as counts by cell."""
        return ask_nearest(desks, question)

    @routes.post("/recommend")
    def recommend(question: RecommendQuestion) -> Recommendation:
        """Whom to send, what speaks for and against, why not others; of volunteers how many."""
        return ask_recommend(desks, question)

    @routes.post("/assign")
    def assign(question: AssignQuestion) -> AssignAnswer:
        """The best joint assignment, and the loss of a greedy one; volunteers as counts."""
        return ask_assign(desks, question)

    @routes.post("/on-network")
    def on_network(question: OnNetworkQuestion) -> OnNetworkAnswer:
        """Whether a road is within reach of each of some points."""
        return ask_on_network(desks, question)

    everything = APIRouter()
    everything.include_router(routes)
    everything.include_router(road_router(desks))
    return everything
