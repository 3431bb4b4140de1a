"""Passwords: what may be chosen, and what is stored of them."""

import pytest

from serving.auth import passwords
from serving.auth.errors import WeakPasswordError


def test_a_password_is_recognised_and_another_is_not() -> None:
    stored_hash = passwords.hash_password("une phrase assez longue")

    assert passwords.is_right("une phrase assez longue", stored_hash)
    assert not passwords.is_right("une phrase assez longuE", stored_hash)
    assert "phrase" not in stored_hash


def test_no_password_is_right_where_none_is_stored() -> None:
    assert not passwords.is_right("", None)
    assert not passwords.is_right("une phrase assez longue", None)


def test_an_accent_is_the_same_however_the_keyboard_writes_it() -> None:
    stored_hash = passwords.hash_password("pomme cuite à l'été")

    assert passwords.is_right("pomme cuite a\u0300 l'e\u0301te\u0301", stored_hash)


def test_a_hash_of_today_is_not_outdated_and_one_of_weaker_parameters_is() -> None:
    from argon2 import PasswordHasher

    weaker = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)

    assert not passwords.is_outdated(passwords.hash_password("x"))
    assert passwords.is_outdated(weaker.hash("x"))


@pytest.mark.parametrize(
    "password",
    ["douze lettre", "correct horse battery staple", "é" * 3 + "abcdefghi", "a b c d e f "],
)
def test_length_is_the_only_composition_that_is_asked_for(password: str) -> None:
    passwords.check_new(password, email="camille@example.org")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("onze lettre", "12 to 128"),
        ("x1y2" * 33, "12 to 128"),
        ("aaaaaaaaaaaaaaaa", "different characters"),
        ("camille@example.org", "than the address"),
        ("Camille@Example", "than the address"),
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str, why: str) -> None:
    with pytest.raises(WeakPasswordError, match=why) as refused:
        passwords.check_new(password, email="camille@example.org")
    assert password not in str(refused.value)


def test_one_time_passwords_are_long_readable_and_never_the_same() -> None:
    drawn = {passwords.one_time_password() for _ in range(50)}

    assert len(drawn) == 50
    assert all(set(password) <= set(passwords.READABLE + "-") for password in drawn)
    assert {len(password) for password in drawn} == {19}
