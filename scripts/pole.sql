-- the demo company of Odoo becomes a French pole
UPDATE res_currency SET active = true WHERE name = 'EUR';
UPDATE res_company
   SET name = 'Le PôPE', email = 'bonjour@pole.example.org', phone = '01 48 13 00 00',
       currency_id = (SELECT id FROM res_currency WHERE name = 'EUR')
 WHERE id = 1;
UPDATE res_partner
   SET name = 'Le PôPE', complete_name = 'Le PôPE', commercial_company_name = 'Le PôPE', email = 'bonjour@pole.example.org',
       email_normalized = 'bonjour@pole.example.org', phone = '01 48 13 00 00', tz = 'Europe/Paris', lang = 'fr_FR',
       street = '1 place du Caquet', zip = '93200', city = 'Saint-Denis', state_id = NULL,
       country_id = (SELECT id FROM res_country WHERE code = 'FR')
 WHERE id = (SELECT partner_id FROM res_company WHERE id = 1);
