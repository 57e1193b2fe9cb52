from . import attendance
from . import catalogue
from . import discovery
from . import meeting
from . import outcome
