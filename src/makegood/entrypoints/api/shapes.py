"""Records as JSON: one generic way from a frozen record to a model with camelCase names, and to its schema."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, TypeAdapter, create_model
from pydantic.alias_generators import to_camel

from makegood.entrypoints.lobby.facts import camel_facts

SHAPED = ConfigDict(from_attributes=True, alias_generator=to_camel, populate_by_name=True)

UtcTime = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Facts = Annotated[dict[str, Any], PlainSerializer(camel_facts)]


def shape(kind: Any) -> Any:
    """Give the type by which FastAPI writes and documents values of this one.

    A NamedTuple or dataclass becomes a model; a mapping to anything is free facts; times are in UTC.
    """
    if kind is datetime:
        return UtcTime
    if _is_record(get_origin(kind)):
        return _model_of(get_origin(kind), get_args(kind))
    if get_origin(kind) is not None:
        return _shape_of_parts(kind)
    if _is_record(kind):
        return _model(kind)
    return kind


def _shape_of_parts(kind: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return Annotated[(shape(parts[0]), *parts[1:])]
    if origin in (Union, UnionType):
        return Union[tuple(shape(part) for part in parts)]  # noqa: UP007
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return Facts if parts[1] in (Any, object) else dict[shape(parts[0]), shape(parts[1])]  # type: ignore[misc]
    if isinstance(origin, type) and issubclass(origin, tuple) and parts[-1] is not Ellipsis:
        return tuple[tuple(shape(part) for part in parts)]  # type: ignore[misc]
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return list[shape(parts[0])]  # type: ignore[misc]
    return kind


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_fields")) and kind is not NoneType


@cache
def _model(kind: Any) -> type[BaseModel]:
    fields: dict[str, Any] = {
        name: (shape(hint), ...) for name, hint in get_type_hints(kind, include_extras=True).items()
    }
    return create_model(
        kind.__name__,
        __config__=SHAPED,
        __doc__=" ".join((kind.__doc__ or "").split()),
        __module__=kind.__module__,
        **fields,
    )


@cache
def _model_of(kind: Any, parts: tuple[Any, ...]) -> type[BaseModel]:
    """Give the model of a generic record for these parts, named after both."""
    of = dict(zip(kind.__parameters__, parts, strict=True))
    fields: dict[str, Any] = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        wanted = tuple(of[one] for one in getattr(hint, "__parameters__", ()))
        fields[name] = (shape(hint[wanted] if wanted else hint), ...)
    return create_model(
        kind.__name__ + "Of" + "".join(part.__name__ for part in parts),
        __config__=SHAPED,
        __doc__=" ".join((kind.__doc__ or "").split()),
        __module__=kind.__module__,
        **fields,
    )


def writer(kind: Any) -> Callable[[Any], bytes]:
    """Give what writes values of this type as JSON."""
    adapter: TypeAdapter[Any] = TypeAdapter(shape(kind))

    def write(value: Any) -> bytes:
        return adapter.dump_json(adapter.validate_python(value, from_attributes=True), by_alias=True)

    return write
