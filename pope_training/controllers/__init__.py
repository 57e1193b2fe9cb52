from . import agreement
from . import attendance
from . import catalogue
from . import complaint
from . import discovery
from . import meeting
from . import outcome
from . import survey
