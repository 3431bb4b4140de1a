"""Fictional names for simulated persons and organisations: drawn, the same for the same id."""

import hashlib

from features.records.sectors import sector

GIVEN = (
    *("Adèle", "Amina", "Anaïs", "Arthur", "Aya", "Baptiste", "Camille", "Chloé", "Clément"),
    *("Dylan", "Elias", "Emma", "Enzo", "Fatou", "Gabriel", "Hugo", "Inès", "Ismaël", "Jade"),
    *("Jules", "Kenza", "Léa", "Léo", "Lina", "Louis", "Lucie", "Maël", "Manon", "Mathis"),
    *("Mehdi", "Nina", "Noah", "Oscar", "Rayan", "Romane", "Sacha", "Salomé", "Théo", "Yanis"),
)
FAMILY = (
    *("Allain", "Audrain", "Bâcle", "Benali", "Bertho", "Brosseau", "Cadoret", "Chauvin"),
    *("Cissé", "Corbineau", "Couëdel", "Diallo", "Douillard", "Drouet", "Fradin", "Gautreau"),
    *("Guérin", "Haddad", "Hervouet", "Jaunet", "Lecoq", "Legal", "Luzeau", "Mainguy", "Moreau"),
    *("N'Diaye", "Olivier", "Padiou", "Pineau", "Praud", "Rineau", "Rousseau", "Sauvaget"),
    *("Tessier", "Thébaud", "Traoré", "Vincendeau", "Yildiz"),
)
PLACES = (
    *("de l'Erdre", "de la Sèvre", "du Port", "des Halles", "du Canal", "de la Brière"),
    *("des Marais", "du Vignoble", "de l'Estuaire", "de la Côte", "du Centre", "des Ponts"),
)
TRADES = {
    "agriculture": "Maraîchage",
    "food_industry": "Fournil",
    "industry": "Ateliers",
    "construction": "Bâtisseurs",
    "trade": "Comptoir",
    "transport": "Transports",
    "hospitality": "Table",
    "hair_and_beauty": "Salon",
    "information": "Studio",
    "finance": "Cabinet",
    "business_services": "Services",
    "public_services": "Maison",
    "other_services": "Atelier",
}


def person_name(person_id: str) -> tuple[str, str]:
    """(given name, family name) of a simulated person."""
    return GIVEN[_pick(person_id, len(GIVEN))], FAMILY[_pick(f"{person_id} family", len(FAMILY))]


def employer_name(siret: str, naf: str | None) -> str:
    """Name of a simulated employer of a sector."""
    trade = TRADES.get(sector(naf) or "", "Entreprise")
    return f"{trade} {PLACES[_pick(siret, len(PLACES))]}"


def centre_name(uai: str) -> str:
    """Name of a simulated training centre."""
    return f"CFA {PLACES[_pick(uai, len(PLACES))]}"


def _pick(text: str, among: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % among
