"""One small call of every operation on accounts, keys and sessions (see `every_operation`)."""

from collections.abc import Callable

from serving.actors import COMMAND, Scope
from serving.auth.oidc import Identity
from serving.context import House
from serving.operations import accounts, keys, sign_in
from tests.lib.site import ADDRESS, OFFICE, PASSWORD, invite, only_session, settle


def enter(house: House) -> sign_in.SignedIn:
    """The person signs in."""
    return sign_in.sign_in(house, email=ADDRESS, password=PASSWORD, network=OFFICE)


def settle_and_enter(house: House) -> None:
    """A person who is signed in."""
    settle(house)
    enter(house)


def some_key(house: House) -> keys.NewKey:
    """A key that scores."""
    return keys.add_key(house, actor=COMMAND, name="Ypareo", scopes=[Scope.SCORE])


def only_key(house: House) -> str:
    """The id of the key that was prepared."""
    [key] = keys.list_keys(house, actor=COMMAND)
    return key.key_id


OPERATIONS: dict[str, Callable[[House], object]] = {
    "add_account": invite,
    "reset_password": lambda house: accounts.reset_password(house, actor=COMMAND, email=ADDRESS),
    "disable_account": lambda house: accounts.disable_account(house, actor=COMMAND, email=ADDRESS),
    "enable_account": lambda house: accounts.enable_account(house, actor=COMMAND, email=ADDRESS),
    "change_capacity": lambda house: accounts.change_capacity(
        house, actor=COMMAND, email=ADDRESS, capacity=5
    ),
    "add_key": some_key,
    "revoke_key": lambda house: keys.revoke_key(house, actor=COMMAND, key_id=only_key(house)),
    "sign_in": enter,
    "sign_in_with_provider": lambda house: sign_in.sign_in_with_provider(
        house, identity=Identity("camille", ADDRESS, email_verified=True)
    ),
    "sign_out": lambda house: sign_in.sign_out(house, session=only_session(house)),
    "sign_out_everywhere": lambda house: sign_in.sign_out_everywhere(
        house, session=only_session(house)
    ),
    "change_password": lambda house: sign_in.change_password(
        house,
        session=only_session(house),
        current_password=PASSWORD,
        new_password="une phrase toute nouvelle",  # noqa: S106 - of an account of one test
        network=OFFICE,
    ),
}
PREPARE: dict[str, Callable[[House], object]] = {
    "reset_password": settle,
    "disable_account": settle,
    "enable_account": settle,
    "change_capacity": settle,
    "revoke_key": some_key,
    "sign_in": settle,
    "sign_in_with_provider": settle,
    "sign_out": settle_and_enter,
    "sign_out_everywhere": settle_and_enter,
    "change_password": settle_and_enter,
}
