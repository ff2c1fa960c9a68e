# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SOAP envelopes: what a request asks, and how an answer is wrapped."""

from __future__ import annotations

import dataclasses
import typing as t
import uuid
from xml.etree import ElementTree
from xml.sax.saxutils import escape

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
_NAMESPACES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
    "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
    "p": "http://schemas.microsoft.com/powershell",
    "rsp": SHELL,
}
_ANONYMOUS = _NAMESPACES["a"] + "/role/anonymous"
_PREFIXES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())


class FaultError(Exception):
    """A request that gets a SOAP fault. ``code`` is Windows' number of the error."""

    def __init__(self, code: int, text: str):
        super().__init__(text)
        self.code = code


@dataclasses.dataclass(frozen=True)
class Request:
    """A request; ``verb`` is the last word of its action: Create, Command, Send, Receive …"""

    action: str
    message_id: str
    resource: str
    shell_id: str
    root: ElementTree.Element

    @property
    def verb(self) -> str:
        """What is to be done."""
        return self.action.rpartition("/")[2]

    def find(self, path: str) -> ElementTree.Element | None:
        """An element, by a path with the prefixes ``rsp``, ``p`` …"""
        return self.root.find(path, _NAMESPACES)

    def all(self, path: str) -> list[ElementTree.Element]:
        """All such elements."""
        return self.root.findall(path, _NAMESPACES)

    def need(self, path: str) -> ElementTree.Element:
        """The element; FaultError when the request does not have it."""
        found = self.find(path)
        if found is None:
            raise FaultError(87, f"the request lacks {path}")
        return found


def parse(data: bytes) -> Request:
    """A request from its bytes; FaultError."""
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise FaultError(87, str(error)) from None

    def text(path: str) -> str:
        return root.findtext(path, "", _NAMESPACES)

    return Request(
        action=text(".//a:Action"),
        message_id=text(".//a:MessageID"),
        resource=text(".//w:ResourceURI"),
        shell_id=text(".//w:Selector[@Name='ShellId']").upper(),
        root=root,
    )


def answer(request: Request, body: str) -> bytes:
    """The envelope around a body."""
    return _envelope(f"{request.action}Response", request.message_id, body)


def fault(request: Request | None, error: FaultError) -> bytes:
    """The envelope around a fault."""
    text = escape(str(error))
    body = (
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{text}</s:Text></s:Reason>'
        f'<s:Detail><f:WSManFault Code="{error.code}" Machine="localhost">'
        f"<f:Message>{text}</f:Message></f:WSManFault></s:Detail></s:Fault>"
    )
    action = _NAMESPACES["w"].replace("wsman.xsd", "fault")
    return _envelope(action, request.message_id if request else "", body)


def _envelope(action: str, relates_to: str, body: str) -> bytes:
    header = (
        f"<a:Action>{action}</a:Action><a:MessageID>uuid:{uuid.uuid4()}</a:MessageID>"
        f"<a:RelatesTo>{relates_to}</a:RelatesTo><a:To>{_ANONYMOUS}</a:To>"
    )
    text = (
        f"<s:Envelope {_PREFIXES}><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )
    return text.encode()


def created(request: Request, shell_id: str, streams: tuple[str, str]) -> bytes:
    """The answer to Create."""
    given, taken = streams
    body = (
        f"<x:ResourceCreated><a:Address>{_ANONYMOUS}</a:Address><a:ReferenceParameters>"
        f"<w:ResourceURI>{request.resource}</w:ResourceURI><w:SelectorSet>"
        f'<w:Selector Name="ShellId">{shell_id}</w:Selector></w:SelectorSet>'
        f"</a:ReferenceParameters></x:ResourceCreated><rsp:Shell><rsp:ShellId>{shell_id}"
        f"</rsp:ShellId><rsp:ResourceUri>{request.resource}</rsp:ResourceUri>"
        f"<rsp:InputStreams>{given}</rsp:InputStreams><rsp:OutputStreams>{taken}"
        "</rsp:OutputStreams></rsp:Shell>"
    )
    return answer(request, body)


def stream(name: str, command_id: str, data: str) -> str:
    """A piece of output in base64."""
    command = f' CommandId="{command_id}"' if command_id else ""
    return f'<rsp:Stream Name="{name}"{command}>{data}</rsp:Stream>'


def command_state(command_id: str, *, done: bool, code: int | None = None) -> str:
    """Whether a command has ended, and how."""
    state = "Done" if done else "Running"
    exit_code = "" if code is None else f"<rsp:ExitCode>{code}</rsp:ExitCode>"
    return (
        f'<rsp:CommandState CommandId="{command_id}" State="{SHELL}/CommandState/{state}">'
        f"{exit_code}</rsp:CommandState>"
    )


class Shell(t.Protocol):
    """What the endpoint needs of either kind of shell."""

    def handle(self, request: Request) -> bytes:
        """Answers Command, Send, Receive and Signal."""
