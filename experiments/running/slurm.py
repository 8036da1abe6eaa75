"""A SLURM array script for a plan: each task runs one shard, and a last line merges them."""

import shlex

from experiments.running.failures import counted

TEMPLATE = """#!/bin/bash
#SBATCH --job-name=loket-{name}
#SBATCH --array=1-{count}
#SBATCH --cpus-per-task={workers}
#SBATCH --time={hours}:00:00
#SBATCH --output=loket-{name}-%a.log
#
# {size}, about {minutes:.2g} minutes each.
# A task that was ended continues where it stopped: submit the same script again. When all have ended:
#   {program} merge {merged} {merged}-shard-*-of-{count}
set -euo pipefail
{program} sweep {plan} --workers {workers} --shard "${{SLURM_ARRAY_TASK_ID}}/{count}" \\
    --out {merged}"-shard-${{SLURM_ARRAY_TASK_ID}}-of-{count}"
"""


def slurm_script(program, plan, more, name, folder, count, workers, runs, seconds):
    """Return the script.

    Parameters
    ----------
    program : words that start this program, the same on every node. plan : how the plan was named on the command line.
    more : further words of the sweep. name : the plan's name. folder : of the merged result.
    count : number of tasks. workers : processes of a task. runs : number of runs. seconds : of one run.
    """
    minutes = runs * seconds / count / workers / 60
    size = f"{counted(runs, 'run')} in {counted(count, 'task')} with {counted(workers, 'worker')}"
    return TEMPLATE.format(
        program=shlex.join(program),
        plan=shlex.join([plan, *more]),
        name=name,
        merged=shlex.quote(str(folder)),
        count=count,
        workers=workers,
        size=size,
        minutes=minutes,
        hours=max(1, round(2 * minutes / 60 + 0.5)),
    )
