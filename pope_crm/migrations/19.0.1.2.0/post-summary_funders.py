from odoo import SUPERUSER_ID, Command, api

ROLES = {
    "p74_etat": ("state",),
    "p74_region": ("region",),
    "p74_dept": ("department",),
    "p74_epci": ("inter_municipal",),
    "p74_commune": ("municipal",),
    "p74_orgsoc": ("family_fund", "social_body"),
    "p74_europe": ("europe",),
    "p74_asp": ("paying_agency",),
    "p74_etabpub": ("public_body",),
    "p74_prive": ("foundation", "solidarity_finance", "bank"),
}


def migrate(cr, version):
    """Lines of class 74 know their kinds of funder: shipped lines are the team's, no update fills them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for code, roles in ROLES.items():
        line = env.ref(f"pope_crm.summary_line_{code}", raise_if_not_found=False)
        if line and not line.funder_role_ids:
            found = [env.ref(f"pope_crm.role_{role}", raise_if_not_found=False) for role in roles]
            line.funder_role_ids = [Command.link(role.id) for role in found if role]
    private = env.ref("pope_crm.summary_line_p74_prive", raise_if_not_found=False)
    if private and not private.funder_prefixes:
        private.funder_prefixes = "754 755"
