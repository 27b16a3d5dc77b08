import socket
import threading
from queue import Queue

import pytest

from toolkit.errors import SourceError
from toolkit.sources import addresses, url
from toolkit.sources.addresses import is_public, public_address
from toolkit.sources.url import read_url


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254", "192.168.0.1", "224.0.0.1"),
        *("255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "ff0e::1"),
        *("::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::1"),
    ],
)
def test_what_is_not_one_machine_on_the_public_internet(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::808:808"])
def test_what_is(address):
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.0.0.1", "localhost", "::1"])
def test_this_machine_in_any_spelling_is_refused(host):
    with pytest.raises(SourceError, match="this machine or a private network"):
        public_address(host, port=80)


def test_a_host_with_one_private_address_is_refused(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(addresses, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(SourceError, match="private network"):
        public_address("both.example", port=80)


def test_an_unknown_host_is_told_with_the_address_given():
    with pytest.raises(SourceError, match=r"^http://nowhere\.invalid/a: could not be fetched: the host was not found"):
        read_url("http://nowhere.invalid/a", public=True)


REPORT = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nThe report."
MOVED = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/secret\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@pytest.fixture
def machine(monkeypatch):
    """A function that makes a machine that answers once, as `paper.invalid`: its port and what it heard, to be."""
    listeners = []

    def answering(answer):
        listener, heard = socket.create_server(("127.0.0.1", 0)), Queue()
        listeners.append(listener)

        def hear():
            connection, _ = listener.accept()
            with connection:
                heard.put(connection.recv(65_536).lower())
                connection.sendall(answer)

        threading.Thread(target=hear, daemon=True).start()
        return listener.getsockname()[1], heard

    def found(host, *, port):
        return "127.0.0.1" if host == "paper.invalid" else public_address(host, port=port)

    monkeypatch.setattr(url, "public_address", found)
    yield answering
    for listener in listeners:
        listener.close()


def test_the_checked_address_is_the_one_connected_to(monkeypatch, machine):
    """The name is looked up once: no name server can give another address for the connection."""
    port, heard = machine(REPORT)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")  # a proxy would look the name up again
    assert read_url(f"http://paper.invalid:{port}/a", public=True).text == "The report."
    assert f"host: paper.invalid:{port}".encode() in heard.get(timeout=5)


def test_the_name_goes_into_the_handshake(machine):
    port, heard = machine(REPORT)
    with pytest.raises(SourceError, match="could not be fetched"):
        read_url(f"https://paper.invalid:{port}/a", public=True)
    assert b"paper.invalid" in heard.get(timeout=5)


def test_a_redirect_to_this_machine_is_refused(machine):
    port, _ = machine(MOVED)
    with pytest.raises(SourceError, match="this machine or a private network"):
        read_url(f"http://paper.invalid:{port}/a", public=True)
