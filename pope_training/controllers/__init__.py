from . import meeting
from . import catalogue
