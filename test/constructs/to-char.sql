-- Dates and times by a template.
CREATE TABLE moments (id INTEGER PRIMARY KEY, at TIMESTAMP);
INSERT INTO moments VALUES (1, '2024-02-03 04:05:06.789'), (2, '2024-12-30 14:00:00'), (3, '1969-12-31 23:59:59.5'), (4, '2000-01-01 00:00:00'), (5, '0044-03-15 12:30:00'), (6, NULL);
SELECT id, to_char(at, 'YYYY-MM-DD HH24:MI:SS.MS US SSSS SSSSS'), to_char(at, 'HH12:MI AM, hh:mi am P.M. a.m.') FROM moments;
SELECT id, to_char(at, 'FMMonth DDth, YYYY; Month|MONTH|month|Mon|MON|mon|Day|DAY|day|Dy|DY|dy|FMDay|') FROM moments;
SELECT id, to_char(at, 'Y,YYY YYY YY Y IYYY IYY IY I DDD D ID IW WW W CC J Q FMDDD FMMM') FROM moments;
SELECT id, to_char(at::date, 'IYYY-IW-ID, "quoted YYYY" yyyy-mm-dd DDTH ddth FMDDth FMMMth Qth'), to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM moments;
SELECT to_char(at, 'YYYY-MM'), count(*) FROM moments GROUP BY 1;
SELECT to_char(DATE '2024-11-21', 'DDTH'), to_char(DATE '2024-11-22', 'ddth'), to_char(DATE '2024-11-23', 'FMDDTH'), to_char(DATE '2024-11-23', ''), to_char(TIMESTAMP '2024-02-03 04:05:06', 'YYYY-MM-DDTHH24:MI');
-- only-here UNSUPPORTED
SELECT to_char(DATE '2024-11-21', 'RM');
-- only-here UNSUPPORTED
SELECT to_char(now(), 'HH24:MI TZ');
