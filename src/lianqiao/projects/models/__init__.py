from lianqiao.projects.models.outcome import Evidence, Outcome, OutcomeKind
from lianqiao.projects.models.project import (
    Claim,
    ClaimLimit,
    Milestone,
    Project,
    ProjectKind,
    WorkNote,
)

__all__ = [
    "Claim",
    "ClaimLimit",
    "Evidence",
    "Milestone",
    "Outcome",
    "OutcomeKind",
    "Project",
    "ProjectKind",
    "WorkNote",
]
