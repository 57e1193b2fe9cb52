from . import contact
from . import followup
from . import summary
