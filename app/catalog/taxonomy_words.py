"""What other shops, Google's taxonomy and Portuguese sellers call the things of our categories."""


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in text.split(","))


KEYWORDS = {
    "lighting/desk-lamps": _phrases(
        "desk lamp, desk light, task lamp, task light, reading lamp, reading light, work lamp, clamp lamp, office "
        "lamp, architect lamp, banker lamp, candeeiro de secretaria, candeeiro de mesa de trabalho, luminaria de "
        "mesa"
    ),
    "lighting/table-lamps": _phrases(
        "table lamp, bedside lamp, night lamp, night light, mood lamp, dome lamp, mushroom lamp, accent lamp, lamp, "
        "table light, candeeiro, candeeiro de mesa, abajur, lamparina, candeeiro de cabeceira"
    ),
    "lighting/pendants": _phrases(
        "pendant lamp, pendant light, ceiling lamp, ceiling light, hanging lamp, hanging light, chandelier, ceiling "
        "lighting, lighting fixture, candeeiro de teto, candeeiro suspenso, lustre, plafon"
    ),
    "chairs-and-stools/dining-chairs": _phrases(
        "dining chair, chair, kitchen chair, side chair, wooden chair, dining room chair, kitchen and dining room "
        "chair, folding chair, cadeira, cadeira de jantar, cadeira de cozinha, cadeira de madeira"
    ),
    "chairs-and-stools/armchairs": _phrases(
        "armchair, arm chair, lounge chair, easy chair, reading chair, recliner, wing chair, rocking chair, accent "
        "chair, arm chairs recliners and sleeper chairs, poltrona, cadeirao, cadeira de baloico"
    ),
    "chairs-and-stools/stools": _phrases(
        "stool, bar stool, barstool, counter stool, step stool, footstool, foot stool, milking stool, table and bar "
        "stool, banco, banco alto, banqueta, tamborete, mocho"
    ),
    "mugs-and-cups/mugs": _phrases(
        "mug, coffee mug, tea mug, travel mug, stoneware mug, ceramic mug, enamel mug, beaker, caneca, caneca de "
        "ceramica, caneca de cafe"
    ),
    "mugs-and-cups/cups": _phrases(
        "coffee cup, teacup, tea cup, espresso cup, cappuccino cup, cup and saucer, cups and saucers, coffee and "
        "tea cup, chavena, xicara, chavena de cafe, chavena de cha"
    ),
    "mugs-and-cups/mug-sets": _phrases(
        "mug set, set of mugs, pair of mugs, mugs set of 2, cup set, set of cups, tumbler set, conjunto de canecas, "
        "jogo de canecas, conjunto de chavenas, jogo de chavenas"
    ),
    "kettles-and-pans/kettles": _phrases(
        "kettle, tea kettle, electric kettle, whistling kettle, gooseneck kettle, pour over kettle, stovetop "
        "kettle, chaleira, chaleira eletrica"
    ),
    "kettles-and-pans/saute-pans": _phrases(
        "saute pan, sauté pan, frying pan, fry pan, skillet, frypan, crepe pan, grill pan, omelette pan, wok, "
        "skillets and frying pan, saucepan, milk pan, frigideira, sertã, tacho, sautoir"
    ),
    "kettles-and-pans/casseroles": _phrases(
        "casserole, casserole dish, dutch oven, cocotte, stockpot, stock pot, cooking pot, soup pot, stew pot, "
        "cookware, cookware set, pots and pans, panela, caçarola, panela de sopa, caldeirao"
    ),
    "headphones-and-speakers/headphones": _phrases(
        "headphone, headphones, headset, earphone, earbud, earpiece, in ear monitor, over ear, on ear headphone, "
        "wireless headphone, noise cancelling headphone, headphones and headset, auscultador, auriculares, "
        "auricular, fone de ouvido, fones"
    ),
    "headphones-and-speakers/speakers": _phrases(
        "speaker, loudspeaker, bluetooth speaker, bookshelf speaker, portable speaker, wireless speaker, smart "
        "speaker, soundbar, sound bar, subwoofer, coluna de som, coluna bluetooth, altifalante, caixa de som"
    ),
    "bags/daypacks": _phrases(
        "daypack, day pack, backpack, rucksack, school bag, schoolbag, bookbag, laptop backpack, hiking backpack, "
        "mochila, mochila escolar, mochila de dia"
    ),
    "bags/roll-tops": _phrases(
        "roll top, rolltop, roll top backpack, rolltop backpack, roll top bag, dry bag, messenger bag, commuter "
        "bag, bike bag, pannier, mochila roll top, mochila de enrolar, alforge"
    ),
    "shoes/runners": _phrases(
        "running shoe, trail running shoe, trail shoe, jogging shoe, trainer, training shoe, sports shoe, athletic "
        "shoe, tenis de corrida, sapatilha de corrida, sapatilhas de corrida, tenis desportivos"
    ),
    "shoes/everyday-shoes": _phrases(
        "shoe, shoes, sneaker, barefoot, barefoot shoe, barefoot sneaker, casual shoe, everyday shoe, walking shoe, "
        "loafer, ballerina, ballet flat, slip on, footwear, moccasin, sandal, leather shoe, lace up shoe, low top, "
        "sapatilha, sapato, sapatos, tenis, calçado, sandalia"
    ),
    "shoes/high-tops": _phrases(
        "high top, hightop, high top sneaker, high sneaker, ankle boot, boot, boots, chukka, bota, botas, botim, "
        "botins, sapatilha de cano alto, tenis de cano alto"
    ),
    "books/novels": _phrases(
        "book, books, novel, novels, fiction, paperback, hardback, hardcover, short stories, literature, poetry, "
        "thriller, print book, romance, romances, livro, livros, ficcao, contos, poesia"
    ),
    "books/gardens-and-nature": _phrases(
        "gardening book, garden book, nature book, nature writing, field guide, books nature, birdwatching, "
        "wildlife guide, gardens and nature, garden design book, livro de jardinagem, livros de natureza, guia de "
        "campo"
    ),
    "books/art-and-craft": _phrases(
        "art book, craft book, design book, photography book, architecture book, coffee table book, pattern book, "
        "sketchbook guide, art and craft book, cookbook, cookery book, livro de arte, livros de artesanato"
    ),
    "plants/leafy-plants": _phrases(
        "plant, plants, houseplant, house plant, indoor plant, potted plant, pot plant, rubber fig, rubber plant, "
        "ficus, monstera, philodendron, pothos, fern, olive tree, lemon tree, peace lily, planta, plantas, planta "
        "de interior, feto, oliveira, limoeiro"
    ),
    "plants/snake-plants": _phrases(
        "snake plant, sansevieria, mother in laws tongue, dracaena trifasciata, espada de sao jorge, lingua de "
        "sogra, sanseviéria"
    ),
    "plants/cacti": _phrases(
        "cactus, cacti, succulent, barrel cactus, column cactus, cactus plant, aloe, echeveria, cacto, cato, suculenta"
    ),
    "cycling/front-lights": _phrases(
        "front light, bike light, bicycle light, cycle light, bicycle front light, headlight bike, bike headlight, "
        "handlebar light, bike light set, bicycle lights and reflector, luz dianteira, luz de bicicleta, luz "
        "frontal para bicicleta"
    ),
    "cycling/rear-lights": _phrases(
        "rear light, tail light bike, bike tail light, bicycle rear light, bike rear light, rear bike light, back "
        "light, seatpost light, saddle light, luz traseira, luz traseira de bicicleta"
    ),
    "cycling/bottles": _phrases(
        "water bottle, drinking bottle, bike bottle, cycling bottle, sports bottle, insulated bottle, steel bottle, "
        "flask, thermos, vacuum flask, hydration bottle, bidon, garrafa, garrafa de agua, garrafa termica, cantil"
    ),
    "wool-and-linen/throws": _phrases(
        "throw blanket, blanket, wool blanket, wool throw, bedspread, plaid blanket, picnic blanket, quilt, linen "
        "throw, manta, mantas, cobertor, cobertor de la, colcha"
    ),
    "wool-and-linen/towels": _phrases(
        "towel, bath towel, hand towel, beach towel, tea towel, kitchen towel, towel set, bath linen, linen towel, "
        "face cloth, washcloth, household linen, toalha, toalhas, toalha de banho, toalha de mao, pano de cozinha"
    ),
    "toys/wooden-toys": _phrases(
        "toy, toys, wooden toy, toy train, toy car, toy truck, toy boat, toy tram, pull toy, pull along toy, push "
        "toy, toy vehicle, toys and games, brinquedo, brinquedos, brinquedo de madeira, brinquedos de madeira, "
        "carrinho de madeira"
    ),
    "toys/blocks": _phrases(
        "building block, toy block, wooden block, building set, building brick, interlocking block, stacking toy, "
        "construction toy, construction set toy, blocos de madeira, blocos de construcao, cubos de madeira"
    ),
    "home/clocks": _phrases(
        "clock, alarm clock, wall clock, desk clock, mantel clock, table clock, travel clock, relogio de mesa, "
        "relogio de parede, despertador"
    ),
    "home/jars": _phrases(
        "jar, storage jar, glass jar, mason jar, preserving jar, cookie jar, spice jar, food storage jar, pantry "
        "jar, canister, frasco, frascos, frasco de vidro, boião, pote de vidro"
    ),
}

# They contain one of the words above and are something else.
ELSEWHERE = _phrases(
    "lamp shade, lampshade, lamp base, light bulb, lamp oil, heat lamp, nail lamp, chair cover, chair cushion, "
    "chair mat, chair pad, high chair, wheelchair, wheel chair, push chair, pushchair, car chair, mug warmer, "
    "mug rack, mug tree, cup holder, egg cup, menstrual cup, world cup, cups and ball, kettle bell, kettle "
    "descaler, pan rack, pan lid, headphone stand, headphone case, headphone adapter, headphone cable, "
    "headphone amplifier, headphone jack, headset stand, earphone case, speaker stand, speaker cable, speaker "
    "wire, speaker mount, backpack cover, backpack rain cover, shoe rack, shoe polish, shoe care, shoe cleaner, "
    "shoe brush, shoe lace, shoelace, shoe box, shoe tree, shoe insole, shoe horn, shoe bag, brake shoe, boot "
    "tray, boot polish, boot liner, car boot, ski boot, runner rug, table runner, carpet runner, drawer runner, "
    "personal trainer, book light, book end, bookend, book stand, book cover, book shelf, book case, guest "
    "book, book rack, note book, mac book, chrome book, plant pot, plant stand, plant food, plant hanger, plant "
    "based, power plant, artificial plant, plant saucer, plant label, plant protein, aloe vera gel, aloe vera "
    "juice, bike light mount, bicycle light mount, bottle cage, bottle opener, bottle rack, bottle brush, baby "
    "bottle, hot water bottle, wine bottle, spray bottle, perfume bottle, water bottle cage, towel rail, towel "
    "rack, towel ring, towel hook, towel warmer, towel dispenser, paper towel, sanitary towel, blanket box, "
    "throw pillow, throw cushion, free throw, toy box, toy storage, sex toy, dog toy, cat toy, pet toy, toy "
    "story, engine block, knife block, cinder block, sun block, clock radio, time clock, radio alarm clock, "
    "over clock, stool softener, stool sample, stool test, jar opener, jar lid, snare throw, speaker phone, "
    "banco de dados, banco de jardim, livro de ponto, pet plant, lava lamp oil, sneaker socks, sneaker cleaner, "
    "running shoe lace, boot sock, barefoot sock, tenis de mesa, bola de tenis, raquete de tenis"
)
