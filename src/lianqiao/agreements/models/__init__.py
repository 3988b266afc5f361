from lianqiao.agreements.models.agreement import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    Remark,
    Scan,
    Signature,
)
from lianqiao.agreements.models.obligation import Obligation, ObligationDate
from lianqiao.agreements.models.template import AgreementKind, AgreementTemplate, Clause, Numbering

__all__ = [
    "Agreement",
    "AgreementKind",
    "AgreementParty",
    "AgreementTemplate",
    "AgreementVersion",
    "Clause",
    "Numbering",
    "Obligation",
    "ObligationDate",
    "Remark",
    "Scan",
    "Signature",
]
