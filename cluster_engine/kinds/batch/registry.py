"""The kinds of the batch group, in the order discovery lists them."""

from cluster_engine.kinds.batch import (
    cron_job,
    job,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    cron_job.KIND,
    job.KIND,
)
