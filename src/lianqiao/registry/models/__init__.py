from lianqiao.registry.models.chain import Chain, Membership, Segment, SegmentLink
from lianqiao.registry.models.merge import Merge
from lianqiao.registry.models.organisation import Organisation, OrganisationName, Unit
from lianqiao.registry.models.party import Accession, ChainPartyOrganisation, PartyBranch
from lianqiao.registry.models.position import Position
from lianqiao.registry.models.reference import Edition, ReferenceItem

__all__ = [
    "Accession",
    "Chain",
    "ChainPartyOrganisation",
    "Edition",
    "Membership",
    "Merge",
    "Organisation",
    "OrganisationName",
    "PartyBranch",
    "Position",
    "ReferenceItem",
    "Segment",
    "SegmentLink",
    "Unit",
]
