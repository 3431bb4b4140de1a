"""What counts as a room and as an arrow."""

from pathlib import Path

import pytest

from tools.arrows import Plan, plan_of

LAYERS = {"type": "layers", "containers": ["shop"], "layers": ["till | door", "stock"]}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a repository with one package: three modules, a room of two files, one of data."""
    files = {
        "__init__.py": "import shop.till",
        "till.py": "from shop.stock import count\nfrom shop import door",
        "door.py": "import json\nfrom shoptools import till",
        "alone.py": "",
        "stock/__init__.py": "from shop.stock.count import one",
        "stock/count.py": "def one():\n    import shop.till\n    from shop.till import price",
        "leaflets/autumn.txt": "not code",
    }
    for name, text in files.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_rooms_are_direct_children_and_arrows_distinct_pairs(shop: Path) -> None:
    plan = plan_of("shop", root=shop)

    assert plan == Plan(
        rooms=("alone", "door", "stock", "till"),
        arrows=(("stock", "till"), ("till", "door"), ("till", "stock")),
        upward=None,
    )
    assert plan.alone == ("alone",)


def test_an_arrow_to_a_higher_layer_is_upward(shop: Path) -> None:
    assert plan_of("shop", root=shop, contracts=[LAYERS]).upward == (("stock", "till"),)


def test_layers_named_in_full_count_alike(shop: Path) -> None:
    layers = {"type": "layers", "layers": ["shop.till", "(shop.door)", "shop.stock"]}

    assert plan_of("shop", root=shop, contracts=[layers]).upward == (("stock", "till"),)


def test_a_folder_with_rooms_of_its_own_is_looked_at_alike(shop: Path) -> None:
    assert plan_of("shop/stock", root=shop).rooms == ("count",)
