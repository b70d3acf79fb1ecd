"""Which kinds of thing there are, and the forms of each. A kind's first form is the one drawn when none is named."""

from collections.abc import Callable, Mapping

from app.catalog.art import audio, furniture, kitchen, lighting, living, printed, toys, worn
from app.catalog.art.pen import Pen

Drawing = Callable[[Pen], None]

DRAWINGS: Mapping[str, Mapping[str | None, Drawing]] = {
    "lamp": {"task": lighting.task_lamp, "dome": lighting.dome_lamp, "pendant": lighting.pendant},
    "chair": {"dining": furniture.dining_chair, "arm": furniture.armchair, "stool": furniture.stool},
    "mug": {None: kitchen.mug, "cup": kitchen.cup_and_saucer, "pair": kitchen.pair_of_mugs},
    "sneaker": {"stripe": worn.striped_sneaker, "wave": worn.waved_sneaker, "high": worn.high_top},
    "headphones": {None: audio.headphones, "buds": audio.earbuds},
    "backpack": {"flap": worn.daypack, "roll": worn.roll_top},
    "book": {
        "sun": printed.sun_cover,
        "tile": printed.tile_cover,
        "leaf": printed.leaf_cover,
        "moon": printed.moon_cover,
        "boat": printed.boat_cover,
    },
    "plant": {
        "rubber": living.rubber_fig,
        "snake": living.snake_plant,
        "cactus": living.column_cactus,
        "barrel": living.barrel_cactus,
        "olive": living.little_tree,
    },
    "kettle": {"goose": kitchen.gooseneck_kettle, "whistle": kitchen.whistling_kettle},
    "bikelight": {"front": lighting.front_light, "rear": lighting.rear_light},
    "blanket": {None: furniture.throws, "stack": furniture.stack_of_towels},
    "bottle": {None: kitchen.bottle, "jar": kitchen.jar},
    "tram": {None: toys.tram},
    "toy": {"boat": toys.boat, "truck": toys.truck},
    "blocks": {None: toys.blocks},
    "clock": {"alarm": furniture.alarm_clock, "desk": furniture.desk_clock},
    "speaker": {None: audio.bookshelf_speaker, "round": audio.round_speaker},
    "pan": {None: kitchen.saute_pan, "pot": kitchen.casserole},
    "parcel": {None: printed.parcel},
}
KINDS: Mapping[str, tuple[str | None, ...]] = {kind: tuple(forms) for kind, forms in DRAWINGS.items()}
