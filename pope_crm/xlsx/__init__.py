from . import caf_summary
from . import person_file
from . import key_figures
from . import dedicated_funds
