"""The one place that knows the packing library: goods and boxes in, packages out, within a time limit."""

from collections.abc import Sequence

from makegood.domain.boxes import Box, Goods, Package, Packing, PackingOutcome, Placement

# More units than these are packed by people faster than by a computer.
MOST_UNITS = 400
SECONDS = 1.0
TICKS_PER_MM = 16000


def cartonize(goods: Sequence[Goods], boxes: Sequence[Box], *, seconds: float = SECONDS) -> Packing:
    """Find as few and as small boxes as can be found in time; every unit lies on something."""
    units = sum(one.units for one in goods)
    if units > MOST_UNITS:
        message = f"{units} units are more than the {MOST_UNITS} for which boxes are looked for"
        return Packing(PackingOutcome.TOO_MANY, message)
    # A tenth of a second to import; only whoever packs needs it.
    from packvium import Container, Dimensions, Item, Packer, PackingConfig

    def size(one: Box | Goods) -> Dimensions:
        return Dimensions.mm(str(one.length_mm), str(one.width_mm), str(one.height_mm))

    config = PackingConfig.balanced(time_limit_ms=int(seconds * 1000), top_k=1, minimum_support_ratio=0.7)
    found = Packer(config).pack(
        items=[Item.create(str(one.line_id), size(one), f"{one.weight_g} g", quantity=one.units) for one in goods],
        containers=[
            Container.create(str(one.box_id), size(one), f"{one.weight_g} g", f"{one.max_weight_g} g")
            for one in boxes
        ],
    )
    if found.unpacked:
        return _left_out(found.unpacked)
    packages = [_package(filled, goods, boxes) for filled in found.containers]
    return Packing(PackingOutcome.PACKED, "", packages)


def _left_out(unpacked: Sequence[object]) -> Packing:
    reasons = sorted({str(getattr(one, "reason", "")) for one in unpacked})
    if "time_limit" in reasons:
        return Packing(PackingOutcome.FAILED, "no boxes were found for all of it in time")
    message = f"units that fit into no box: {len(unpacked)} ({', '.join(reasons).replace('_', ' ')})"
    return Packing(PackingOutcome.TOO_LARGE, message)


def _package(filled: object, goods: Sequence[Goods], boxes: Sequence[Box]) -> Package:
    weights = {one.line_id: one.weight_g for one in goods}
    empty = {one.box_id: one.weight_g for one in boxes}
    box = int(filled.container.id)  # type: ignore[attr-defined]
    placements = [_placement(one) for one in filled.placements]  # type: ignore[attr-defined]
    return Package(box, empty[box] + sum(weights[one.line_id] for one in placements), placements)


def _placement(one: object) -> Placement:
    at, size = one.position, one.dimensions  # type: ignore[attr-defined]
    return Placement(
        int(one.instance.item.id),  # type: ignore[attr-defined]
        at.x // TICKS_PER_MM,
        at.y // TICKS_PER_MM,
        at.z // TICKS_PER_MM,
        size.length.ticks // TICKS_PER_MM,
        size.width.ticks // TICKS_PER_MM,
        size.height.ticks // TICKS_PER_MM,
    )
