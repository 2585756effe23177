-- Customers are told when other warehouses help to send their order.
SET lock_timeout = '5s';

ALTER TABLE mails DROP CONSTRAINT mails_kind_check, ADD CONSTRAINT mails_kind_check CHECK
    (kind IN ('ORDER_BACKORDERED', 'EXPECTED_DATE_CHANGED', 'ORDER_SPLIT', 'ORDER_DIVIDED', 'BACKORDER_RESOLVED',
              'DELAY_NOTICE', 'CONSENT_ASKED', 'STAFF_ALERT')) NOT VALID;
ALTER TABLE mails VALIDATE CONSTRAINT mails_kind_check;
