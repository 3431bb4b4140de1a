"""Where a webhook may go: public addresses only, unless the settings say otherwise.

The name is resolved once, every address it has is judged, and the connection goes to an address
that was judged: a name that changes its mind between the two (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass

import httpx

from features.common.errors import InputError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Target:
    """A receiver with the address to connect to, and the name it goes by (Host, TLS)."""

    url: httpx.URL
    host: str
    header: str


def parse_url(url: str, *, allow_private: bool) -> httpx.URL:
    """Read the address of a receiver.

    Raises InputError unless it is https (or http, where private addresses are allowed) with a host,
    and neither credentials nor a fragment.
    """
    schemes = {"https", "http"} if allow_private else {"https"}
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        parsed = httpx.URL("")
    if parsed.scheme not in schemes or not parsed.host or parsed.userinfo or parsed.fragment:
        raise InputError(
            "webhook: expected an address https://host/path without credentials or fragment, "
            "got something else"
        )
    return parsed


async def resolve(url: str, *, allow_private: bool) -> Target:
    """Find the address to connect to.

    Raises InputError: a faulty URL, a name without an address, or one of whose addresses is not
    public. All must be: the system could have chosen any.
    """
    parsed = parse_url(url, allow_private=allow_private)
    addresses = await _addresses_of(parsed)
    if not allow_private and not all(is_public(address) for address in addresses):
        raise InputError(
            "webhook: expected a public address, got a private, loopback, link-local or reserved "
            "one; VIGIE_WEBHOOK_ALLOW_PRIVATE=true allows it"
        )
    return Target(parsed.copy_with(host=str(addresses[0])), parsed.host, parsed.netloc.decode())


def is_public(address: Address) -> bool:
    """Return whether an address is one of the public internet, behind IPv6 wrappings too."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _translated(address)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address within a NAT64 one (RFC 6052) or an IPv4-compatible one (RFC 4291)."""
    for prefix in ("64:ff9b::/96", "::/96"):
        if address in ipaddress.IPv6Network(prefix):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


async def _addresses_of(url: httpx.URL) -> list[Address]:
    port = url.port or {"https": 443, "http": 80}[url.scheme]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            url.host, port, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as error:
        raise InputError("webhook: expected a name with an address, got none") from error
    # A scope (fe80::1%eth0) says where a link-local address is; it is refused all the same.
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
