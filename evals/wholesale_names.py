"""Who the wholesaler deals with and what it sells: the words that `evals.wholesale` makes its rows of."""

from __future__ import annotations

__all__ = ["CITIES", "FORMS", "HOSTS", "HOUSES", "PLACES", "RANGE", "REGIONS", "SUPPLIERS", "WAREHOUSES"]

REGIONS = {
    "Coast": ("Kiel", "Rostock", "Emden"),
    "North": ("Hamburg", "Bremen"),
    "West": ("Köln", "Dortmund", "Aachen"),
    "South": ("München", "Ulm", "Passau"),
    "East": ("Leipzig", "Dresden"),
    "Capital": ("Berlin", "Potsdam"),
}
CITIES = tuple((city, region) for region, cities in enumerate(REGIONS.values(), 1) for city in cities)
WAREHOUSES = (("Hamburg", 2), ("Leipzig", 5), ("Ulm", 4), ("Dortmund", 3))
HOUSES = {
    "restaurant": ("Bistro", "Café", "Trattoria", "Gasthaus"),
    "retail": ("Feinkost", "Markt", "Kontor"),
    "hotel": ("Hotel", "Pension"),
    "public": ("Kantine", "Mensa", "Klinik"),
}
PLACES = (
    *("Adler", "Anker", "Bellevue", "Birkenhof", "Fontane", "Hafenblick", "Kranich", "Lindenhof", "Lumen"),
    *("Mühlbach", "Nordwind", "Rosengarten", "Seeblick", "Sonnenhof", "Tivoli", "Waldfrieden"),
)
FORMS = ("", " GmbH", " KG", " & Co.")
HOSTS = ("post.example", "mail.example", "kontor.example", "gastro.example")
SUPPLIERS = (
    *(("Hansen Import", "Germany"), ("Weber Mühlen", "Germany"), ("Alpenmilch", "Austria")),
    *(("Oliveira e Filhos", "Portugal"), ("Casa Ribera", "Spain"), ("Verdi Alimentari", "Italy")),
    *(("Moulin Blanc", "France"), ("Van Dijk Papier", "Netherlands"), ("Nordfrost", "Denmark")),
    *(("Kaldi Roasters", "Germany"), ("Porcelana Mora", "Portugal"), ("Klar Chemie", "Germany")),
    *(("Domaine Sorel", "France"), ("Fratelli Conti", "Italy")),
)
# By category: what there is, in which sizes, the price of the smallest in euros, who supplies it.
RANGE = {
    "Coffee & tea": (
        ("Arabica beans", "Espresso roast", "Decaf beans", "Earl Grey", "Green tea", "Rooibos"),
        ("500 g", "1 kg", "3 kg"),
        8,
        (1, 4, 10),
    ),
    "Oils & vinegar": (
        ("Olive oil", "Rapeseed oil", "Sunflower oil", "Balsamic vinegar", "Cider vinegar"),
        ("1 l", "5 l", "10 l"),
        5,
        (5, 6, 13),
    ),
    "Dry goods": (
        ("Basmati rice", "Red lentils", "Penne", "Wheat flour", "Chickpeas", "Couscous"),
        ("1 kg", "5 kg", "25 kg"),
        2,
        (1, 2, 6),
    ),
    "Dairy": (("Butter", "Gouda", "Mozzarella", "Cream", "Yoghurt"), ("1 kg", "5 kg"), 6, (3, 7)),
    "Frozen": (("Peas", "Raspberries", "Spinach", "Fish fillets", "Fries"), ("2.5 kg", "10 kg"), 7, (1, 9)),
    "Drinks": (
        ("Apple juice", "Orange juice", "Mineral water", "Lemonade", "Elderflower syrup"),
        ("6 x 1 l", "12 x 1 l", "24 x 1 l"),
        6,
        (3, 5, 13),
    ),
    "Cleaning": (
        ("Dish soap", "Floor cleaner", "Descaler", "Glass cleaner"),
        ("1 l", "5 l", "10 l"),
        3,
        (12,),
    ),
    "Paper & packaging": (
        ("Napkins", "Kitchen roll", "Paper bags", "Baking paper", "Takeaway boxes"),
        ("100 pcs", "500 pcs", "1000 pcs"),
        4,
        (8, 12),
    ),
    "Tableware": (
        ("Dinner plate", "Soup bowl", "Wine glass", "Tumbler", "Fork", "Knife"),
        ("set of 6", "set of 24"),
        15,
        (1, 11),
    ),
}
