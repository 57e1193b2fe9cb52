-- a restored backup does not know what left after it was taken: a person decides
UPDATE pope_notification
   SET state = 'in_doubt', reason = 'restored'
 WHERE state IN ('planned', 'queued', 'sending');
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state = 'outgoing' AND id IN (SELECT mail_id FROM pope_notification WHERE mail_id IS NOT NULL);
