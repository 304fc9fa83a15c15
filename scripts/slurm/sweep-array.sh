#!/usr/bin/env bash
# A sweep as a SLURM array: each task simulates one part, into one folder that all of them see.
#
#   sbatch --array=0-15 scripts/slurm/sweep-array.sh PLAN.toml OUT [options of mcescalate sweep]
#   sbatch --dependency=afterany:JOB --wrap "mcescalate merge OUT -o result.h5"
#
# The plan needs a seed. A task that runs out of time, or is preempted, stops cleanly and is
# queued again; it may be queued with another number of tasks too, finished shards are kept.
#SBATCH --job-name=mcescalate
#SBATCH --array=0-15
#SBATCH --cpus-per-task=8
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
#SBATCH --open-mode=append
set -u

if [ $# -lt 2 ]; then
    echo "usage: sbatch $0 PLAN.toml OUT [options]" >&2
    exit 2
fi
plan=$1 out=$2
shift 2

# Compiled code on the node's own disk: network file systems are slow at it.
export NUMBA_CACHE_DIR="${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/mcescalate-${SLURM_JOB_ID:-0}"
mkdir -p -m 700 "$NUMBA_CACHE_DIR"

part=$(((${SLURM_ARRAY_TASK_ID:-0} - ${SLURM_ARRAY_TASK_MIN:-0}) / ${SLURM_ARRAY_TASK_STEP:-1}))
parts=${SLURM_ARRAY_TASK_COUNT:-1}
# Without a number of CPUs, all that this process may run on are used.
workers=${SLURM_CPUS_PER_TASK:+--workers $SLURM_CPUS_PER_TASK}

# bash runs a trap only between its own commands: hence the background, and `wait`.
# shellcheck disable=SC2086
srun --kill-on-bad-exit=0 mcescalate sweep "$plan" --out "$out" --part "$part/$parts" \
    $workers "$@" &
sweep=$!
trap 'kill -TERM "$sweep" 2>/dev/null' TERM
wait "$sweep"
code=$?
if [ "$code" -gt 128 ]; then
    # The trap cut the first wait short; this one has the true code.
    wait "$sweep"
    second=$?
    [ "$second" -ne 127 ] && code=$second
fi
if [ "$code" -eq 75 ] && [ -n "${SLURM_ARRAY_JOB_ID:-}" ]; then
    scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
fi
exit "$code"
