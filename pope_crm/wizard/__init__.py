from . import crm_lead_lost
from . import crm_merge_opportunity
from . import pope_notification_edit
from . import pope_notification_send
from . import pope_project_close
from . import pope_lead_convert
from . import pope_project_team
from . import pope_mail_hours
