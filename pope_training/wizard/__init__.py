from . import pope_training_enrol
from . import pope_attendance_status
from . import pope_sign_window
