"""Who has bought in the demo shop before today: Marta, and people whose accounts nobody signs in to."""

from dataclasses import dataclass

from app.demo.world import SHOPPER
from app.orders.wanted import Address


@dataclass(frozen=True)
class Shopper:
    """`likes`: the occasions (see `past_orders.OCCASIONS`) that this household buys for, the dearest first."""

    email: str
    name: str
    line1: str
    postcode: str
    place: str
    likes: tuple[str, ...]

    @property
    def address(self) -> Address:
        return Address(self.name, "", self.line1, "", self.postcode, self.place, email=self.email)


MARTA = Shopper(SHOPPER, "Marta Fonseca", "Rua da Boavista 84", "1200-109", "Lisboa", ("tea", "desk", "sofa"))

# Per line: name | street | postcode and place | what they buy for.
_OTHERS = """
Inês Carvalho | Rua das Flores 12 | 4050-262 Porto | tea kitchen sofa
João Mendes | Avenida da República 40 | 1050-187 Lisboa | ride desk music
Rita Sampaio | Largo da Portagem 3 | 3000-337 Coimbra | books sofa plants
Tiago Lopes | Rua do Souto 77 | 4700-329 Braga | ride walk music
Ana Beatriz Rocha | Rua de Santo António 19 | 8000-283 Faro | kitchen tea table
Duarte Pires | Rua Direita 8 | 6300-035 Guarda | desk books tea
Leonor Matos | Rua 5 de Outubro 51 | 7000-854 Évora | plants kitchen sofa
Hugo Nogueira | Avenida Luísa Todi 210 | 2900-461 Setúbal | walk ride music
Carla Vieira | Rua da Sofia 101 | 3000-389 Coimbra | children books sofa
Pedro Azevedo | Rua Formosa 5 | 3500-135 Viseu | desk music ride
Sofia Teles | Rua da Carreira 33 | 9000-042 Funchal | table tea plants
Miguel Bettencourt | Rua dos Mercadores 14 | 9500-092 Ponta Delgada | walk books desk
Joana Reis | Travessa do Carmo 6 | 1200-095 Lisboa | plants sofa tea
Nuno Barros | Rua do Almada 300 | 4050-038 Porto | music desk kitchen
Catarina Duarte | Praça do Giraldo 22 | 7000-508 Évora | children table kitchen
André Fialho | Rua Miguel Bombarda 9 | 2400-180 Leiria | ride walk desk
Teresa Lima | Rua de Cedofeita 418 | 4050-174 Porto | books tea sofa
Vasco Antunes | Rua Serpa Pinto 64 | 2000-046 Santarém | kitchen table music
Mariana Couto | Avenida Central 120 | 4710-228 Braga | children plants books
Filipe Godinho | Rua do Comércio 17 | 6000-079 Castelo Branco | desk ride walk
Helena Prata | Rua Nova 2 | 2490-322 Ourém | sofa plants table
Gonçalo Seixas | Rua da Vitória 45 | 1100-618 Lisboa | walk music books
Beatriz Nunes | Rua das Portas 28 | 8600-657 Lagos | tea table plants
Rui Cardoso | Rua Grande 11 | 5300-064 Bragança | kitchen ride desk
"""


def shoppers() -> list[Shopper]:
    """All of them, Marta first."""
    return [MARTA, *(_shopper(line) for line in _OTHERS.strip().split("\n"))]


def _shopper(line: str) -> Shopper:
    name, street, there, likes = line.split(" | ")
    postcode, _, place = there.partition(" ")
    first, *_, last = name.translate(str.maketrans("áâãçéêíóôõú", "aaaceeiooou")).casefold().split()
    return Shopper(f"{first}.{last}@feira.example", name, street, postcode, place, tuple(likes.split()))
