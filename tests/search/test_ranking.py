"""What comes first, and what words narrow a list to."""

from pathlib import Path

import pytest

from app.infra.database import execute
from app.search import ranking
from app.search.engine import engine
from app.search.likely import FEW
from app.search.query import Query
from app.search.understanding import Narrowing
from tests.search.conftest import Reindex, names
from tests.world import World


async def test_the_thing_itself_comes_before_what_is_made_for_it(world: World, reindex: Reindex) -> None:
    await world.product("Laptop bag", note="For every laptop, laptop and laptop.")
    await world.product("Stand for laptop")
    await world.product("Sleeve for laptop and tablet")
    await world.product("Barro laptop")
    await reindex()
    assert (await names(q="laptop"))[0] == "Barro laptop"
    assert (await names(q="laptop bag")) == ["Laptop bag"]


async def test_a_number_behind_it_does_not_hide_what_is_asked_for(world: World, reindex: Reindex) -> None:
    await world.product("Laptop bag tag 15.6")
    await world.product("Barro felt bag for a laptop up to 15.6")
    await reindex()
    assert await names(q="laptop bag 15.6") == ["Barro felt bag for a laptop up to 15.6", "Laptop bag tag 15.6"]


async def test_what_a_name_says_behind_a_for_is_not_what_it_is(world: World, reindex: Reindex) -> None:
    await world.product("Privacy screen for monitors, monitor and computer screen")
    await world.product("Alcova C27 curved gaming monitor with stand")
    await reindex()
    assert (await names(q="monitor"))[0] == "Alcova C27 curved gaming monitor with stand"


async def test_what_its_name_does_not_say_is_told_by_what_it_says_of_itself(world: World, reindex: Reindex) -> None:
    lens = {"Lens mount": "EF"}
    for number in range(FEW):
        maker = ("Barro", "Alcova")[number % 2]
        await world.product(f"{maker} camera {number}", brand=maker, attributes=lens)
        await world.product(f"Barro mug {number}", brand="Barro", category="mugs-and-cups/mugs")
    await world.product("Strap for a Canon camera", brand="Canon")
    await world.product("Canon EOS 7D", brand="Canon", note="The camera of reporters", attributes=lens)
    await world.product("Canon EOS 90", brand="Canon", attributes=lens)
    await reindex()
    result = await engine().search(Query(q="canon camera"))
    assert [each.name for each in result.documents] == ["Canon EOS 7D", "Canon EOS 90", "Strap for a Canon camera"]
    assert "Canon EOS 90" not in await names(q="canon camera strap")


async def test_what_says_more_of_itself_comes_before_what_the_words_fit_as_well(world: World, reindex: Reindex) -> None:
    """The name of a line stands on its batteries, too, and most is said of its machines."""
    machine = {"Processor": "Quick", "Memory": "8 GB", "Screen": "Matt", "Keyboard": "Spanish", "Drive": "Fast"}
    for part in ("cell", "lid", "dock", "pen"):
        await world.product(f"Alcova Viajante {part}", note="Turned from one piece of aluminium, painted by hand.")
    await world.product("Alcova Viajante notebook", attributes=machine)
    await reindex()
    assert (await names(q="viajante"))[0] == "Alcova Viajante notebook"


async def test_what_is_in_the_category_that_is_named_comes_before_what_only_mentions_it(
    world: World, reindex: Reindex
) -> None:
    await world.product("Barro shelf", note="For every mug: a mug, another mug, and a mug.")
    await world.product("Alcova beaker", category="mugs-and-cups/mugs", note="Of clay from the north, turned by hand.")
    await reindex()
    assert await names(q="mug") == ["Alcova beaker", "Barro shelf"]


async def test_who_types_the_name_of_a_category_is_shown_that_category(world: World, reindex: Reindex) -> None:
    for n in range(3):
        await world.product(f"Alcova beaker {n}", category="mugs-and-cups/mugs")
    await world.product("Barro mugs")
    await reindex()
    for typed in ("Mugs", " mugs "):
        result = await engine().search(Query(q=typed))
        assert [each.key for each in result.understood.narrowed] == ["mugs-and-cups/mugs"]
        assert result.total == 3
    assert (await engine().search(Query(q="mugs", reading="words"))).total == 4


async def test_where_no_product_has_every_word_those_with_more_of_them_come_first(
    world: World, reindex: Reindex
) -> None:
    for n in range(12):
        await world.product(f"Alcova lamp {n}")
    await world.product("A song", note="Of a zebra")
    await world.product("Barro running shoes")
    await world.product("Cabo running shoes")
    await reindex()
    assert (await names(q="running shoes zebra"))[-1] == "A song"


async def test_where_no_product_has_every_word_what_is_asked_for_comes_before_what_has_the_others(
    world: World, reindex: Reindex
) -> None:
    await world.product("Barro shoe", note="Black leather, in a cotton bag.")
    for n in range(10):
        await world.product(f"Alcova city bag {n}")
    await reindex()
    assert (await names(q="patent black leather bag"))[-1] == "Barro shoe"


async def test_plurals_of_three_letters_find_what_is_called_by_two(world: World, reindex: Reindex) -> None:
    for n in range(5):
        await world.product(f"Alcova TV {n}")
    await world.product("Wall mount for TVs")
    await reindex()
    found = await names(q="tvs")
    assert len(found) == 6 and found[-1] == "Wall mount for TVs"


async def test_words_side_by_side_in_the_name_come_first(world: World, reindex: Reindex) -> None:
    await world.product("Lamp with a desk clip, brass")
    await world.product("Brass desk lamp")
    await reindex()
    assert await names(q="desk lamp") == ["Brass desk lamp", "Lamp with a desk clip, brass"]


async def test_words_that_mean_one_thing_may_stand_apart_in_the_name_of_that_thing(
    world: World, reindex: Reindex
) -> None:
    await world.product("Digital camera case")
    await world.product("Alcova EX-33 digital compact camera")
    await world.product("Extension cord reel")
    await world.product("Brass power cord extension")
    await reindex()
    assert await names(q="digital camera") == ["Alcova EX-33 digital compact camera", "Digital camera case"]
    assert await names(q="extension cord") == ["Brass power cord extension", "Extension cord reel"]


async def test_a_synonym_finds_too_and_what_was_typed_comes_first(world: World, reindex: Reindex) -> None:
    await world.product("Sofa of oak")
    await world.product("Couch of oak")
    await reindex()
    assert await names(q="couch") == ["Couch of oak", "Sofa of oak"]
    assert await names(q="sofa") == ["Sofa of oak", "Couch of oak"]


async def test_what_nearly_all_sellers_call_otherwise_comes_before_what_is_made_for_it(
    world: World, reindex: Reindex
) -> None:
    await world.product("Laptop sleeve")
    for n in range(12):
        await world.product(f"Barro notebook {n}")
    await reindex()
    found = await names(q="laptop")
    assert len(found) == 13
    assert found[-1] == "Laptop sleeve"
    assert await names(q="laptop sleeve") == ["Laptop sleeve"]


async def test_what_it_does_not_have_does_not_find_a_product(world: World, reindex: Reindex) -> None:
    await world.product("Alcova speaker", attributes={"Bluetooth": "No"})
    await world.product("Barro speaker", attributes={"Bluetooth": "Yes"})
    await reindex()
    assert await names(q="bluetooth speaker") == ["Barro speaker"]


async def test_a_brand_in_the_words_narrows_where_the_best_agree(world: World, reindex: Reindex) -> None:
    for n in range(4):
        await world.product(f"Alcova lamp {n}", brand="Alcova")
    await world.product("Barro lamp", brand="Barro", note="As good as one of Alcova.")
    await reindex()
    result = await engine().search(Query(q="alcova lamp"))
    assert result.understood.narrowed == (Narrowing("brand", "Alcova", "Alcova", "alcova"),)
    assert result.total == 4
    assert (await engine().search(Query(q="alcova lamp", reading="words"))).total == 5


async def test_a_brand_in_the_words_narrows_nothing_where_others_make_what_is_wanted(
    world: World, reindex: Reindex
) -> None:
    await world.product("Alcova lamp", brand="Alcova")
    for n in range(4):
        await world.product(f"Shade {n} for Alcova lamp", brand="Barro")
    await reindex()
    assert (await engine().search(Query(q="alcova lamp shade"))).understood.narrowed == ()


async def test_a_brand_that_is_chosen_is_not_read_out_of_the_words_again(world: World, reindex: Reindex) -> None:
    for n in range(4):
        await world.product(f"Alcova lamp {n}", brand="Alcova")
    await reindex()
    assert (await engine().search(Query(q="alcova lamp", brands=("Alcova",)))).understood.narrowed == ()


async def rate(product: int, *stars: int) -> None:
    await execute(
        """INSERT INTO review (product, stars, state, written_at) SELECT $1, given, 'shown', now()
           FROM unnest($2::int[]) AS given""",
        product,
        list(stars),
    )


async def test_among_equals_the_better_rated_come_first_and_the_unrated_between(world: World, reindex: Reindex) -> None:
    good, bad, one = [await world.product(f"{name} lamp") for name in ("Alcova", "Brisa", "Corvo")]
    await world.product("Duna lamp")
    await rate(good.product, *[5] * 20)
    await rate(bad.product, *[2] * 20)
    await rate(one.product, 5)
    await reindex()
    assert await names(q="lamp") == ["Alcova lamp", "Corvo lamp", "Duna lamp", "Brisa lamp"]


async def test_what_nobody_has_reviewed_keeps_its_place_whatever_others_get(world: World, reindex: Reindex) -> None:
    for name in ("Alcova", "Brisa", "Corvo", "Duna", "Estrela"):
        await world.product(f"{name} lamp")
    await reindex()
    before = await names(q="lamp")
    other = await world.product("Mug", category="mugs-and-cups/mugs")
    await rate(other.product, *[1] * 50)
    await reindex()
    assert [name for name in await names(q="lamp") if name != "Mug"] == before


async def test_reviews_do_not_outweigh_what_is_asked_for(world: World, reindex: Reindex) -> None:
    await world.product("Barro laptop")
    bag = await world.product("Laptop bag")
    await rate(bag.product, *[5] * 500)
    other = await world.product("Mug", category="mugs-and-cups/mugs")
    await rate(other.product, *[1] * 500)
    await reindex()
    assert (await names(q="laptop"))[0] == "Barro laptop"


@pytest.mark.parametrize("text", ["words = 1.0", "words = -1.0", "nonsense = 1.0"])
def test_weights_that_do_not_fit_are_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "weights.toml"
    wrong.write_text(text)
    monkeypatch.setattr(ranking, "WEIGHTS", wrong)
    ranking.weights.cache_clear()
    with pytest.raises(ranking.WeightsInvalid, match="thing"):
        ranking.weights()
    ranking.weights.cache_clear()


def test_every_feature_has_a_weight_of_at_least_0() -> None:
    assert set(ranking.weights()) == set(ranking.FEATURES)
