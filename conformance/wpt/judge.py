"""Compares the results of a run with expected.json, the ratchet: results may only improve."""

import json


def judge(results, skipped, expected_path, whole, update, verbose):
    """Prints the figures by folder and what differs. The exit code."""
    try:
        with open(expected_path, encoding="utf-8") as file:
            expected = json.load(file)
    except FileNotFoundError:
        expected = {}
    actual = {name: summary(result) for name, result in results.items()}
    if verbose:
        for name in sorted(results):
            show(name, results[name])
        for name in sorted(skipped):
            print(f"{name}: skipped, {skipped[name]}")
    figures(actual, skipped)

    worse, better = [], []
    for name, now in sorted(actual.items()):
        before = expected.get(name)
        if before is None:
            better.append(f"new: {name}")
            continue
        fallen = [test for test in now["not"] if test not in before["not"]]
        if now["harness"] != "OK" and before["harness"] == "OK":
            fallen.append(f"the file: {now['harness']}")
        if now["pass"] < before["pass"]:
            fallen.append(f"{now['pass']} subtests pass, {before['pass']} did")
        if fallen:
            worse.append(f"worse: {name}: " + "; ".join(fallen))
        elif now != before:
            better.append(f"better: {name}")
    if whole:
        worse += [f"missing: {name}" for name in sorted(expected) if name not in actual]
    print("\n".join(worse))
    if worse:
        return 1
    if update:
        expected.update(actual)
        lines = [f"  {json.dumps(name)}: {json.dumps(expected[name])}" for name in sorted(expected)]
        with open(expected_path, "w", encoding="utf-8") as file:
            file.write("{\n" + ",\n".join(lines) + "\n}\n")
        return 0
    print("\n".join(better))
    if better:
        print("hint: run with UPDATE=1 to write expected.json")
    return 1 if better else 0


def summary(result):
    """What is kept of a file's results: how many pass, and which do not."""
    subtests = result["subtests"]
    return {
        "harness": result["harness"][0],
        "pass": sum(status == "PASS" for status, _ in subtests.values()),
        "not": sorted(name for name, (status, _) in subtests.items() if status != "PASS"),
    }


def show(name, result):
    status, message = result["harness"]
    if status != "OK":
        print(f"{name}: {status} {message or ''}")
    for test, (status, message) in result["subtests"].items():
        if status != "PASS":
            print(f"{name}: {status} {test}: {message or ''}")


def figures(actual, skipped):
    """A line for each folder: files whole, subtests, and what was skipped for which reason."""
    folders = {}
    for name, result in actual.items():
        row = folders.setdefault(folder(name), [0, 0, 0, 0])
        row[0] += result["harness"] == "OK" and not result["not"]
        row[1] += 1
        row[2] += result["pass"]
        row[3] += result["pass"] + len(result["not"])
    for path in sorted(folders):
        whole, runs, passed, subtests = folders[path]
        print(f"{path}: {passed} of {subtests} subtests, {whole} of {runs} files whole")
    reasons = {}
    for name, reason in skipped.items():
        reasons.setdefault(reason, []).append(name)
    for reason in sorted(reasons):
        print(f"skipped, {reason}: {len(reasons[reason])} files")


def folder(name):
    parts = name.split("/")
    deep = parts[0] in ("dom", "encoding", "html", "streams", "FileAPI")
    return "/".join(parts[:3 if parts[0] == "html" else 2][:len(parts) - 1]) if deep else parts[0]
