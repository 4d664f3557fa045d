"""Make the helpers of these tests importable, also by the scripts they start."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
