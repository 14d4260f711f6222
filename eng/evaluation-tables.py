#!/usr/bin/env python3
"""Writes the tables of docs/evaluation.md from what `scorecam evaluate --json` wrote.

    eng/evaluation-tables.py "SqueezeNet 1.1" table.json more.json > tables.md
    eng/evaluation-tables.py --same-pictures "SqueezeNet 1.1" part.json table.json > tables.md
    eng/evaluation-tables.py --seconds quiet.json "SqueezeNet 1.1" table.json > tables.md

Several files of one network and of the same pictures are joined: a cell comes from the first file that has it.
With --same-pictures, the means are computed again for the pictures of the first file only.
With --seconds, the seconds are those of this file, for example of a short run on an idle machine. It can be repeated.
Needs nothing but Python 3.
"""
import argparse
import json
import random
import sys

KINDS = {
    "Faithfulness": [
        "average-drop", "average-increase", "average-gain", "average-drop-50", "average-increase-50",
        "average-gain-50", "insertion", "deletion", "road",
    ],
    "Localisation": ["energy-in-box", "energy-in-one-box", "pointing-game", "box-iou"],
    "Quality of the map": ["complexity", "coherency", "adcc", "arcc"],
}
# A gradient pass runs forward and backward, which is the work of about three forward passes.
FORWARD_PASSES_OF_A_GRADIENT = 3


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def fastest(results):
    """The seconds of the fastest picture by method."""
    seconds = {}
    for case in (case for result in results for case in result["cases"]):
        method = case["method"]
        seconds[method] = min(case["seconds"], seconds.get(method, case["seconds"]))
    return seconds


def join(results):
    """Methods, metrics, cells by method and metric, and passes by method."""
    methods, metrics, cells, passes, pictures = {}, {}, {}, {}, set()
    for result in results:
        pictures |= {case["picture"] for case in result["cases"]}
        for metric in result["setup"]["metrics"]:
            metrics.setdefault(metric["name"], metric)
        controls = {method["name"]: method["isControl"] for method in result["setup"]["methods"]}
        for row in result["summary"]:
            methods.setdefault(row["method"], controls[row["method"]])
            if row["passes"] is not None:
                passes.setdefault(row["method"], (row["passes"], row["gradientPasses"]))
            for name, cell in row["cells"].items():
                if cell.get("mean") is not None:
                    cells.setdefault((row["method"], name), cell)
    ordered = sorted(methods, key=lambda method: methods[method])
    return ordered, methods, metrics, cells, passes, len(pictures)


def interval(values, resamples=2000):
    """The mean, and the bootstrap 95 % interval of it."""
    source = random.Random(0)
    means = sorted(sum(source.choices(values, k=len(values))) / len(values) for _ in range(resamples))
    low, high = means[int(0.025 * resamples)], means[int(0.975 * resamples)]
    return {"mean": sum(values) / len(values), "low": low, "high": high}


def same_pictures(results):
    """Cells by method and metric for the pictures of the first file, and the number of these."""
    wanted, found = None, {}
    for result in results:
        cases = {(case["picture"], case["classIndex"], case["method"]): case["values"] for case in result["cases"]}
        wanted = wanted or {key[:2] for key in cases}
        for (picture, index, method), values in cases.items():
            if (picture, index) in wanted:
                own = found.setdefault(method, {}).setdefault((picture, index), {})
                for name, value in values.items():
                    own.setdefault(name, value)
    cells = {}
    for method, cases in found.items():
        if len(cases) < len(wanted):
            print(f"{method} has {len(cases)} of {len(wanted)} cases: left out", file=sys.stderr)
            continue
        for name in set.intersection(*map(set, cases.values())):
            values = [case[name] for case in cases.values() if case[name] is not None]
            if values:
                cells[method, name] = interval(values)
    return cells, len({picture for picture, _ in wanted})


def text(metric, value):
    return f"{value:.1f}" if "%" in metric["title"] else f"{value:.3f}"


def ranks(metric, methods, is_control, cells):
    """The rank of each method that is not a control, 1 for the best."""
    known = [m for m in methods if not is_control[m] and (m, metric["name"]) in cells]
    known.sort(key=lambda m: cells[m, metric["name"]]["mean"], reverse=metric["higherIsBetter"])
    return {method: place + 1 for place, method in enumerate(known)}


def table(names, methods, is_control, metrics, cells):
    names = [name for name in names if name in metrics]
    places = {name: ranks(metrics[name], methods, is_control, cells) for name in names}
    heads = [metrics[name]["title"] + (" ↑" if metrics[name]["higherIsBetter"] else " ↓") for name in names]
    print("| method | " + " | ".join(heads) + " |")
    print("|---|" + "--:|" * len(names))
    for method in methods:
        if not any((method, name) in cells for name in names):
            continue
        row = []
        for name in names:
            cell = cells.get((method, name))
            if cell is None:
                row.append("–")
                continue
            mean = text(metrics[name], cell["mean"])
            place = places[name].get(method)
            mean = f"**{mean}**" if place == 1 else mean
            rank = f" ({place})" if place else ""
            low, high = text(metrics[name], cell["low"]), text(metrics[name], cell["high"])
            row.append(f"{mean}{rank}<br>[{low}, {high}]")
        label = f"*{method}*" if is_control[method] else method
        print(f"| {label} | " + " | ".join(row) + " |")
    print()


def main(network, paths, same_pictures_only, timed):
    results = [load(path) for path in paths]
    methods, is_control, metrics, cells, passes, pictures = join(results)
    seconds = fastest([load(path) for path in timed] or results)
    if same_pictures_only:
        cells, pictures = same_pictures(results)
    for kind, names in KINDS.items():
        print(f"### {network}: {kind.lower()}\n")
        table(names, methods, is_control, metrics, cells)
    print(f"### {network}: cost\n")
    print("| method | forward passes | gradient passes | forward-pass equivalents | seconds, at least |")
    print("|---|--:|--:|--:|--:|")
    for method in sorted(passes, key=lambda m: passes[m][0] + FORWARD_PASSES_OF_A_GRADIENT * passes[m][1]):
        forward, gradient = passes[method]
        total = 1 + forward + FORWARD_PASSES_OF_A_GRADIENT * gradient
        least = f"{seconds[method]:.2f}" if method in seconds else "–"
        if not is_control[method]:
            print(f"| {method} | {1 + forward:.0f} | {gradient:.0f} | {total:.0f} | {least} |")
    print(f"\n{pictures} photographs.\n", file=sys.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--same-pictures", action="store_true")
    parser.add_argument("--seconds", action="append", default=[])
    chosen = parser.parse_args()
    main(chosen.network, chosen.files, chosen.same_pictures, chosen.seconds)
