"""An order as its mails show it, as its rows stand now."""

from dataclasses import dataclass
from datetime import date, datetime

from app.delivery.clocks import clock_of
from app.delivery.countries import home
from app.infra.database import fetch_one
from app.orders.detail import OrderDetail, ParcelDetail, detail_of
from app.orders.tables import OrderState, ParcelState


@dataclass(frozen=True)
class Ordered:
    """Times are those of the clock where the shopper lives."""

    detail: OrderDetail

    @property
    def id(self) -> int:
        return int(self.detail.row["id"])

    @property
    def number(self) -> str:
        return str(self.detail.row["number"])

    @property
    def state(self) -> OrderState:
        return self.detail.state

    @property
    def email(self) -> str:
        return str(self.detail.row["email"])

    @property
    def is_of_guest(self) -> bool:
        return self.detail.row["account"] is None

    @property
    def total_minor(self) -> int:
        return int(self.detail.row["total_minor"])

    @property
    def held_until(self) -> datetime:
        return self.detail.held_until

    @property
    def time_held_until(self) -> str:
        """ "14:30"; who lives in another country reads whose clock that is."""
        country, postcode = self.detail.row["country"], self.detail.row["postcode"]
        clock = clock_of(country, postcode).key.rpartition("/")[2].replace("_", " ")
        return f"{self.held_until:%H:%M}" + (f" ({clock} time)" if country != home() else "")

    @property
    def all_by(self) -> date:
        """When the last parcel is to be expected of those that come."""
        going = [parcel for parcel in self.detail.parcels if parcel.state != ParcelState.CANCELLED]
        return max(parcel.standing.due_on for parcel in going or self.detail.parcels)

    def parcel(self, number: int) -> ParcelDetail | None:
        return next((parcel for parcel in self.detail.parcels if parcel.number == number), None)


async def ordered(order_id: int) -> Ordered | None:
    """None: there is no such order."""
    if await fetch_one("SELECT FROM shop_order WHERE id = $1", order_id) is None:
        return None
    return Ordered(await detail_of(order_id))
