"""Portugal's postcodes by their first digits, for the demo shop.

Those follow the distribution routes of the post; the names are those of the places whose post office sorts for them.
A place that is not listed takes the name of the region around it.
"""

from collections.abc import Iterator

# Per zone: prefix and place. The longest prefix wins, so short ones catch what is not listed.
_AREAS = {
    "lisboa": """
        1 Lisboa, 11 Lisboa, 12 Lisboa, 13 Lisboa, 15 Lisboa, 16 Lisboa, 17 Lisboa, 18 Lisboa, 19 Lisboa, 1495 Algés,
        1675 Pontinha, 1685 Famões, 1700 Lisboa, 1885 Moscavide, 1886 Sacavém, 1990 Parque das Nações,
        26 Área de Lisboa, 2605 Belas, 2610 Amadora, 2614 Amadora, 2615 Alverca do Ribatejo, 2620 Odivelas,
        2625 Póvoa de Santa Iria, 2630 Arruda dos Vinhos, 2635 Rio de Mouro, 2640 Mafra, 2645 Alcabideche, 2650 Amadora,
        2655 Ericeira, 2660 Loures, 2665 Malveira, 2670 Loures, 2675 Odivelas, 2680 Camarate, 2685 Sacavém,
        2689 Prior Velho, 2690 Santa Iria de Azóia, 2695 Bobadela, 2700 Amadora, 2705 Colares, 2710 Sintra,
        2714 Sintra, 2715 Pêro Pinheiro, 2720 Amadora, 2724 Amadora, 2725 Mem Martins, 2730 Barcarena,
        2735 Agualva-Cacém, 2740 Porto Salvo, 2745 Queluz, 2750 Cascais, 2754 Cascais, 2755 Alcabideche, 2760 Caxias,
        2765 Estoril, 2770 Paço de Arcos, 2775 Carcavelos, 2780 Oeiras, 2784 Oeiras, 2785 São Domingos de Rana,
        2790 Carnaxide, 2794 Carnaxide, 2795 Linda-a-Velha, 2799 Linda-a-Velha, 27 Área de Lisboa
    """,
    "setubal-santarem": """
        20 Santarém, 2000 Santarém, 2005 Santarém, 2025 Amiais de Baixo, 2040 Rio Maior, 2050 Azambuja,
        2070 Cartaxo, 2080 Almeirim, 2090 Alpiarça, 21 Ribatejo, 2100 Coruche, 2120 Salvaterra de Magos,
        2130 Benavente, 2135 Samora Correia, 2140 Chamusca, 2150 Golegã, 22 Médio Tejo, 2200 Abrantes,
        2230 Sardoal, 2240 Ferreira do Zêzere, 2250 Constância, 2260 Vila Nova da Barquinha, 23 Médio Tejo,
        2300 Tomar, 2330 Entroncamento, 2350 Torres Novas, 2380 Alcanena, 25 Oeste, 2500 Caldas da Rainha,
        2510 Óbidos, 2520 Peniche, 2530 Lourinhã, 2540 Bombarral, 2550 Cadaval, 2560 Torres Vedras, 2565 Torres Vedras,
        2580 Alenquer, 2584 Carregado, 2590 Sobral de Monte Agraço, 2600 Vila Franca de Xira, 28 Península de Setúbal,
        2800 Almada, 2804 Almada, 2805 Almada, 2810 Laranjeiro, 2814 Laranjeiro, 2815 Sobreda,
        2820 Charneca de Caparica, 2825 Costa da Caparica, 2830 Barreiro, 2835 Baixa da Banheira, 2840 Seixal,
        2845 Amora, 2855 Corroios, 2860 Moita, 2865 Fernão Ferro, 2870 Montijo, 2890 Alcochete,
        29 Setúbal, 2900 Setúbal, 2910 Setúbal,
        2925 Azeitão, 2950 Palmela, 2955 Pinhal Novo, 2970 Sesimbra, 2975 Quinta do Conde
    """,
    "centro": """
        24 Leiria, 2400 Leiria, 2410 Leiria, 2420 Leiria, 2430 Marinha Grande, 2440 Batalha, 2450 Nazaré, 2460 Alcobaça,
        2480 Porto de Mós, 2490 Ourém, 2495 Fátima, 3 Centro, 30 Coimbra, 3000 Coimbra, 3020 Coimbra, 3025 Coimbra,
        3030 Coimbra, 3040 Coimbra, 3045 Coimbra, 3049 Coimbra, 3050 Mealhada, 3060 Cantanhede, 3070 Mira,
        3080 Figueira da Foz, 3090 Figueira da Foz, 31 Baixo Mondego, 3100 Pombal, 3105 Pombal, 3130 Soure,
        3140 Montemor-o-Velho, 3150 Condeixa-a-Nova, 32 Pinhal Interior, 3200 Lousã, 3220 Miranda do Corvo, 3230 Penela,
        3240 Ansião, 3250 Alvaiázere, 3260 Figueiró dos Vinhos, 3270 Pedrógão Grande, 3280 Castanheira de Pera,
        33 Pinhal Interior, 3300 Arganil, 3320 Pampilhosa da Serra, 3330 Góis, 3350 Vila Nova de Poiares,
        3360 Penacova, 34 Beira Serra, 3400 Oliveira do Hospital, 3420 Tábua, 3430 Carregal do Sal,
        3440 Santa Comba Dão, 3450 Mortágua, 3460 Tondela, 37 Entre Douro e Vouga, 3700 São João da Madeira,
        3720 Oliveira de Azeméis, 3730 Vale de Cambra, 3740 Sever do Vouga, 3750 Águeda, 3770 Oliveira do Bairro,
        3780 Anadia, 38 Aveiro, 3800 Aveiro, 3810 Aveiro, 3830 Ílhavo, 3840 Vagos, 3850 Albergaria-a-Velha,
        3860 Estarreja, 3865 Estarreja, 3870 Murtosa, 3880 Ovar, 3885 Esmoriz
    """,
    "beira-interior": """
        35 Viseu, 3500 Viseu, 3505 Viseu, 3510 Viseu, 3515 Viseu, 3520 Nelas, 3530 Mangualde, 3550 Penalva do Castelo,
        3560 Sátão, 3570 Aguiar da Beira, 36 Beira Alta, 3600 Castro Daire, 3610 Tarouca, 3620 Moimenta da Beira,
        3630 Penedono, 3640 Sernancelhe, 3650 Vila Nova de Paiva, 3660 São Pedro do Sul, 3670 Vouzela,
        3680 Oliveira de Frades, 6 Beira Interior, 60 Castelo Branco, 6000 Castelo Branco, 6030 Vila Velha de Ródão,
        6060 Idanha-a-Nova, 61 Pinhal Interior Sul, 6100 Sertã, 6110 Vila de Rei, 6120 Mação, 6150 Proença-a-Nova,
        6160 Oleiros, 62 Cova da Beira, 6200 Covilhã, 6230 Fundão, 6250 Belmonte, 6260 Manteigas, 6270 Seia,
        6290 Gouveia, 63 Guarda, 6300 Guarda, 6320 Sabugal, 6350 Almeida, 6355 Vilar Formoso, 6360 Celorico da Beira,
        6370 Fornos de Algodres, 64 Beira Interior Norte, 6400 Pinhel, 6420 Trancoso, 6430 Mêda,
        6440 Figueira de Castelo Rodrigo
    """,
    "porto": """
        40 Porto, 41 Porto, 42 Porto, 43 Porto, 44 Área do Porto, 45 Área do Porto, 4400 Vila Nova de Gaia,
        4405 Valadares, 4410 Arcozelo, 4415 Pedroso, 4420 Gondomar, 4425 Águas Santas, 4430 Vila Nova de Gaia,
        4434 Vila Nova de Gaia, 4435 Rio Tinto, 4440 Valongo, 4445 Ermesinde, 4450 Matosinhos, 4455 Perafita,
        4460 Senhora da Hora, 4465 São Mamede de Infesta, 4470 Maia, 4474 Maia, 4475 Maia, 4480 Vila do Conde,
        4485 Vila do Conde, 4490 Póvoa de Varzim, 4495 Póvoa de Varzim, 4500 Espinho, 4505 Santa Maria da Feira,
        4510 Gondomar, 4515 Gondomar, 4520 Santa Maria da Feira, 4535 Lourosa, 4540 Arouca, 4550 Castelo de Paiva,
        4560 Penafiel, 4575 Entre-os-Rios, 4580 Paredes, 4585 Recarei, 4590 Paços de Ferreira, 4595 Frazão,
        4745 Trofa, 4780 Santo Tirso, 4785 Trofa, 4795 Aves
    """,
    "norte-litoral": """
        4 Norte, 46 Tâmega e Sousa, 4600 Amarante, 4610 Felgueiras, 4620 Lousada,
        4630 Marco de Canaveses, 4640 Baião, 4650 Felgueiras, 4690 Cinfães, 47 Braga, 4700 Braga,
        4704 Braga, 4705 Braga, 4710 Braga, 4715 Braga, 4720 Amares, 4730 Vila Verde, 4740 Esposende, 4750 Barcelos,
        4755 Barcelos, 4760 Vila Nova de Famalicão, 4765 Delães, 4770 Joane, 4775 Nine, 48 Guimarães,
        4800 Guimarães, 4805 Caldas das Taipas, 4810 Guimarães, 4815 Vizela, 4820 Fafe, 4830 Póvoa de Lanhoso,
        4835 Guimarães, 4840 Terras de Bouro, 4850 Vieira do Minho, 4860 Cabeceiras de Basto,
        4890 Celorico de Basto, 49 Viana do Castelo, 4900 Viana do Castelo, 4910 Vila Praia de Âncora,
        4920 Vila Nova de Cerveira, 4925 Lanheses, 4930 Valença, 4935 Viana do Castelo, 4940 Paredes de Coura,
        4950 Monção, 4960 Melgaço, 4970 Arcos de Valdevez, 4980 Ponte da Barca, 4990 Ponte de Lima
    """,
    "tras-os-montes": """
        4660 Resende, 4870 Ribeira de Pena, 4880 Mondim de Basto, 5 Trás-os-Montes, 50 Vila Real, 5000 Vila Real,
        5030 Santa Marta de Penaguião, 5040 Mesão Frio, 5050 Peso da Régua, 5060 Sabrosa, 5070 Alijó, 5085 Pinhão,
        5090 Murça, 51 Douro, 5100 Lamego, 5110 Armamar, 5120 Tabuaço, 5130 São João da Pesqueira,
        5140 Carrazeda de Ansiães, 5150 Vila Nova de Foz Côa, 5155 Vila Nova de Foz Côa, 5160 Torre de Moncorvo,
        5180 Freixo de Espada à Cinta, 52 Planalto Mirandês, 5200 Mogadouro, 5210 Miranda do Douro, 5225 Sendim,
        5230 Vimioso, 53 Bragança, 5300 Bragança, 5320 Vinhais, 5335 Rebordelo, 5340 Macedo de Cavaleiros,
        5350 Alfândega da Fé, 5360 Vila Flor, 5370 Mirandela, 5385 Torre de Dona Chama, 54 Alto Tâmega,
        5400 Chaves, 5425 Vidago, 5430 Valpaços, 5445 Carrazedo de Montenegro, 5450 Vila Pouca de Aguiar,
        5460 Boticas, 5470 Montalegre
    """,
    "alentejo": """
        7 Alentejo, 70 Évora, 7000 Évora, 7005 Évora, 7040 Arraiolos, 7050 Montemor-o-Novo, 7080 Vendas Novas,
        7090 Viana do Alentejo, 71 Alentejo Central, 7100 Estremoz, 7150 Borba, 7160 Vila Viçosa, 7170 Redondo,
        7200 Reguengos de Monsaraz, 72 Alentejo Central, 7220 Portel, 7230 Barrancos, 7240 Mourão, 7250 Alandroal,
        73 Portalegre, 7300 Portalegre, 7320 Castelo de Vide, 7330 Marvão, 7340 Arronches, 7350 Elvas,
        7370 Campo Maior, 74 Alto Alentejo, 7400 Ponte de Sor, 7425 Montargil, 7430 Crato, 7440 Alter do Chão,
        7450 Monforte, 7460 Fronteira, 7470 Sousel, 7480 Avis, 7490 Mora, 75 Alentejo Litoral,
        7500 Vila Nova de Santo André, 7520 Sines, 7540 Santiago do Cacém, 7555 Cercal, 7565 Alvalade, 7570 Grândola,
        7580 Alcácer do Sal, 7595 Torrão, 76 Baixo Alentejo, 7600 Aljustrel, 7630 Odemira, 7645 Vila Nova de Milfontes,
        7670 Ourique, 77 Baixo Alentejo, 7700 Almodôvar, 7750 Mértola, 7780 Castro Verde, 78 Beja, 7800 Beja,
        7830 Serpa, 7860 Moura, 7885 Amareleja, 79 Baixo Alentejo, 7900 Ferreira do Alentejo, 7920 Alvito, 7940 Cuba,
        7960 Vidigueira
    """,
    "algarve": """
        8 Algarve, 80 Faro, 8000 Faro, 8004 Faro, 8005 Faro, 8100 Loulé, 8125 Quarteira, 8135 Almancil,
        8150 São Brás de Alportel, 8200 Albufeira, 8300 Silves, 8365 Armação de Pêra, 8375 São Bartolomeu de Messines,
        8400 Lagoa, 8500 Portimão, 8550 Monchique, 8600 Lagos, 8650 Vila do Bispo, 8670 Aljezur, 8700 Olhão,
        8800 Tavira, 8900 Vila Real de Santo António, 8950 Castro Marim, 8970 Alcoutim
    """,
    "madeira": """
        90 Funchal, 91 Madeira, 92 Madeira, 93 Madeira, 94 Porto Santo, 9000 Funchal, 9004 Funchal, 9020 Funchal,
        9030 Funchal, 9050 Funchal, 9060 Funchal, 9100 Santa Cruz, 9125 Caniço, 9135 Camacha, 9200 Machico,
        9225 Porto da Cruz, 9230 Santana, 9240 São Vicente, 9270 Porto Moniz, 9300 Câmara de Lobos,
        9325 Estreito de Câmara de Lobos, 9350 Ribeira Brava, 9360 Ponta do Sol, 9370 Calheta, 9385 Estreito da Calheta,
        9400 Porto Santo
    """,
    "acores-oriental": """
        9 Azores, 95 São Miguel, 9500 Ponta Delgada, 9504 Ponta Delgada, 9545 Capelas, 9555 Sete Cidades, 9560 Lagoa,
        9580 Vila do Porto, 96 São Miguel, 9600 Ribeira Grande, 9625 Maia, 9630 Nordeste, 9650 Povoação, 9675 Furnas,
        9680 Vila Franca do Campo
    """,
    "acores-central": """
        97 Terceira, 9700 Angra do Heroísmo, 9760 Praia da Vitória, 98 São Jorge, 9800 Velas, 9850 Calheta,
        9880 Santa Cruz da Graciosa, 99 Faial e Pico, 9900 Horta, 9930 Lajes do Pico, 9940 São Roque do Pico,
        9950 Madalena
    """,
    "acores-ocidental": """
        9960 Lajes das Flores, 9970 Santa Cruz das Flores, 9980 Vila do Corvo
    """,
}


def areas() -> Iterator[tuple[str, str, str]]:
    """Prefix, place and zone of every postcode area."""
    for zone, listed in _AREAS.items():
        for area in listed.split(","):
            prefix, _, place = area.strip().partition(" ")
            yield prefix, place, zone
