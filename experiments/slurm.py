"""A SLURM array script for a plan: each task runs one shard, and a last line merges them."""

TEMPLATE = """#!/bin/bash
#SBATCH --job-name=loket-{name}
#SBATCH --array=1-{count}
#SBATCH --cpus-per-task={workers}
#SBATCH --time={hours}:00:00
#SBATCH --output=loket-{name}-%a.log
#
# {runs} runs in {count} tasks, about {minutes:.0f} minutes each with {workers} workers.
# A task that was ended continues where it stopped: submit the same script again. When all have ended:
#   {merge}
set -euo pipefail
python run.py sweep {plan} --workers {workers} --shard "${{SLURM_ARRAY_TASK_ID}}/{count}" \\
    --out "{folder}-shard-${{SLURM_ARRAY_TASK_ID}}-of-{count}"
"""


def slurm_script(plan, name, folder, count, workers, runs, seconds):
    """Return the script.

    Parameters
    ----------
    plan : how the plan was named on the command line. name : the plan's name. folder : of the merged result.
    count : number of tasks. workers : processes of a task. runs : number of runs. seconds : of one run.
    """
    minutes = runs * seconds / count / workers / 60
    merge = f"python run.py merge {folder} {folder}-shard-*-of-{count}"
    hours = max(1, round(2 * minutes / 60 + 0.5))
    facts = {"plan": plan, "name": name, "folder": folder, "count": count, "workers": workers, "runs": runs}
    return TEMPLATE.format(**facts, minutes=minutes, hours=hours, merge=merge)
