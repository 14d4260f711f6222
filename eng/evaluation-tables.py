#!/usr/bin/env python3
"""Writes the tables of docs/evaluation.md from what `scorecam evaluate --json` wrote.

    eng/evaluation-tables.py "SqueezeNet 1.1" table.json more.json > tables.md

Several files of one network and of the same pictures are joined: a cell comes from the first file that has it.
Needs nothing but Python 3.
"""
import json
import sys

KINDS = {
    "Faithfulness": [
        "average-drop", "average-increase", "average-gain", "average-drop-50", "average-increase-50",
        "insertion", "deletion", "road",
    ],
    "Localisation": ["energy-in-box", "energy-in-one-box", "pointing-game", "box-iou"],
    "Quality of the map": ["complexity", "coherency", "adcc", "arcc"],
}
# A gradient pass runs forward and backward, which is the work of about three forward passes.
FORWARD_PASSES_OF_A_GRADIENT = 3


def read(paths):
    """Methods, metrics, cells by method and metric, and costs by method."""
    methods, metrics, cells, costs, pictures = {}, {}, {}, {}, set()
    for path in paths:
        with open(path, encoding="utf-8") as file:
            result = json.load(file)
        pictures |= {case["picture"] for case in result["cases"]}
        for metric in result["setup"]["metrics"]:
            metrics.setdefault(metric["name"], metric)
        controls = {method["name"]: method["isControl"] for method in result["setup"]["methods"]}
        for row in result["summary"]:
            methods.setdefault(row["method"], controls[row["method"]])
            seconds = [case["seconds"] for case in result["cases"] if case["method"] == row["method"]]
            if row["passes"] is not None:
                least = f"{min(seconds):.2f}" if seconds else "–"
                costs.setdefault(row["method"], (row["passes"], row["gradientPasses"], least))
            for name, cell in row["cells"].items():
                if cell.get("mean") is not None:
                    cells.setdefault((row["method"], name), cell)
    ordered = sorted(methods, key=lambda method: methods[method])
    return ordered, methods, metrics, cells, costs, len(pictures)


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


def main(network, paths):
    methods, is_control, metrics, cells, costs, pictures = read(paths)
    for kind, names in KINDS.items():
        print(f"### {network}: {kind.lower()}\n")
        table(names, methods, is_control, metrics, cells)
    print(f"### {network}: cost\n")
    print("| method | forward passes | gradient passes | forward-pass equivalents | seconds, at least |")
    print("|---|--:|--:|--:|--:|")
    for method in sorted(costs, key=lambda m: costs[m][0] + FORWARD_PASSES_OF_A_GRADIENT * costs[m][1]):
        forward, gradient, seconds = costs[method]
        total = 1 + forward + FORWARD_PASSES_OF_A_GRADIENT * gradient
        if not is_control[method]:
            print(f"| {method} | {1 + forward:.0f} | {gradient:.0f} | {total:.0f} | {seconds} |")
    print(f"\n{pictures} photographs.\n", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
