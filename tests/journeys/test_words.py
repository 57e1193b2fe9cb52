"""What a member of the team finds behind the clock of the top bar and behind the menus of a list: projects only."""

from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestWordsJourney(JourneyCase):
    def test_the_clock_and_the_menus_of_a_list_speak_of_projects(self):
        project = self.create_project("MAM du Petit Nuage")
        project.activity_schedule("mail.mail_activity_data_call", "2020-03-02", user_id=self.user_pope.id)
        self.create_project("MAM sans retard", self.holders[1:2])
        self.walk(
            "/odoo",
            """
            const sales = /\\b(pistes?|opportunités?|vendeu\\w*|gagn\\w*|perdu\\w*|perte|revenus?|probabilit\\w*)\\b/i;
            const check = (text) => {
                if (sales.test(text)) { throw new Error(`${text.match(sales)[0]} in ${text}`); }
            };
            await click(".o_menu_systray button i.fa-clock-o");
            check((await find(".o-mail-ActivityMenu")).innerText);
            await click(".o-mail-ActivityGroup", "Projets");
            await find(".o_list_view .o_data_row", "MAM du Petit Nuage");
            await gone(".o_data_row", "MAM sans retard");
            check(document.body.innerText);
            await click(".o_searchview_dropdown_toggler");
            const custom = await find(".o_add_custom_group_menu, .o_group_by_menu select");
            check(custom.textContent);
            check((await find(".o_search_bar_menu")).innerText);
            await click(".o_filter_menu .o_add_custom_filter, .o_filter_menu .dropdown-item", "personnalisé");
            await click(".o_model_field_selector");
            check((await find(".o_model_field_selector_popover_page")).innerText);
            """,
        )
