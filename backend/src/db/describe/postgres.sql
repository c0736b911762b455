WITH ours AS (
    SELECT c.oid, c.relname::text AS name FROM pg_class AS c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'f')
),
described AS (SELECT oid, name FROM ours WHERE name <> '__diesel_schema_migrations')
SELECT o.name AS table_name, 'table' AS what, '' AS name, '' AS says FROM ours AS o
UNION ALL
SELECT d.name, 'column', a.attname::text,
    format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation <> y.typcollation THEN ' collate ' || l.collname ELSE '' END
        || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
        || CASE a.attidentity WHEN 'a' THEN ' identity always' WHEN 'd' THEN ' identity' ELSE '' END
        || CASE a.attgenerated WHEN '' THEN COALESCE(' default ' || pg_get_expr(e.adbin, e.adrelid, true), '')
            ELSE ' generated' END
FROM described AS d JOIN pg_attribute AS a ON a.attrelid = d.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS y ON y.oid = a.atttypid LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
LEFT JOIN pg_attrdef AS e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
UNION ALL
-- From the word USING on: before it stand the names.
SELECT d.name, 'index', c.relname::text,
    CASE WHEN i.indisunique THEN 'unique ' ELSE '' END || CASE WHEN i.indisvalid THEN '' ELSE 'invalid ' END
        || substring(pg_get_indexdef(i.indexrelid, 0, true) FROM 'USING (.*)$')
FROM described AS d JOIN pg_index AS i ON i.indrelid = d.oid JOIN pg_class AS c ON c.oid = i.indexrelid
UNION ALL
SELECT d.name, 'foreign key', substring(pg_get_constraintdef(k.oid, true) FROM '\(([^)]*)\)'),
    'to ' || substring(pg_get_constraintdef(k.oid, true) FROM 'REFERENCES (.*)$')
FROM described AS d JOIN pg_constraint AS k ON k.conrelid = d.oid AND k.contype = 'f'
UNION ALL
SELECT d.name, 'check', k.conname::text, pg_get_constraintdef(k.oid, true)
FROM described AS d JOIN pg_constraint AS k ON k.conrelid = d.oid AND k.contype = 'c'
UNION ALL
SELECT d.name, 'trigger', t.tgname::text, pg_get_triggerdef(t.oid, true)
FROM described AS d JOIN pg_trigger AS t ON t.tgrelid = d.oid AND NOT t.tgisinternal
