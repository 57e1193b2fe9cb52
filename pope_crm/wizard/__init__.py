from . import base_partner_merge
from . import crm_lead_lost
from . import crm_merge_opportunity
from . import pope_notification_edit
from . import pope_notification_send
from . import pope_project_close
from . import pope_lead_convert
