"""The quality gate: fails when a score falls below its floor in `eval/baselines.json`.

python -m eval.gate [--data ../shared] [--write DIR] [--update] [--allow-lower]
"""

import argparse
import json
import os
import sys
from hashlib import sha256
from pathlib import Path

from eval.framediff import evaluate

BASELINES = Path(__file__).parent / "baselines.json"


def data_hash(folder: Path) -> str:
    """One hash over the names and bytes of the pairs and readings."""
    digest = sha256()
    for file in sorted([*folder.glob("pairs/*.json"), *folder.glob("gold/*.json")]):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def main(argv: list[str] | None = None) -> int:
    """Scores, prints a table, and gives 1 if a floor breaks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--write", type=Path, help="folder for the predictions")
    parser.add_argument("--update", action="store_true", help="raise the floors to what was measured, less 0.02")
    parser.add_argument("--allow-lower", action="store_true", help="with --update: floors may fall too")
    args = parser.parse_args(argv)
    folder = args.data / "framediff"
    if not (folder / "pairs").is_dir():
        print(f"quality gate skipped: no data at {folder}")
        return 1 if os.environ.get("CI") else 0
    known = json.loads(BASELINES.read_text(encoding="utf-8"))
    seen = data_hash(folder)
    result = evaluate(folder, write=args.write)
    broken = []
    if known["data"] != seen and not args.update:
        broken.append(f"the data has changed: hash {seen}, the floors were set on {known['data']}")
    for name, s in result.items():
        floor = known["floors"].get(name, 0.0)
        print(
            f"{name:12} P {s.precision:.3f}  R {s.recall:.3f}  F1 {s.f1:.3f} [{s.low:.3f}, {s.high:.3f}]  "
            f"n={s.n} pairs  floor {floor:.3f}"
        )
        if s.f1 < floor:
            broken.append(f"{name}: F1 {s.f1:.3f} is below the floor {floor:.3f}")
        if args.update:
            raised = round(s.f1 - 0.02, 3)
            known["floors"][name] = raised if args.allow_lower else max(floor, raised)
    if args.update:
        BASELINES.write_text(json.dumps({**known, "data": seen}, indent=1) + "\n", encoding="utf-8")
        return 0
    for line in broken:
        print(f"quality gate: {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
