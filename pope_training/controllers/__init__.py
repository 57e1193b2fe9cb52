from . import attendance
from . import meeting
