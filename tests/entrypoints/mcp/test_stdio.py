"""The program itself on stdin and stdout: nothing but messages, garbage is survived, it ends with its client."""

import json
import subprocess
from typing import Any

from tests.shop import Shop

from .agents import command

HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "plain", "version": "1"}}


def message(method: str, params: dict[str, Any], number: int | None = None) -> str:
    whole = {"jsonrpc": "2.0", "method": method, "params": params}
    return json.dumps(whole if number is None else {**whole, "id": number})


def test_it_says_nothing_but_messages_survives_garbage_and_ends(module_shop: Shop) -> None:
    server = command(module_shop.books.conninfo)
    said = [
        message("initialize", HELLO, 1),
        message("notifications/initialized", {}),
        "this is no message",
        '{"jsonrpc": "2.0", "id": 2}',
        message("tools/call", {"name": "no_such_tool", "arguments": {}}, 3),
        message("tools/call", {"name": "get_backorder_summary", "arguments": {}}, 4),
    ]
    with subprocess.Popen(
        [server.command, *server.args],
        env=server.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n".join(said) + "\n")
        process.stdin.flush()
        heard: dict[Any, Any] = {}
        while 4 not in heard:
            told = json.loads(process.stdout.readline())
            heard[told.get("id")] = told
        process.stdin.close()
        assert process.wait(timeout=30) == 0
    assert heard[3]["result"]["isError"]
    assert heard[4]["result"]["structuredContent"]["total"] == 2
