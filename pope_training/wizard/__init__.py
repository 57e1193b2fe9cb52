from . import pope_training_change
from . import pope_training_enrol
from . import pope_attendance_status
from . import pope_sign_window
from . import pope_training_enrol_list
from . import pope_training_layout
from . import pope_training_postpone
from . import pope_training_settings
