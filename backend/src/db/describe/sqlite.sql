-- Full text is a virtual table there; what SQLite keeps behind it is nobody's to look at.
WITH ours AS (
    SELECT l.name, l.type FROM pragma_table_list AS l
    WHERE l.schema = 'main' AND l.type IN ('table', 'virtual') AND l.name NOT LIKE 'sqlite!_%' ESCAPE '!'
),
described AS (SELECT name FROM ours WHERE type = 'table' AND name <> '__diesel_schema_migrations')
SELECT o.name AS table_name, 'table' AS what, '' AS name,
    CASE o.type WHEN 'virtual' THEN m.sql ELSE '' END AS says
FROM ours AS o JOIN sqlite_master AS m ON m.type = 'table' AND m.name = o.name
UNION ALL
SELECT d.name, 'column', c.name,
    lower(c.type) || iif(c."notnull", ' not null', '') || coalesce(' default ' || c.dflt_value, '')
        || iif(c.pk, ' primary key ' || c.pk, '') || iif(c.hidden, ' generated', '')
FROM described AS d JOIN pragma_table_xinfo(d.name) AS c
UNION ALL
SELECT d.name, 'index', i.name,
    iif(i."unique", 'unique (', '(') || (
        SELECT group_concat(part, ', ') FROM (
            SELECT coalesce(x.name, 'expression') || iif(x.coll = 'BINARY', '', ' collate ' || x.coll)
                || iif(x."desc", ' desc', '') AS part
            FROM pragma_index_xinfo(i.name) AS x WHERE x.key ORDER BY x.seqno
        )
    ) || ')' || iif(i.partial, ' ' || substr(m.sql, instr(upper(m.sql), 'WHERE')), '')
FROM described AS d JOIN pragma_index_list(d.name) AS i LEFT JOIN sqlite_master AS m ON m.type = 'index' AND m.name = i.name
WHERE i.origin <> 'pk'
UNION ALL
SELECT d.name, 'foreign key', group_concat(k."from", ', '),
    'to ' || k."table" || ' (' || group_concat(coalesce(k."to", 'id'), ', ') || ') on delete ' || lower(k.on_delete)
        || ' on update ' || lower(k.on_update)
FROM described AS d JOIN pragma_foreign_key_list(d.name) AS k GROUP BY d.name, k.id
UNION ALL
SELECT m.tbl_name, 'trigger', m.name, m.sql FROM sqlite_master AS m WHERE m.type = 'trigger'
