"""The table of results.json: published times on a GPU beside those of this machine."""
HEADINGS = ["", "published, GPU", "gain", "here: native", "torchscript", "gain", "baseline", "host / device", "tsir's best pipeline",
            "fusion"]


def time_text(milliseconds):
    if milliseconds is None:
        return "-"
    return f"{milliseconds / 1000:.3g} s" if milliseconds >= 1000 else f"{milliseconds:.3g} ms"


def gain_text(before, after):
    return f"{before / after:.2f}x" if before and after else "-"


def best_text(best):
    if not best:
        return "-"
    interval = f" [{best['low']:.3g}, {best['high']:.3g}]" if best.get("low") and best.get("high") else ""
    speedup = f" {best['speedup']:.3g}x{interval}" if best.get("speedup") else ""
    return f"{best['passes']}: {time_text(best['median_ms'])}, {best['verdict']}{speedup}"


def row(experiment):
    published, unit = experiment["published_gpu"], experiment["unit"]
    native, scripted = experiment.get("native_ms"), experiment.get("torchscript_ms")
    device, host = experiment.get("baseline_ms"), experiment.get("baseline_host_ms")
    return [
        experiment["name"],
        f"{published['native']} to {published['torchscript']} {unit}",
        gain_text(published["native"], published["torchscript"]),
        time_text(native),
        time_text(scripted),
        gain_text(native, scripted),
        time_text(device),
        f"{host / device:.2f}" if host and device else "-",
        best_text(experiment.get("best")),
        experiment.get("fusion") or "-",
    ]


def table(results):
    rows = [HEADINGS] + [row(experiment) for experiment in results.get("experiments", [])]
    widths = [max(len(line[i]) for line in rows) for i in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in rows]
    for experiment in results.get("experiments", []):
        lines += [f"{experiment['name']}: {note}" for note in experiment.get("notes", [])]
    bad = [step for step in results["steps"] if step["outcome"] != "fine"]
    lines += ["", f"{len(results['steps']) - len(bad)} of {len(results['steps'])} steps fine, {results['seconds']} s"]
    lines += [f"{step['name']}: {step['outcome']}: {step['line']}" for step in bad]
    return "\n".join(lines) + "\n"
