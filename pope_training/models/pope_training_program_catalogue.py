from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, is_html_empty

CERTIFYING = ("rncp", "rs", "block")
# what the law and the quality standard ask of every programme (RNQ 1, 5 and 6), and more of those that certify (3)
ASKED = (
    "objectives",
    "public",
    "prerequisites",
    "description",
    "duration_hours",
    "mode",
    "methods",
    "means",
    "trainer_profile",
    "placement",
    "assessment",
    "outcome",
    "recognition",
    "access_terms",
    "price_terms",
    "funding_terms",
    "accessibility",
    "disability_contact_id",
    "teaching_contact_id",
    "results",
)
ASKED_REMOTE = ("remote_terms",)
ASKED_CERTIFYING = (
    "cert_label",
    "cert_code",
    "cert_body",
    "cert_date",
    "cert_expiry",
    "cert_blocks",
    "cert_links",
    "cert_further",
    "cert_outlets",
    "cert_results",
)
# what the training and financial return asks, once for all its sessions
ASKED_RETURN = ("bpf_objective", "nsf_id")


class TrainingProgram(models.Model):
    """What a programme must say, what it still lacks, and the versions that were published."""

    _inherit = "pope.training.program"

    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    duration_days = fields.Float(string="Duration (days)")
    skills = fields.Text(string="Skills Aimed At", translate=True)
    mode = fields.Selection(
        [
            ("on_site", "On site"),
            ("remote", "Remote, at the same time"),
            ("own_pace", "Remote, at one's own pace"),
            ("mixed", "On site and remote"),
            ("workplace", "In a work situation (AFEST)"),
        ],
        string="How It Is Held",
        default="on_site",
    )
    remote_terms = fields.Text(
        string="Remote: Works, Time, Assistance",
        translate=True,
        help="Nature of the works asked and time estimated, follow-up and assessment, technical and teaching"
        " assistance (Code du travail, D6313-3-1).",
    )
    methods = fields.Text(string="Teaching Methods", translate=True)
    means = fields.Text(string="Teaching and Technical Means", translate=True)
    trainer_profile = fields.Text(string="Profile of the Trainers", translate=True)
    placement = fields.Text(string="How Needs and Level Are Placed", translate=True)
    assessment = fields.Text(string="How Learning Is Assessed", translate=True)
    outcome = fields.Text(string="What Is Handed Over at the End", translate=True)
    recognition = fields.Selection(
        [
            ("none", "None"),
            ("statement", "Statement of training"),
            ("certificate", "Certificate"),
            ("rncp", "Certification of the RNCP"),
            ("rs", "Certification of the RS"),
            ("block", "Block of a certification"),
            ("cqp", "CQP"),
        ],
        help="Kind of recognition of the training given (quality standard, indicator 1).",
    )
    is_certifying = fields.Boolean(compute="_compute_is_certifying")
    access_terms = fields.Text(string="How to Enrol, and How Long It Takes", translate=True)
    price = fields.Monetary(string="Price per Trainee")
    price_terms = fields.Text(string="Price, in Words", translate=True)
    funding_terms = fields.Text(string="How It Can Be Paid For", translate=True)
    seats_min = fields.Integer(string="Trainees, at Least")
    seats_max = fields.Integer(string="Trainees, at Most")
    place_terms = fields.Text(string="Where", translate=True)
    accessibility = fields.Text(string="Access for People with a Disability", translate=True)
    disability_contact_id = fields.Many2one("res.partner", check_company=True)
    teaching_contact_id = fields.Many2one("res.partner", check_company=True)
    admin_contact_id = fields.Many2one("res.partner", string="Contact for the Paperwork", check_company=True)
    results = fields.Text(
        translate=True,
        help="Each figure with its period, how many people it is about and how it is computed; or that there is none"
        " yet.",
    )

    cert_label = fields.Char(string="Exact Title of the Certification", translate=True)
    cert_code = fields.Char(string="RNCP or RS Code")
    cert_body = fields.Char(string="Certifying Body")
    cert_date = fields.Date(string="Registered On")
    cert_expiry = fields.Date(string="Registered Until")
    cert_blocks = fields.Text(string="Blocks of Skills", translate=True)
    cert_links = fields.Text(string="Equivalences and Bridges", translate=True)
    cert_further = fields.Text(string="Further Studies", translate=True)
    cert_outlets = fields.Text(string="Outlets", translate=True)
    cert_results = fields.Text(string="Rates of Success and of Jobs Found", translate=True)

    # Cerfa 10443*17, frame F-3; Code du travail, L6313-1
    action_type = fields.Selection(
        [
            ("1", "Training"),
            ("2", "Skills assessment"),
            ("3", "Support for the VAE"),
            ("4", "Apprenticeship"),
        ],
        string="Type of Action",
        default="1",
    )
    outside_bpf = fields.Boolean(
        string="Not Vocational Training",
        help="Workshop for parents, event…: outside the training and financial return.",
    )
    bpf_objective = fields.Selection(
        [
            ("a", "a – Diploma, title or CQP registered in the RNCP"),
            ("b", "b – Certification or authorisation registered in the RS"),
            ("c", "c – CQP not registered in the RNCP nor the RS"),
            ("d", "d – Other vocational training"),
            ("e", "e – Skills assessment"),
            ("f", "f – Support for the VAE"),
        ],
        string="General Objective (BPF F-3)",
    )
    bpf_level = fields.Selection(
        [
            ("68", "Levels 6 to 8"),
            ("5", "Level 5"),
            ("4", "Level 4"),
            ("3", "Level 3"),
            ("2", "Level 2"),
            ("q", "CQP without a level"),
        ],
        string="Level (BPF F-3 a)",
    )
    nsf_id = fields.Many2one("pope.training.nsf", string="Speciality (BPF F-4)", ondelete="restrict")

    mail_placement = fields.Boolean(string="Placement Survey", default=True)
    mail_convocation = fields.Boolean(string="Convocation", default=True)
    mail_reminder = fields.Boolean(string="Reminder the Day Before", default=True)
    mail_survey = fields.Boolean(string="Survey at the End", default=True)
    mail_certificate = fields.Boolean(string="Certificate", default=True)
    mail_followup = fields.Boolean(string="Survey Three Months Later", default=True)

    is_public = fields.Boolean(string="On the Public Page", default=True, help="Once a version is published.")
    version_ids = fields.One2many("pope.training.version", "program_id", string="Versions")
    gaps = fields.Text(string="Still Missing", compute="_compute_gaps")
    completeness = fields.Integer(compute="_compute_gaps", help="Share of what the programme must say, in percent.")
    is_changed = fields.Boolean(
        string="Changed Since", compute="_compute_is_changed", help="The last version does not say the same."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for program in self:
            program.currency_id = (program.company_id or self.env.company).currency_id

    @api.depends("recognition")
    def _compute_is_certifying(self):
        for program in self:
            program.is_certifying = program.recognition in CERTIFYING

    def _asked(self):
        """Names of the fields that this programme must fill in."""
        return (
            *ASKED,
            *(ASKED_REMOTE if self.mode in ("remote", "own_pace", "mixed") else ()),
            *(ASKED_CERTIFYING if self.is_certifying else ()),
            *(() if self.outside_bpf else ASKED_RETURN),
            *(("bpf_level",) if self.bpf_objective == "a" and not self.outside_bpf else ()),
        )

    def _says(self, name):
        value = self[name]
        if self._fields[name].type == "html":
            return not is_html_empty(value)
        return bool(value.strip() if isinstance(value, str) else value)

    @api.depends("outside_bpf", "bpf_objective", *ASKED, *ASKED_REMOTE, *ASKED_CERTIFYING, *ASKED_RETURN, "bpf_level")
    @api.depends_context("lang")
    def _compute_gaps(self):
        labels = {name: field["string"] for name, field in self.fields_get(attributes=["string"]).items()}
        for program in self:
            asked = program._asked()
            missing = [name for name in asked if not program._says(name)]
            program.gaps = ", ".join(labels[name] for name in missing)
            program.completeness = round(100 * (len(asked) - len(missing)) / len(asked))

    def _compute_is_changed(self):
        """The sheet itself is compared: what it does not say makes no new version."""
        for program in self:
            last = program._last_version()
            program.is_changed = bool(
                last and html2plaintext(last.sheet) != html2plaintext(program._sheet_of(last.number, last.date))
            )

    def _last_version(self):
        return self.version_ids.sorted("number", reverse=True)[:1]

    # --- The sheet ---

    def _sheet_sections(self):
        """What the sheet says, in the order of who reads it: (words, value)."""
        names = [
            *("public", "prerequisites", "objectives", "skills", "description", "mode", "remote_terms", "place_terms"),
            *("methods", "means", "trainer_profile", "placement", "assessment", "outcome", "recognition"),
            *(ASKED_CERTIFYING if self.is_certifying else ()),
            *("access_terms", "price_terms", "funding_terms", "accessibility"),
            *("disability_contact_id", "teaching_contact_id", "admin_contact_id", "results"),
        ]
        labels = self.fields_get(names, ["string"])
        return [(labels[name]["string"], self._sheet_value(name)) for name in names if self._says(name)]

    def _sheet_value(self, name):
        field, value = self._fields[name], self[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if field.type == "many2one":
            # sudo: the sheet names whom to call
            contact = value.sudo()
            return ", ".join(filter(None, (contact.name, contact.phone, contact.email)))
        return value

    def _sheet_of(self, number, date):
        """The sheet as it is printed and shown, with nothing to compute any more."""
        self.ensure_one()
        lang = (self.company_id or self.env.company).partner_id.lang or self.env.lang
        program = self.with_context(lang=lang)
        values = {"program": program, "number": number, "date": date}
        return program.env["ir.qweb"]._render("pope_training.program_sheet", values)

    def action_publish(self):
        """Freeze what the programme says today: sessions made from now on follow this version."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for program in self:
            if program.gaps:
                raise UserError(self.env._("%(name)s still lacks: %(gaps)s.", name=program.name, gaps=program.gaps))
            number = (program._last_version().number or 0) + 1
            # sudo: nobody writes versions by hand
            self.env["pope.training.version"].sudo().create(
                {
                    "program_id": program.id,
                    "number": number,
                    "date": today,
                    "user_id": self.env.user.id,
                    "duration_hours": program.duration_hours,
                    "sheet": program._sheet_of(number, today),
                }
            )

    def action_print_sheet(self):
        self.ensure_one()
        version = self._last_version()
        if not version or self.is_changed:
            return self.env.ref("pope_training.action_report_program").report_action(self)
        return version.action_print()


class TrainingVersion(models.Model):
    """A programme as it was published on a day: it does not change any more, and a session keeps the one it was sold
    with."""

    _name = "pope.training.version"
    _description = "Version of a Programme"
    _order = "number desc, id desc"

    program_id = fields.Many2one("pope.training.program", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    number = fields.Integer(required=True)
    date = fields.Date(string="Published On", required=True)
    user_id = fields.Many2one("res.users", string="Published By")
    duration_hours = fields.Float(string="Duration (h)")
    # made of escaped texts and sanitized ones by our own template: see `_sheet_of`
    sheet = fields.Html(string="Programme Sheet", sanitize=False, required=True)

    _number_unique = models.UniqueIndex("(program_id, number)", "This version exists already.")

    @api.depends("number", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "Version %(number)s of %(day)s",
                number=version.number,
                day=version.date and version.date.strftime("%d/%m/%Y"),
            )

    def write(self, vals):
        if set(vals) - {"company_id"}:
            raise UserError(self.env._("A published version does not change: publish another one."))
        return super().write(vals)

    def action_print(self):
        return self.env.ref("pope_training.action_report_version").report_action(self)


class EventEvent(models.Model):
    _inherit = "event.event"

    pope_version_id = fields.Many2one(
        "pope.training.version",
        string="Version of the Programme",
        compute="_compute_pope_version_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain="[('program_id', '=', pope_program_id)]",
        help="The one that the session was sold with: a later version does not change it.",
    )

    @api.depends("pope_program_id")
    def _compute_pope_version_id(self):
        for event in self:
            # sudo: whoever makes the event, without reading the catalogue
            program = event.sudo().pope_program_id
            if event.sudo().pope_version_id.program_id != program:
                event.pope_version_id = program._last_version()

    @api.model
    def _pope_file_lines(self):
        complete = [self.env._("Programme complete and published"), "1, 5, 6"]
        return {"programme": complete, **super()._pope_file_lines()}

    def _pope_file_facts(self):
        programme = {event: (int(bool(event.pope_version_id)), 1) for event in self}
        return {**super()._pope_file_facts(), "programme": programme}
