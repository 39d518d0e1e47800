"""Prints "PASSED FAILED", summed over the result files that the tests write with `--xunit-output`; and on standard error
a line for each test that failed."""

import sys
import xml.etree.ElementTree as tree

passed = failed = 0
for path in sys.argv[1:]:
    for case in tree.parse(path).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("skipped") is not None:
            print(f"FAILED: {name}, which was skipped", file=sys.stderr)
            failed += 1
        elif case.find("failure") is not None or case.find("error") is not None:
            print(f"FAILED: {name}", file=sys.stderr)
            failed += 1
        else:
            passed += 1
if passed + failed == 0:
    sys.exit("no test results")
print(passed, failed)
