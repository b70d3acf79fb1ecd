"""The carriers by the name that a shipment keeps; of others we are told by files alone (`./feira transit import`)."""

from app.orders.carrier import Carrier
from app.orders.simulated_carrier import SimulatedCarrier

USUAL = "simulated"
CARRIERS: dict[str, Carrier] = {USUAL: SimulatedCarrier()}
NAMES = {USUAL: "Feira’s carrier", "": "Carrier"}
