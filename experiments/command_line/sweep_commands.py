"""What `sweep` and `plan` do: read, run, summarise, draw. All printing of sweeps is here."""

import json
import sys
from dataclasses import replace
from pathlib import Path

from experiments.command_line.commands import conclude, find
from experiments.methods import IN_PLACE_OF_DESIGN
from experiments.plans.plan_file import PLANS, read_plan
from experiments.running.failures import counted
from model.checks import Place, need_choice
from model.errors import InputError
from model.registry import load_observables

MEGABYTE = 1e6
HOUR, MINUTE = 3600.0, 60.0
FACTORS_SHOWN = 30


def load(text, seed=None, replicates=None):
    """Return the Study that a path or name of a plan means, with the options of the command line."""
    from experiments.sweep import study_of

    study = study_of(read_plan(find(text, PLANS, "plan")), seed, replicates)
    if study.plan.figures:
        need_fitting_figures(study)
    return study


def need_fitting_figures(study):
    """Require figures that this design can fill, before anything runs."""
    from experiments.figures import fitting
    from experiments.sweep import RESERVED

    factors = [name for name, values in study.points.items() if name not in RESERVED and len(set(values)) > 1]
    number = len(study.points["point"]) * (1 + len(study.policies))
    allowed = fitting(study.plan.method, factors, bool(study.policies), number)
    for position, name in enumerate(study.plan.figures):
        words = f"figures that method {study.plan.method} can fill here: " + ", ".join(allowed)
        need_choice(Place(study.plan.file, "figures") / position, name, allowed, words)


def folder_of(study, out, shard=None):
    """Return the result folder: the one given, or results/sweep-PLAN, or that of its analysis (results/sensitivity-PLAN)."""
    part = f"-shard-{shard[0]}-of-{shard[1]}" if shard else ""
    return Path(out) if out else Path("results") / f"{kind_of(study)}-{study.plan.name}{part}"


def kind_of(study):
    """Return what a result folder of a plan is called after."""
    return study.plan.method if study.plan.method in IN_PLACE_OF_DESIGN else "sweep"


def sweep(text, out, seed, replicates, options, target=None):
    """Run a plan, with a fixed number of replicates or until a Target is met."""
    from experiments.precision import explain, run_to_target
    from experiments.running.progress import progress_for
    from experiments.sweep import sweep as run_sweep

    check_options(options)
    study = load(text, seed, replicates)
    folder = folder_of(study, out, options.shard)
    say_left_out(study)
    if target is None:
        conclude_sweep(run_sweep(study, folder, options, progress_for()))
        return
    check_target(study, target, options)
    study = replace(study, target=target)
    result, history = run_to_target(lambda number: run_sweep(study, folder, options, progress_for(), None, number), target)
    publish_history(result, history)
    print(explain(history, target))
    conclude_sweep(result)


def conclude_sweep(result):
    """Write and say what there is to show, then name what failed."""
    finish(result)
    conclude(result)


def check_target(study, target, options):
    """Require a target that this plan can meet; nothing has been written yet."""
    for name in target.observables:
        need_choice(Place(None, "--on"), name, load_observables(), "observables: run.py describe observables")
    if target.paired and not study.policies:
        raise InputError("there is no policy to compare", key="--paired", allowed="a plan with policies")
    if study.plan.method in IN_PLACE_OF_DESIGN:  # a point has seeds of its own: another number of replicates moves them all
        raise InputError(f"more replicates of a plan with [{study.plan.method}] compute everything anew",
                         key="--replicates", given="auto", allowed="a number")  # fmt: skip
    if options.shard:
        raise InputError("a shard does not see all runs", key="--replicates", given="auto", allowed="a number with --shard")
    if target.fewest > target.most:
        given = f"{target.fewest} and {target.most}"
        raise InputError("bounds the wrong way round", key="--at-least, --at-most", given=given)


def publish_history(result, history):
    """Keep how the number of replicates was found."""
    from experiments.precision import HISTORY
    from experiments.storage.publish import locked, publish

    with locked(result.folder):
        publish(result.folder / HISTORY, history.to_csv(index=False, lineterminator="\n"))


def read_target(replicates, half_width, on, paired, fewest, most):
    """Return (replicates, Target or None) of the options; raises InputError about options that do not fit together."""
    from experiments.precision import Target

    if replicates != "auto":
        for key, value in (("--half-width", half_width), ("--on", on), ("--paired", paired)):
            if value:
                raise InputError("only with --replicates auto", key=key, given=str(value))
        return replicates, None
    if half_width is None or not on:
        missing = "--half-width" if half_width is None else "--on"
        raise InputError("missing", key=missing, allowed="--replicates auto --half-width 0.005 --on use_share")
    return None, Target(half_width, tuple(dict.fromkeys(on)), paired, fewest, most)


def check_options(options):
    """Raise before anything is written if the system cannot do what is asked."""
    from experiments.running import cluster
    from experiments.running.worker import need_memory_limits

    if options.dask:
        cluster.check_address(options.dask, options.insecure)
        cluster.need_library()
        for key in ("timeout", "memory"):
            if getattr(options, key) is not None:
                raise InputError("not with --dask", key=f"--{key}", allowed="left out: Dask's workers have their own limits")
    if options.memory is not None:
        need_memory_limits()


def say_left_out(study):
    """Say how many points the constraints left out, and if a Sobol design stops where it is not balanced."""
    points = study.plan.options.get("points", 1)
    if study.plan.method == "sobol" and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        print(f"note: a Sobol design is balanced at powers of two, such as {below} or {2 * below}", file=sys.stderr)
    if study.left_out:
        words = "; ".join(constraint.words for constraint in study.plan.constraints)
        print(f"{study.left_out} points left out by constraints: {words}", file=sys.stderr)


def finish(result):
    """Write what a sweep shows, however far it came, and seal the folder; hold the folder meanwhile."""
    from experiments.outcomes import write_outcomes
    from experiments.storage.publish import locked
    from experiments.storage.seal import write_seal

    done = int((result.design["status"] == "ok").sum())
    with locked(result.folder):
        write_outcomes(result)
        if done:
            draw(result)
        write_seal(result)
    print(f"{done} of {len(result.design)} runs in {result.folder}")


def draw(result):
    """Draw the figures of a finished sweep, unless they are there for the same numbers and code."""
    method = result.manifest["loket"]["plan"]["method"]
    if method in IN_PLACE_OF_DESIGN:
        print(f"no figures of single points: run.py {method} with this plan and folder draws those of the analysis")
        return
    from experiments.figures import draw_all
    from experiments.storage.publish import publish
    from experiments.storage.stamp import stamp_of
    from experiments.storage.store import STAMP
    from experiments.texts import ENGLISH

    whole = set(result.design["status"]) == {"ok"} and result.design["replicate"].nunique() > 1
    stamp, path = stamp_of(result, ENGLISH), result.folder / STAMP
    if path.is_file() and path.read_text() == stamp:
        return
    if not whole:
        if path.is_file():
            print("note: the figures show an earlier state; they need every run to come through", file=sys.stderr)
        return
    print("drawing figures", file=sys.stderr, flush=True)
    draw_all(result, result.folder / "figures", result.manifest["loket"]["plan"].get("figures") or None)
    publish(path, stamp)


def plan(text, out, seed, replicates, workers, as_json):
    """Print what a plan will run, and how long and large it will be."""
    from experiments.sweep import preview

    study = load(text, seed, replicates)
    say_left_out(study)
    folder = folder_of(study, out)
    found = preview(study, folder)
    left = found.runs - found.finished
    facts = {
        "plan": study.plan.name,
        "method": study.plan.method,
        "points": len(study.points["point"]),
        "left_out": study.left_out,
        "policies": [policy.name for policy in study.policies],
        "replicates": study.replicates,
        "runs": found.runs,
        "finished": found.finished,
        "seconds_per_run": found.seconds,
        "bytes_per_run": found.size,
        "seconds": left * found.seconds / min(workers, max(left, 1)),
        "bytes": left * found.size,
        "probes": found.probes,
    }
    if as_json:
        print(json.dumps(facts, indent=1))
        return
    print_factors(study)
    print_preview(facts, workers, folder)


def print_factors(study):
    """Print what varies and between which values."""
    from experiments.sweep import RESERVED, unit_of

    for name in [name for name in study.points if name not in RESERVED][:FACTORS_SHOWN]:
        values = study.points[name]
        count = counted(len(set(values)), "value")
        kind = "false or true" if isinstance(values[0], bool) else f"{min(values):g} to {max(values):g}"
        print(f"  {name}: {kind}, {count} {unit_of(name)}".rstrip())


def print_preview(facts, workers, folder):
    """Print numbers of runs, time and size."""
    policies = counted(1 + len(facts["policies"]), "policy", "policies")
    left = facts["runs"] - facts["finished"]
    design = f"{counted(facts['points'], 'point')} x {policies} x {counted(facts['replicates'], 'replicate')}"
    print(f"{facts['plan']}: {facts['method']}, {design} = {counted(facts['runs'], 'different run')}")
    print(f"{facts['finished']} finished in {folder}, {left} to do")
    if left:
        each = f"{facts['seconds_per_run']:.3g} s and {facts['bytes_per_run'] / 1000:.3g} kB a run"
        who = counted(workers, "worker")
        print(f"about {duration(facts['seconds'])} with {who} and {facts['bytes'] / MEGABYTE:.3g} MB on disk")
        print(f"(measured on {counted(facts['probes'], 'run')}: {each}; starting and drawing take some seconds more)")


def duration(seconds):
    """Return a time in readable units."""
    if seconds < MINUTE:
        return f"{seconds:.2g} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h"


def read_shard(text):
    """Return (I, N) of a text "I/N"; raises InputError."""
    if text is None:
        return None
    number, slash, count = text.partition("/")
    if not (slash and number.isascii() and number.isdigit() and count.isascii() and count.isdigit()):
        raise InputError("not a shard", key="--shard", given=text, allowed="I/N, such as 2/8")
    if len(count) > 6 or not 1 <= int(number) <= int(count):
        raise InputError("no such shard", key="--shard", given=text, allowed="I/N with 1 <= I <= N <= 999999")
    return int(number), int(count)
