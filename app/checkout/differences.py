"""What has changed between the payment page that a shopper saw and the order that would be placed now, in sentences."""

from app.checkout.review import Review, Shown, ShownParcel, decode_shown
from app.infra.database import fetch
from app.infra.money import euro
from app.web.rendering import day


async def differences(before: str, review: Review) -> list[str]:
    """Sentences about what has changed since the shopper saw `before` (an encoded `Shown`); empty if nothing has."""
    old = decode_shown(before)
    if old is None:
        return []
    gone = await _taken_out(old, review)
    changes = (_price_changes, _piece_changes, _parcel_changes, _discount_change, _total_change)
    return gone + [sentence for change in changes for sentence in change(old, review)]


def levels_as_before(before: str, review: Review) -> dict[str, str]:
    """Parcel key -> service level, for all of its parcels: as was chosen, for a new one as for the same seller's parcel
    in `before`, and where that is not to be had, as it is offered. Empty when nothing was confirmed.
    """
    old = decode_shown(before)
    if old is None or not old.parcels:
        return {}
    had = {parcel.seller: parcel.level for parcel in old.parcels}
    levels = {}
    for parcel in review.parcels:
        assert parcel.chosen is not None, "a review with a place has only parcels that can be sent"
        wanted = review.answers.service_levels.get(parcel.key, had.get(str(parcel.supplier_id), ""))
        offered = {option.level for option in parcel.options}
        levels[parcel.key] = wanted if wanted in offered else parcel.chosen.level
    return levels


async def _taken_out(old: Shown, review: Review) -> list[str]:
    """What another window has taken out of the cart."""
    gone = old.pieces.keys() - review.shown.pieces.keys() - {line.offer_id for line in review.left_out}
    if not gone:
        return []
    rows = await fetch(
        """SELECT product.name FROM offer JOIN variant ON variant.id = offer.variant
           JOIN product ON product.id = variant.product WHERE offer.id = ANY($1) ORDER BY product.name, offer.id""",
        list(gone),
    )
    return [f"{row['name']}: not in your cart any more." for row in rows]


def _price_changes(old: Shown, review: Review) -> list[str]:
    prices = {line.offer: line.unit_price_minor for parcel in old.parcels for line in parcel.lines}
    fresh = {part.line.offer_id: part.line for parcel in review.parcels for part in parcel.lines}
    return [
        f"{line.name}: now {euro(line.unit_price_minor)}, was {euro(prices[offer])}."
        for offer, line in fresh.items()
        if offer in prices and prices[offer] != line.unit_price_minor
    ]


def _piece_changes(old: Shown, review: Review) -> list[str]:
    pieces = old.pieces
    fresh = {part.line.offer_id: part.line for parcel in review.parcels for part in parcel.lines}
    told = [f"{line.name}: no longer to be had." for line in review.left_out if line.offer_id in pieces]
    for offer, count in review.shown.pieces.items():
        name, before = fresh[offer].name, pieces.get(offer, 0)
        if not before:
            told.append(f"{name}: part of the order now.")
        elif count < before and fresh[offer].available < before:
            told.append(f"{name}: only {count} left, you wanted {before}.")
        elif count != before:
            told.append(f"{name}: now {count} piece{'s' if count != 1 else ''}, was {before}.")
    return told


def _parcel_changes(old: Shown, review: Review) -> list[str]:
    before = {parcel.key: parcel for parcel in old.parcels}
    told = []
    for number, (parcel, shown) in enumerate(zip(review.parcels, review.shown.parcels, strict=True), 1):
        was = before.get(shown.key)
        if was is None and (moved := _replaced(shown, old, review.shown)):
            when = f"arrives {day(shown.promised_on)}, was {day(moved.promised_on)}"
            same = moved.promised_on == shown.promised_on
            told.append(
                f"Parcel {number}, from {parcel.supplier_name}: "
                f"now comes from another warehouse, {'on the same day' if same else 'and ' + when}."
            )
        elif was is None:
            told.append(f"Parcel {number}, from {parcel.supplier_name}, is new.")
        elif was.promised_on != shown.promised_on:
            told.append(
                f"Parcel {number}, from {parcel.supplier_name}: "
                f"now arrives {day(shown.promised_on)}, was {day(was.promised_on)}."
            )
        elif was.lines != shown.lines and old.pieces == review.shown.pieces:
            told.append(f"Parcel {number}, from {parcel.supplier_name}, holds other pieces of the same order now.")
    if len(review.parcels) < len(old.parcels):
        told.append(f"It travels in {_parcels(len(review.parcels))} now, was {_parcels(len(old.parcels))}.")
    return told


def _replaced(new: ShownParcel, old: Shown, review: Shown) -> ShownParcel | None:
    """The parcel whose place the new one takes: the only one of its seller that is gone, if no other is new."""
    theirs = [
        [parcel for parcel in one.parcels if parcel.seller == new.seller and parcel.key not in _keys(other)]
        for one, other in ((old, review), (review, old))
    ]
    return theirs[0][0] if [len(each) for each in theirs] == [1, 1] else None


def _keys(shown: Shown) -> set[str]:
    return {parcel.key for parcel in shown.parcels}


def _parcels(count: int) -> str:
    return f"{count} parcel{'s' if count != 1 else ''}"


def _discount_change(old: Shown, review: Review) -> list[str]:
    now = review.discount.code if review.discount else ""
    if old.discount == now or not old.discount:
        return []
    return [f"Code {old.discount} does not count any more. {review.not_given}".strip()]


def _total_change(old: Shown, review: Review) -> list[str]:
    if old.total_minor == review.total_minor:
        return []
    return [f"The total is now {euro(review.total_minor)}, was {euro(old.total_minor)}."]
