from . import agreement
from . import attendance
from . import catalogue
from . import complaint
from . import meeting
from . import survey
