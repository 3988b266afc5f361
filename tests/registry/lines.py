from itertools import pairwise

from lianqiao.registry.models import Segment, SegmentLink
from tests import factories as make


def line(on, *counts) -> list[Segment]:
    """Segments one after the other, each with so many members."""
    segments = [make.segment(on, column=n) for n in range(len(counts))]
    for upstream, downstream in pairwise(segments):
        SegmentLink.objects.create(upstream=upstream, downstream=downstream)
    for segment, count in zip(segments, counts, strict=True):
        for _ in range(count):
            make.member(on, "", segment)
    return segments
