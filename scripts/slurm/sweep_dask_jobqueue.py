#!/usr/bin/env python
"""A sweep on workers that dask-jobqueue starts through SLURM.

    python scripts/slurm/sweep_dask_jobqueue.py PLAN.toml OUT

Needs `pip install mcescalate[cluster] dask-jobqueue`. The workers may come and go; whatever is
finished lies in OUT, and calling this again goes on with it. The scheduler has no encryption
here: use it only on a network that is closed to others, or give the cluster certificates.
"""

import sys

import mcescalate as mc

WORKERS = 64


def main(plan: str, out: str) -> None:
    """Start a cluster, run the sweep, end the cluster."""
    from dask_jobqueue import SLURMCluster

    with SLURMCluster(
        cores=8,
        processes=8,  # one chain after the other in each: kernels use one core
        memory="8GB",
        walltime="04:00:00",
        job_extra_directives=["--requeue"],
    ) as cluster:
        cluster.adapt(minimum=0, maximum=WORKERS)
        result = mc.run_sweep(
            plan,
            out,
            executor="dask",
            scheduler=cluster.scheduler_address,
            insecure_cluster=True,
            workers=WORKERS,
        )
        print(result)


if __name__ == "__main__":
    main(*sys.argv[1:])
