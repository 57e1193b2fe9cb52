from . import caf_summary
