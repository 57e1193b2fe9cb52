from . import attendance
from . import meeting
from . import catalogue
<<<<<<< HEAD
from . import complaint
=======
from . import survey
>>>>>>> mails
