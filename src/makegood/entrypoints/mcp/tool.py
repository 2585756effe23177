"""How a tool is served: strict arguments, an answer of the promised shape, a refusal that says what next."""

import json
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

import anyio
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp.server.mcpserver.utilities.func_metadata import ArgModelBase, FuncMetadata, func_metadata
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from makegood.domain.accounts import Role
from makegood.domain.errors import MakegoodError
from makegood.domain.plain import as_plain
from makegood.entrypoints.mcp.call import Call, Told
from makegood.entrypoints.mcp.refusals import refusal, wrong_arguments
from makegood.entrypoints.mcp.schema import shortened


class Kind(Enum):
    """What a tool does to the books."""

    READ = "read"
    WRITE = "write"
    DESTROY = "destroy"


class Entry(NamedTuple):
    """A tool in the list of tools: what it does, the shape of its answer, and the least role that may call it.

    `again`: calling it a second time with the same arguments changes nothing more.
    """

    run: Callable[..., Told]
    shape: type[BaseModel]
    kind: Kind
    title: str
    least: Role
    again: bool = False

    @property
    def name(self) -> str:
        """The name by which it is called."""
        return self.run.__name__


class Strict(ArgModelBase):
    """Arguments that are what they are said to be; unknown ones are refused, never ignored."""

    model_config = ConfigDict(extra="forbid", strict=True)


class BookTool(Tool):
    """A tool that works on the books; `begin` opens a call."""

    begin: Callable[[str, Mapping[str, Any]], Call] = Field(exclude=True)
    least: Role

    async def run(
        self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False
    ) -> Any:
        """Serve one call; only a defect of makegood is raised."""
        try:
            # In a copy of this context, in which the SDK keeps who shows which token.
            return await anyio.to_thread.run_sync(partial(self._answer, arguments))
        except MakegoodError as refused:
            return _result({"error": refusal(refused)._asdict()}, is_error=True)
        except Exception as error:
            raise UnexpectedToolError(DEFECT) from error

    def _answer(self, arguments: dict[str, Any]) -> CallToolResult:
        try:
            given = self.fn_metadata.arg_model.model_validate_json(json.dumps(arguments)).model_dump_one_level()
        except ValidationError as wrong:
            return _result({"error": wrong_arguments(wrong, self.parameters)._asdict()}, is_error=True)
        call = self.begin(self.name, given)
        call.insist_on(self.least)
        told = as_plain(self.fn(call, **given))
        self.fn_metadata.output_model.model_validate(told)
        return _result(told, *call.talk)


DEFECT = "This is a defect of makegood, which its log describes; the transaction was undone. Report it."


def as_tool(entry: Entry, begin: Callable[[str, Mapping[str, Any]], Call], *, apply: bool) -> BookTool:
    """Make a tool of an entry; a server that does not apply writes promises the shape of a preview."""
    arguments = func_metadata(entry.run, skip_names=["call"], structured_output=False).arg_model
    strict = create_model(f"{entry.name}Arguments", __base__=(Strict, arguments))
    shape = entry.shape if apply or entry.kind is Kind.READ else preview_of(entry.shape)
    answers = shortened(shape.model_json_schema())
    return BookTool(
        fn=entry.run,
        name=entry.name,
        title=entry.title,
        description=" ".join((entry.run.__doc__ or "").split()),
        parameters=shortened(strict.model_json_schema()),
        fn_metadata=FuncMetadata(arg_model=strict, output_model=shape, output_schema=answers),
        is_async=False,
        context_kwarg=None,
        annotations=annotations(entry),
        begin=begin,
        least=entry.least,
    )


def annotations(entry: Entry) -> ToolAnnotations:
    """Say to a client what it can expect of a tool."""
    return ToolAnnotations(
        title=entry.title,
        read_only_hint=entry.kind is Kind.READ,
        destructive_hint=entry.kind is Kind.DESTROY,
        idempotent_hint=entry.again or entry.kind is Kind.READ,
        open_world_hint=False,
    )


def preview_of(shape: type[BaseModel]) -> type[BaseModel]:
    """Give the shape of a preview: what would be done, computed for real."""
    told = Field(description="What the call would come to, computed for real and undone.")
    return create_model(f"{shape.__name__}Preview", would_do=(shape, told))


def _result(told: Told, *talk: str, is_error: bool = False) -> CallToolResult:
    texts = [json.dumps(told, ensure_ascii=False), *talk]
    return CallToolResult(
        content=[TextContent(type="text", text=text) for text in texts],
        structured_content=told,
        is_error=is_error,
    )
