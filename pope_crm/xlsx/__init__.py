from . import caf_summary
from . import key_figures
