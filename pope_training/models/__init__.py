from . import event_type
from . import event_event
from . import event_registration
from . import event_lead_rule
from . import pope_training_program
from . import pope_training_enrolment
from . import crm_lead
from . import res_partner
