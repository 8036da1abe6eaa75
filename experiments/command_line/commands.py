"""What the commands do: find the files, ask one question, say where the answer is."""

import json
import os
import re
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from experiments.storage.provenance import ROOT
from experiments.storage.stamp import stamp_in, stamp_of
from model.errors import InputError, RunFailure, shorten

SCENARIOS = ROOT / "scenarios"
POLICIES = SCENARIOS / "policies"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
FEWEST_PAIRS = 2


def find(text, folder, kind):
    """Return the file that a path or a bare name means; raises InputError with the nearest name."""
    if NAME.fullmatch(text) and (folder / f"{text}.toml").is_file():
        return relative(folder / f"{text}.toml")
    from model.checks import nearest_name
    from model.textfile import shown

    path = Path(text)
    if path.suffix or path.exists() or "/" in text or "\\" in text:
        beside = [] if os.path.lexists(path) else sorted(file.name for file in path.parent.glob("*.toml"))
        if nearest := nearest_name(path.name, beside):
            raise InputError("file not found", file=shown(path), nearest=nearest)
        return path
    known = sorted(file.stem for file in folder.glob("*.toml"))
    allowed = f"a .toml file, or one of: {', '.join(known)}"
    raise InputError(f"no such {kind}", given=shorten(text), allowed=allowed, nearest=nearest_name(text, known))


def relative(path):
    """Return a path relative to the working folder if it lies below it, for shorter messages."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def load(text, seed=None, replicates=None):
    """Return the scenario that a path or name means, with the options of the command line."""
    from model import load_scenario

    scenario = load_scenario(find(text, SCENARIOS, "scenario"))
    chosen = {"seed": seed, "replicates": replicates}
    return replace(scenario, **{key: value for key, value in chosen.items() if value is not None})


def load_policies(texts):
    """Return the policies that paths or names mean, or all of the policy folder; names must differ."""
    from model import load_policy

    files = [find(text, POLICIES, "policy") for text in texts or ()] or [
        relative(p) for p in sorted(POLICIES.glob("*.toml"))
    ]
    policies = {}
    for file in files:
        policy = load_policy(file)
        if policy.name in policies or policy.name == "baseline":
            raise InputError("two policies of one name", file=file, key="name", given=policy.name)
        policies[policy.name] = policy
    return list(policies.values())


def simulate(text, replicates, seed, policy, out, workers, language):
    """Run one scenario and draw its figures."""
    from experiments import summary

    scenario = load(text, seed, replicates)
    policies = load_policies([policy]) if policy else []
    for chosen in policies:
        scenario = scenario.with_policy(chosen)
    result = run(
        [scenario],
        scenario.replicates,
        out or Path("results") / f"simulate-{scenario.name}",
        workers,
        policies,
    )
    finish(result, language, fewest=1)
    summary.print_means(result)
    conclude(result)


def compare(text, policy, replicates, seed, out, workers, asked, language):
    """Run a scenario under every policy and compare them in pairs.

    Parameters
    ----------
    asked : Asked, what is compared and how. language : code of the language of figures and report.
    """
    from experiments import summary
    from experiments.comparison.design import comparison_of
    from experiments.running import runner
    from experiments.running.progress import progress_for

    scenario = load(text, seed, replicates)
    number = scenario.replicates
    if number < FEWEST_PAIRS:
        raise InputError("an interval needs pairs", key="replicates", given=number, allowed="2..100000; see --replicates")
    policies = load_policies(policy or asked.default_policies)
    comparison = comparison_of(asked, scenario, policies, number)
    folder = out or Path("results") / f"{asked.word}-{scenario.name}"
    options, variants = runner.Options(workers), comparison.variants(number)
    result = runner.run_variants(variants, number, folder, options, progress_for(), policies, study=comparison)
    if finish(result, language, fewest=FEWEST_PAIRS):
        summary.print_effects(result)
    conclude(result)


def run(scenarios, replicates, out, workers, policies):
    """Run a design with progress on the screen."""
    from experiments.running import runner
    from experiments.running.progress import progress_for

    return runner.run(scenarios, replicates, out, workers, progress_for(), policies)


def finish(result, language, fewest):
    """Write tables, figures and report unless they are there; return False if too many runs failed.

    Parameters
    ----------
    language : code of the language of figures and report. fewest : finished replicates that every policy needs.
    """
    from experiments.storage.publish import locked
    from experiments.storage.seal import write_seal

    done = result.design[result.design["status"] == "ok"].groupby("policy")["replicate"].nunique()
    if any(done.get(policy, 0) < fewest for policy in result.policies):
        return False
    if done.min() < FEWEST_PAIRS:
        print("one replicate has no spread: no figures and no report; see --replicates", file=sys.stderr)
        return True
    with locked(result.folder):
        if not (report_of(result).is_file() and stamp_in(result) == stamp_of(result, language)):
            draw(result, language)
        write_seal(result)
    return True


def report_of(result):
    """Return where the report of a result is, if there is one."""
    return result.folder / "report.html"


def draw(result, language):
    """Write tables, then figures and report in a language, last the stamp that says they are whole."""
    from experiments.comparison.tables import write_tables
    from experiments.figures import draw_all
    from experiments.report import write_report
    from experiments.storage.publish import publish
    from experiments.storage.store import STAMP
    from experiments.texts import speaking
    from model.parameter_table import BASELINE

    compared = BASELINE in result.policies and len(result.policies) > 1
    written = write_tables(result) if compared else []
    print("drawing figures", file=sys.stderr, flush=True)
    with speaking(language):
        draw_all(result, result.folder / "figures")
        write_report(result, written)
    publish(result.folder / STAMP, stamp_of(result, language))


def conclude(result):
    """Say where everything is and what the numbers' hash is; raise RunFailure naming the runs that failed."""
    from experiments.running.failures import describe_failures, stale_sources

    stale = stale_sources(result)
    if stale:
        note = f"note: {stale} runs were computed by other model sources of the same MODEL_VERSION"
        print(f"{note}; remove {result.folder} to compute them again", file=sys.stderr)
    if report_of(result).is_file():
        say_report(result)
    print(f"result hash: {result.hash}")
    problem = describe_failures(result)
    if problem:
        raise RunFailure(problem)


def say_report(result):
    """Say where the report is, or that it is older than the result."""
    from experiments.texts import LANGUAGES

    stamp = stamp_in(result)  # some commands write their report without one, each time anew
    if stamp is None or stamp in [stamp_of(result, language) for language in LANGUAGES]:
        print(f"report: {report_of(result)}")
    else:
        print("note: report.html shows an earlier state", file=sys.stderr)


def figures(folder, names, list_names):
    """Draw some or all figures of a result, or list them."""
    with writing(folder) as result:
        from experiments.figures import CELL_FIGURES, FIGURES, SWEEP_FIGURES, available, draw_all
        from experiments.storage.seal import write_seal

        if list_names:
            print("\n".join(available(result)))
            return
        for name in names or ():
            need_figure(name, {**FIGURES, **SWEEP_FIGURES, **CELL_FIGURES})
        draw_all(result, result.folder / "figures", list(names) if names else None)
        write_seal(result)
        print(f"figures: {result.folder / 'figures'}")


def need_figure(name, known):
    """Require the name of a figure."""
    from model.checks import nearest_name

    if name not in known:
        nearest = nearest_name(name, known)
        raise InputError("no such figure", given=shorten(name), allowed=", ".join(known), nearest=nearest)


def report(folder, language):
    """Draw the figures of a result again and write its report, in a language."""
    with writing(folder) as result:
        from experiments.storage.seal import write_seal

        if "plan" in result.manifest["loket"]:
            raise InputError("a sweep has no report", file=folder, allowed="run.py figures, or a folder made by compare")
        draw(result, language)
        print(f"report: {report_of(result)}")
        write_seal(result)


@contextmanager
def writing(folder):
    """Hold a result folder and give its Result."""
    from experiments.storage.publish import locked
    from experiments.storage.store import Result

    result = Result.open(folder)
    with locked(result.folder):
        yield result


def show(file):
    """Print the provenance inside a file."""
    from experiments.storage.provenance import read_provenance

    print(json.dumps(read_provenance(file), indent=1, sort_keys=True))
