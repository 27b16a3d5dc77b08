import importlib.util
import sys
from pathlib import Path

# --import-mode=importlib puts no folder on the path, so the shared maker of data is loaded by its file.
spec = importlib.util.spec_from_file_location("eval_made", Path(__file__).with_name("made.py"))
module = importlib.util.module_from_spec(spec)
sys.modules["eval_made"] = module
spec.loader.exec_module(module)
