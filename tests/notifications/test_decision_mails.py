"""Who waits for an operator's decision is told of it by mail."""

from app.accounts.owners import Owner
from app.accounts.suppliers import decide as decide_supplier
from app.accounts.tables import SupplierState
from app.catalog import barring
from app.infra.database import execute
from app.reviews.moderating import decide
from app.reviews.tables import ReviewState
from app.reviews.writing import Draft, write
from tests.accounts.people import person
from tests.notifications.events import written
from tests.orders.wanting import guest
from tests.reviews.buying import buyer, id_of
from tests.world import World

APPLIED, APPROVED, SUSPENDED = SupplierState.APPLIED, SupplierState.APPROVED, SupplierState.SUSPENDED
WAITING, SHOWN, REJECTED = ReviewState.WAITING, ReviewState.SHOWN, ReviewState.REJECTED
ADVERT = Draft(5, "", "Cheaper at https://elsewhere.example")


async def applicant(world: World) -> tuple[int, int]:
    """A supplier that waits, for which ana@example.pt speaks, and an operator."""
    supplier = await world.supplier()
    await execute("UPDATE supplier SET state = 'applied' WHERE id = $1", supplier)
    await person(role="supplier", supplier=supplier)
    return supplier, await person("rui@example.pt", "operator")


async def test_who_has_applied_hears_that_it_was_approved(world: World) -> None:
    supplier, operator = await applicant(world)
    await decide_supplier(supplier, operator, APPLIED, APPROVED, "Checked by telephone.")
    (mail,) = await written("suppliers")
    assert (mail["subject"], mail["recipient"]) == ("Oficina do Vale may sell on Feira", "ana@example.pt")
    assert "/sign-in?next=/supplier/feeds" in mail["text"]
    assert "telephone" not in mail["text"]  # the note of an approval is the operators'


async def test_who_was_declined_hears_why(world: World) -> None:
    supplier, operator = await applicant(world)
    await decide_supplier(supplier, operator, APPLIED, SupplierState.DECLINED, "We do not sell <tyres>.")
    (mail,) = await written("suppliers")
    assert mail["subject"] == "Your application to sell on Feira was declined"
    assert "We do not sell <tyres>." in mail["text"] and "&lt;tyres&gt;" in mail["html"]


async def test_a_suspension_and_its_end_are_told_each_with_its_own_words(world: World) -> None:
    supplier, operator = await applicant(world)
    await execute("UPDATE supplier SET state = 'approved'")
    await decide_supplier(supplier, operator, APPROVED, SUSPENDED, "Parcels come late.")
    (mail,) = await written("suppliers")
    assert mail["subject"] == "Oficina do Vale is suspended on Feira" and "Parcels come late." in mail["text"]
    await decide_supplier(supplier, operator, SUSPENDED, APPROVED, "")
    assert (await written("suppliers"))[-1]["subject"] == "Oficina do Vale sells on Feira again"


async def test_the_sellers_of_a_barred_product_hear_why_and_when_it_is_back(world: World) -> None:
    lamp, supplier = await world.product(), await world.supplier()
    await world.product("Mug", supplier="Casa Pratas")
    await person("rui@oficina.example", "supplier", supplier)
    await person("eva@pratas.example", "supplier", await world.supplier("Casa Pratas"))
    operator = await person("op@example.pt", "operator")
    await barring.decide(operator, lamp.product, is_barred=True, reason="The CE mark is forged.")
    (mail,) = await written("suppliers")
    assert (mail["recipient"], mail["subject"]) == (
        "rui@oficina.example",
        "Alcova desk lamp is not sold on Feira any more",
    )
    assert "The CE mark is forged." in mail["text"] and "/sign-in?next=/supplier/offers" in mail["text"]
    await barring.decide(operator, lamp.product, is_barred=False, reason="")
    assert (await written("suppliers"))[-1]["subject"] == "Alcova desk lamp is sold on Feira again"


async def test_what_was_decided_otherwise_meanwhile_is_not_told(world: World) -> None:
    supplier, operator = await applicant(world)
    await decide_supplier(supplier, operator, APPLIED, APPROVED, "")
    await decide_supplier(supplier, operator, APPROVED, SUSPENDED, "It was a mistake.")
    assert [mail["kind"] for mail in await written("suppliers")] == ["supplier_suspended"]


async def test_the_author_hears_why_a_review_is_not_shown_and_when_it_is(world: World) -> None:
    lamp, operator = await world.product(), await person("rui@example.pt", "operator")
    ana = await buyer(world, lamp, owner=Owner(await person(), None))
    await write(ana, lamp.product, ADVERT)
    review = await id_of(ana, lamp)
    await decide(review, operator, 1, WAITING, REJECTED, "No adverts, please.")
    (mail,) = await written("reviews")
    assert (mail["subject"], mail["recipient"]) == ("Your review of Alcova desk lamp is not shown", "ana@example.pt")
    assert "No adverts, please." in mail["text"] and "/sign-in?next=/account/reviews" in mail["text"]
    assert "elsewhere.example" not in mail["text"]
    await decide(review, operator, 1, REJECTED, SHOWN, "")
    assert (await written("reviews"))[-1]["subject"] == "Your review of Alcova desk lamp is shown"


async def test_reports_that_come_to_nothing_are_no_news_to_the_author(world: World) -> None:
    lamp, operator = await world.product(), await person("rui@example.pt", "operator")
    ana = await buyer(world, lamp, owner=Owner(await person(), None))
    await write(ana, lamp.product, Draft(5, "", "Bright."))
    await decide(await id_of(ana, lamp), operator, 1, SHOWN, SHOWN, "")
    assert await written("reviews") == []


async def test_a_guest_hears_of_it_at_the_address_of_the_order_and_needs_no_account_for_its_links(world: World) -> None:
    lamp, operator = await world.product(), await person("rui@example.pt", "operator")
    marta = await buyer(world, lamp, owner=guest("Marta"))
    await write(marta, lamp.product, ADVERT)
    review = await id_of(marta, lamp)
    await decide(review, operator, 1, WAITING, REJECTED, "No adverts, please.")
    (mail,) = await written("reviews")
    assert mail["recipient"] == "marta@feira.example"
    assert "No adverts, please." in mail["text"] and f"/p/{lamp.slug}/review\n" in mail["text"]
    await decide(review, operator, 1, REJECTED, SHOWN, "")
    shown = (await written("reviews"))[-1]
    assert shown["subject"] == "Your review of Alcova desk lamp is shown"
    for each in (mail, shown):
        assert "account" not in each["text"] and "sign-in" not in each["text"]


async def test_a_guest_whose_order_has_no_address_any_more_is_not_written_to(world: World) -> None:
    lamp, operator = await world.product(), await person("rui@example.pt", "operator")
    marta = await buyer(world, lamp, owner=guest("Marta"))
    await write(marta, lamp.product, ADVERT)
    await execute("UPDATE shop_order SET email = ''")
    await decide(await id_of(marta, lamp), operator, 1, WAITING, REJECTED, "No adverts.")
    assert await written("reviews") == []


async def test_a_review_that_was_changed_meanwhile_brings_no_mail(world: World) -> None:
    lamp, operator = await world.product(stock={"LIS": 9}), await person("rui@example.pt", "operator")
    ana = await buyer(world, lamp, owner=Owner(await person(), None))
    await write(ana, lamp.product, ADVERT)
    await decide(await id_of(ana, lamp), operator, 1, WAITING, REJECTED, "No adverts.")
    await write(ana, lamp.product, Draft(4, "", "Bright."))
    assert await written("reviews") == []
