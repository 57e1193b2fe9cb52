from . import contact
from . import followup
