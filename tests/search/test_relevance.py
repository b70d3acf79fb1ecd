"""The right thing comes first."""

from app.search.engine import engine
from app.search.nearly import FEW
from app.search.query import Query
from tests.search.conftest import Reindex, names
from tests.world import World


async def test_a_word_in_the_name_counts_more_than_one_in_the_description(world: World, reindex: Reindex) -> None:
    await world.product("Barro mug", attributes={"Goes with": "the Alcova lamp"}, category="mugs-and-cups/mugs")
    await world.product("Alcova lamp")
    await reindex()
    assert await names(q="alcova") == ["Alcova lamp", "Barro mug"]


async def test_what_can_be_bought_comes_before_what_is_sold_out(world: World, reindex: Reindex) -> None:
    await world.product("Alcova lamp", stock={})
    await world.product("Alcova lamp two", stock={"LIS": 1})
    await reindex()
    assert await names(q="alcova lamp") == ["Alcova lamp two", "Alcova lamp"]
    assert await names() == ["Alcova lamp two", "Alcova lamp"]


async def test_all_words_are_wanted_and_some_are_better_than_none(world: World, reindex: Reindex) -> None:
    await world.product("Brass desk lamp")
    await world.product("Wooden desk lamp")
    await reindex()
    assert await names(q="brass lamp") == ["Brass desk lamp"]
    result = await engine().search(Query(q="xylophone lamp"))
    assert (result.total, result.every_word) == (2, False)


async def test_where_only_some_words_are_found_their_synonyms_find_more(world: World, reindex: Reindex) -> None:
    await world.product("HP ProBook notebook")
    await world.product("Stand for a laptop")
    await reindex()
    assert sorted(await names(q="zzyzx laptop")) == ["HP ProBook notebook", "Stand for a laptop"]


async def test_words_that_mean_one_thing_together_are_taken_apart_when_nothing_has_it(
    world: World, reindex: Reindex
) -> None:
    await world.product("Barro dish dryer")
    await reindex()
    result = await engine().search(Query(q="hair dryer"))  # which has a synonym
    assert (result.total, result.every_word) == (1, False)


async def test_a_misspelt_word_is_put_right_unless_the_shopper_insists(world: World, reindex: Reindex) -> None:
    await world.product("Brass desk lamp")
    await world.product("Wooden desk lamp")
    await reindex()
    result = await engine().search(Query(q="brasss lamp"))
    assert (result.total, result.understood.corrected) == (1, "brass lamp")
    result = await engine().search(Query(q="brasss lamp", reading="typed"))
    assert (result.total, result.every_word, result.understood.corrected) == (2, False, "")


async def test_a_word_that_would_find_nothing_leads_to_what_begins_like_it(world: World, reindex: Reindex) -> None:
    await world.product("Brass kettledrum")
    await reindex()
    result = await engine().search(Query(q="kettlepost"))
    assert (result.total, result.understood.corrected) == (1, "kettledrum")
    assert (await engine().search(Query(q="kettlepost", reading="typed"))).total == 0


async def test_accents_brands_codes_and_options_are_found(world: World, reindex: Reindex) -> None:
    made = await world.product("Chávena", brand="Três Irmãs", options={"Colour": "Ink blue"}, gtin="5601234567892")
    await reindex()
    for text in ("chavena", "CHÁVENA", "tres irmas", "ink blue", made.sku, made.sku.lower(), "5601234567892"):
        assert await names(q=text) == ["Chávena"], text


async def test_the_best_offer_is_the_cheapest_that_has_stock(world: World, reindex: Reindex) -> None:
    made = await world.product(price_minor=4890, stock={"LIS": 2})
    await world.offer(made.variant, supplier="Casa Pratas", price_minor=4000, stock={})
    await world.offer(made.variant, supplier="Três Irmãs", price_minor=5500, stock={"OPO": 7})
    await reindex()
    (document,) = (await engine().search(Query())).documents
    assert (document.price_minor, document.offer, document.stock) == (4890, made.offer, {"LIS": 2})
    assert (len(document.suppliers), document.available) == (3, 9)


async def test_below_a_few_with_every_word_stand_others_that_are_what_is_asked_for(
    world: World, reindex: Reindex
) -> None:
    await world.product("Brass desk lamp", brand="Alcova")
    await world.product("Wooden desk lamp", brand="Alcova")
    await world.product("Paper lamp", brand="Barro")
    await world.product("Shade for a lamp")
    await reindex()
    result = await engine().search(Query(q="brass lamp"))
    assert (result.total, [each.name for each in result.documents]) == (1, ["Brass desk lamp"])
    assert {each.name for each in result.nearly} == {"Wooden desk lamp", "Paper lamp"}
    result = await engine().search(Query(q="brass lamp", brands=("Alcova",)))
    assert [each.name for each in result.nearly] == ["Wooden desk lamp"]


async def test_nothing_stands_below_where_enough_is_found_or_no_thing_is_asked_for(
    world: World, reindex: Reindex
) -> None:
    for number in range(FEW):
        await world.product(f"Brass lamp {number}")
    await world.product("Paper lamp", brand="Barro")
    await world.product("Alcova X7", category="mugs-and-cups/mugs")
    await reindex()
    assert (await engine().search(Query(q="brass lamp"))).nearly == ()
    assert (await engine().search(Query(q="alcova x7"))).nearly == ()
    assert (await engine().search(Query(q="brass"))).nearly == ()
