from lianqiao.core.models.audit import AuditEntry, AuditHead
from lianqiao.core.models.holding import Holds
from lianqiao.core.models.job import Job, JobError
from lianqiao.core.models.versioned import Versioned

__all__ = ["AuditEntry", "AuditHead", "Holds", "Job", "JobError", "Versioned"]
