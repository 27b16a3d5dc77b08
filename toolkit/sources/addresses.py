"""Which machine a host name leads to, and whether it stands on the public internet."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM, getaddrinfo

from toolkit.errors import SourceError

# IPv6 ranges whose last 32 bits are an IPv4 address: NAT64 (RFC 6052) and the old IPv4-compatible form.
_ENDS_IN_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))


def public_address(host: str, *, port: int) -> str:
    """An address of the host, as numbers: connect to this one, as a second look-up may lead elsewhere.

    Args:
        host: A name, or an address in any spelling that the system's resolver takes (`0x7f.1` is one).
        port: The port that will be connected to.

    Raises:
        SourceError: If the host is not found, or any of its addresses is not public; the message does not say which,
            so that nobody learns the addresses of a private network.
    """
    try:
        found = getaddrinfo(host, port, type=SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"could not be fetched: the host was not found ({error})") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(is_public, addresses)):
        raise SourceError("leads to this machine or a private network, which is not read from here")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one machine's on the public internet; so must be the IPv4 address inside an IPv6 one."""
    ip = ip_address(address.split("%", maxsplit=1)[0])
    return all(part.is_global and not part.is_multicast for part in _parts(ip))


def _parts(ip: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    if isinstance(ip, IPv4Address) or ip.ipv4_mapped is None:
        yield ip
    if isinstance(ip, IPv4Address):
        return
    inside = [ip.ipv4_mapped, ip.sixtofour, ip.teredo[1] if ip.teredo else None]
    if any(ip in network for network in _ENDS_IN_IPV4):
        inside.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    yield from filter(None, inside)
