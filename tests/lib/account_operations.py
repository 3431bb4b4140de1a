"""One small call of every operation on accounts, keys and sessions (see `every_operation`)."""

from collections.abc import Callable

from serving.actors import COMMAND, Scope
from serving.auth.oidc import Identity
from serving.context import AppContext
from serving.operations import accounts, keys, sign_in
from serving.queries.administration import keys_of_machines
from tests.lib.read_once import read
from tests.lib.sign_in_site import ADDRESS, NETWORK, PASSWORD, invite, only_session, settle


def enter(context: AppContext) -> sign_in.SignedIn:
    """The person signs in."""
    return sign_in.sign_in(context, email=ADDRESS, password=PASSWORD, network=NETWORK)


def settle_and_enter(context: AppContext) -> None:
    """A person who is signed in."""
    settle(context)
    enter(context)


def some_key(context: AppContext) -> keys.NewKey:
    """A key that scores."""
    return keys.add_key(context, actor=COMMAND, name="Ypareo", scopes=[Scope.SCORE])


def only_key(context: AppContext) -> str:
    """The id of the key that was prepared."""
    [key] = read(context, keys_of_machines)
    return key.key_id


OPERATIONS: dict[str, Callable[[AppContext], object]] = {
    "add_account": invite,
    "reset_password": lambda context: accounts.reset_password(
        context, actor=COMMAND, email=ADDRESS
    ),
    "disable_account": lambda context: accounts.disable_account(
        context, actor=COMMAND, email=ADDRESS
    ),
    "enable_account": lambda context: accounts.enable_account(
        context, actor=COMMAND, email=ADDRESS
    ),
    "change_capacity": lambda context: accounts.change_capacity(
        context, actor=COMMAND, email=ADDRESS, capacity=5
    ),
    "add_key": some_key,
    "revoke_key": lambda context: keys.revoke_key(context, actor=COMMAND, key_id=only_key(context)),
    "sign_in": enter,
    "sign_in_with_provider": lambda context: sign_in.sign_in_with_provider(
        context, identity=Identity("camille", ADDRESS, email_verified=True)
    ),
    "sign_out": lambda context: sign_in.sign_out(context, session=only_session(context)),
    "sign_out_everywhere": lambda context: sign_in.sign_out_everywhere(
        context, session=only_session(context)
    ),
    "change_password": lambda context: sign_in.change_password(
        context,
        session=only_session(context),
        current_password=PASSWORD,
        new_password="une phrase toute nouvelle",  # noqa: S106 - of an account of one test
        network=NETWORK,
    ),
}
PREPARE: dict[str, Callable[[AppContext], object]] = {
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
