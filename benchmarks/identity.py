"""One result hash, however a sweep is computed: workers, order, shards, hash seeds, a cluster."""

import os
import subprocess

from benchmarks.tiny import COMMAND, ROOT


def tiny(out, *options, **environment):
    """Run the tiny sweep and return its hash."""
    environment = {**os.environ, **environment}
    command = [*COMMAND, str(out), *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=True)
    return done.stdout.strip()


def identity(folder, extent, runs=2000):
    """Compute one sweep in many ways and compare the hashes."""
    from experiments.merge import merge

    size = ("--runs", extent.of(runs, least=100))
    found = {f"{count} workers": tiny(folder / f"w{count}", *size, "--workers", count) for count in (1, 2, 7)}
    found |= {f"order {seed}": tiny(folder / f"o{seed}", *size, "--shuffle", seed) for seed in (1, 2)}
    for seed in (0, 1, 2, 3, 5, 42, 1000, 65_535, 10**6, 4_294_967_295):
        found[f"hash seed {seed}"] = tiny(folder / f"h{seed}", *size, PYTHONHASHSEED=str(seed))
    shards = [folder / f"s{number}" for number in (1, 2, 3, 4)]
    for number, shard in enumerate(shards, 1):
        tiny(shard, *size, "--shard", f"{number}/4", "--workers", number)
    found["4 shards merged"] = merge(folder / "merged", shards).hash
    found["Dask, 3 workers"] = on_dask(folder, size)
    expected = found["1 workers"]
    bad = [f"{name}: {digest}" for name, digest in found.items() if digest != expected]
    return {"n": len(found), "ways": list(found), "runs": size[1], "hash": expected[:16], "bad": bad}


def on_dask(folder, size):
    """Return the hash of the sweep computed by a scheduler and three worker processes."""
    from distributed import LocalCluster

    os.environ["PYTHONPATH"] = str(ROOT)
    options = {"n_workers": 3, "threads_per_worker": 1, "processes": True, "host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(**options) as cluster:
        return tiny(folder / "dask", *size, "--dask", cluster.scheduler_address)
