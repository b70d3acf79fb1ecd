"""The fourteen suppliers of the demo market."""

from app.demo.catalogue.specs import SupplierSpec

SUPPLIERS = (
    SupplierSpec("oficina-do-vale", "Oficina do Vale", "Vale de Cambra", "Lamps that can be mended.", "OPO", "OV"),
    SupplierSpec("casa-pratas", "Casa Pratas", "Lisboa", "A corner shop for the house since 1931.", "LIS", "CP"),
    SupplierSpec("barro-e-luz", "Barro & Luz", "Caldas da Rainha", "Clay and light from Caldas.", "LIS", "BL"),
    SupplierSpec("tres-irmas", "Três Irmãs", "Lisboa", "Three sisters and a very full shop.", "LIS", "TI"),
    SupplierSpec("passo-leve", "Passo Leve", "Felgueiras", "Shoes from the town that makes them.", "OPO", "PL"),
    SupplierSpec("som-da-rua", "Som da Rua", "Porto", "Sound, for the house and the street.", "OPO", "SR"),
    SupplierSpec("duas-rodas", "Duas Rodas", "Aveiro", "Everything that screws onto a bicycle.", "OPO", "DR"),
    SupplierSpec("horto-da-ajuda", "Horto da Ajuda", "Lisboa", "Plants, packed upright.", "LIS", "HA"),
    SupplierSpec("livraria-lume", "Livraria Lume", "Coimbra", "Books by people who read them.", "LIS", "LL"),
    SupplierSpec("la-e-linho", "Lã & Linho", "Covilhã", "Woven where the sheep are.", "LIS", "LA"),
    SupplierSpec("mala-posta", "Mala Posta", "Faro", "Bags for people who go by train.", "FAO", "MP"),
    SupplierSpec("brinca", "Brinca", "Tomar", "Toys without batteries.", "LIS", "BR"),
    SupplierSpec(
        "carpintaria-melo", "Carpintaria Melo", "Paços de Ferreira", "Chairs, to order and to last.", "OPO", "CM"
    ),
    SupplierSpec("vidraria-sul", "Vidraria Sul", "Ponta Delgada", "Glass, and what goes into it.", "PDL", "VS"),
)


def suppliers() -> tuple[SupplierSpec, ...]:
    """Everyone who sells in the demo, in a fixed order."""
    return SUPPLIERS
