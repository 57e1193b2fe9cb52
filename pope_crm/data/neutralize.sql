-- a copy of the database sends nothing
UPDATE pope_notification
   SET state = 'cancelled', reason = 'restored', key = NULL
 WHERE state IN ('planned', 'to_approve', 'queued');
UPDATE pope_notification
   SET state = 'in_doubt', reason = 'restored'
 WHERE state = 'sending';
