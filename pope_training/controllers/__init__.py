from . import attendance
from . import meeting
from . import catalogue
from . import space
