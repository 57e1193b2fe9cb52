from . import pope_notification_edit
from . import pope_notification_send
