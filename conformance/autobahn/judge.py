"""Compares the reports of an Autobahn run with expected.json, the ratchet: results may only improve.

usage: judge.py EXPECTED REPORT_INDEX... [--whole] [--update]

--whole says that every case was to be played, --update writes what is new or better.

Runs on the Python that runs the suite, 2.7, and on 3.
"""

from __future__ import print_function, unicode_literals

import io
import json
import sys

# From best to worst. What is only informational is no verdict, so it is as good as OK.
RANKS = {"OK": 0, "INFORMATIONAL": 0, "NON-STRICT": 1, "UNIMPLEMENTED": 2, "UNCLEAN": 3,
         "WRONG CODE": 3, "FAILED": 4, "FAILED BY CLIENT": 4}


def rank(verdict):
    """How bad a verdict is: its worse half."""
    return max(RANKS.get(half, 5) for half in verdict.split(", closing "))


def verdict(case):
    """The case's result in a word; how the connection ended is said only if that was bad."""
    behavior, closing = case["behavior"], case["behaviorClose"]
    if RANKS.get(closing, 5) == 0:
        return behavior
    return "%s, closing %s" % (behavior, closing)


def number(case):
    return [int(part) for part in case.split(".")]


def main(expected_path, indexes, whole, update):
    cases = {}
    for index in indexes:
        with io.open(index, encoding="utf-8") as file:
            cases.update(json.load(file)["sockeye"])
    actual = {case: verdict(result) for case, result in cases.items()}
    try:
        with io.open(expected_path, encoding="utf-8") as file:
            expected = json.load(file)
    except IOError:
        expected = {}

    sections = {}
    for case, word in actual.items():
        section = sections.setdefault(int(case.split(".")[0]), {})
        section[word] = section.get(word, 0) + 1
    for section in sorted(sections):
        counts = ["%d %s" % (n, word) for word, n in sorted(sections[section].items())]
        print("%3d: %s" % (section, ", ".join(counts)))

    known = [case for case in actual if case in expected]
    worse = [case for case in known if rank(actual[case]) > rank(expected[case])]
    better = [case for case in known if rank(actual[case]) < rank(expected[case])]
    new = [case for case in actual if case not in expected]
    missing = [case for case in expected if whole and case not in actual]
    for case in sorted(worse, key=number):
        print("worse: %s was %s, is %s" % (case, expected[case], actual[case]))
    for case in sorted(missing, key=number):
        print("missing: %s was %s" % (case, expected[case]))
    if worse or missing:
        return 1
    if update:
        expected.update((case, actual[case]) for case in better + new)
        lines = ["  %s: %s" % (json.dumps(case), json.dumps(expected[case]))
                 for case in sorted(expected, key=number)]
        with io.open(expected_path, "w", encoding="utf-8") as file:
            file.write("{\n%s\n}\n" % ",\n".join(lines))
        return 0
    for case in sorted(better + new, key=number):
        print("not in expected.json: %s is %s" % (case, actual[case]))
    if better or new:
        print("hint: run with UPDATE=1 to write expected.json")
    return 1 if better or new else 0


if __name__ == "__main__":
    flags = [word for word in sys.argv[1:] if word.startswith("--")]
    paths = [word for word in sys.argv[1:] if not word.startswith("--")]
    sys.exit(main(paths[0], paths[1:], "--whole" in flags, "--update" in flags))
