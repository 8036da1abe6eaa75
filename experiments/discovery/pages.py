"""The files of a discovery: CSV tables, the words, figures, one page of HTML."""

import sys

from experiments.discovery import verdict
from experiments.discovery.report import write_report
from experiments.discovery.tables import TABLES
from experiments.storage.publish import publish, storage_errors


def write_pages(result, discovery, folder):
    """Write tables, words, figures and report into a folder."""
    from experiments.figures.discovery import catalogue
    from experiments.figures.named import draw_named

    with storage_errors(folder):
        (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, make in TABLES.items():
        publish(folder / "tables" / f"{name}.csv", make(discovery).to_csv(index=False, lineterminator="\n"))
    publish(folder / "answer.txt", answer(discovery))
    print("drawing figures", file=sys.stderr, flush=True)
    known = catalogue(discovery)
    for name in known:
        draw_named(known, result, folder / "figures", name)
    write_report(result, discovery, folder, [f"{name}.csv" for name in TABLES])


def answer(discovery):
    """Return everything that the discovery says in words."""
    parts = [verdict.policy_words(discovery, policy) for policy in range(len(discovery.futures.policies))]
    parts += [verdict.robust_words(discovery), [verdict.basis(discovery.futures), *discovery.futures.notes]]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"
