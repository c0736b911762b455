-- MySQL and MariaDB write down differently how wide an integer is shown, what a default of bytes is, how a generated column
-- is made, what foreign keys are called and what happens where nothing is said of them: none of it matters here.
SELECT t.table_name AS table_name, 'table' AS what, '' AS name, LOWER(COALESCE(t.engine, '')) AS says
FROM information_schema.tables AS t WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'
UNION ALL
SELECT c.table_name, 'column', c.column_name,
    CONCAT(
        c.data_type, IF(c.column_type LIKE '%unsigned%', ' unsigned', ''),
        IF(c.data_type IN ('char', 'varchar', 'binary', 'varbinary'), CONCAT('(', c.character_maximum_length, ')'), ''),
        COALESCE(CONCAT(' collate ', c.collation_name), ''), IF(c.is_nullable = 'NO', ' not null', ''),
        IF(c.data_type = 'varbinary', '',
            COALESCE(CONCAT(' default ', NULLIF(TRIM(BOTH '''' FROM c.column_default), 'NULL')), '')),
        IF(c.extra LIKE '%auto_increment%', ' auto_increment', ''),
        IF(COALESCE(c.generation_expression, '') <> '', ' generated', '')
    )
FROM information_schema.columns AS c
JOIN information_schema.tables AS t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND c.table_name <> '__diesel_schema_migrations'
UNION ALL
SELECT s.table_name, 'index', s.index_name,
    CONCAT(
        IF(MAX(s.non_unique) = 0, 'unique ', ''), IF(MAX(s.index_type) = 'BTREE', '', CONCAT(LOWER(MAX(s.index_type)), ' ')),
        '(', GROUP_CONCAT(CONCAT(
            COALESCE(s.column_name, 'expression'), COALESCE(CONCAT('(', s.sub_part, ')'), ''),
            IF(s.collation = 'D', ' desc', '')
        ) ORDER BY s.seq_in_index SEPARATOR ', '), ')'
    )
FROM information_schema.statistics AS s
WHERE s.table_schema = DATABASE() AND s.table_name <> '__diesel_schema_migrations'
GROUP BY s.table_name, s.index_name
-- A foreign key without an index gets one, called as its column: it is not ours, and goes as soon as there is another.
HAVING NOT (MAX(s.non_unique) = 1 AND COUNT(*) = 1 AND s.index_name = MAX(s.column_name))
UNION ALL
SELECT k.table_name, 'foreign key', GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position SEPARATOR ', '),
    CONCAT(
        'to ', MAX(k.referenced_table_name), ' (',
        GROUP_CONCAT(k.referenced_column_name ORDER BY k.ordinal_position SEPARATOR ', '),
        ') on delete ', LOWER(REPLACE(MAX(r.delete_rule), 'NO ACTION', 'RESTRICT')),
        ' on update ', LOWER(REPLACE(MAX(r.update_rule), 'NO ACTION', 'RESTRICT'))
    )
FROM information_schema.key_column_usage AS k
JOIN information_schema.referential_constraints AS r
    ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name AND r.constraint_name = k.constraint_name
WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
GROUP BY k.table_name, k.constraint_name
UNION ALL
SELECT g.event_object_table, 'trigger', g.trigger_name,
    CONCAT(LOWER(g.action_timing), ' ', LOWER(g.event_manipulation), ' ', g.action_statement)
FROM information_schema.triggers AS g WHERE g.trigger_schema = DATABASE()
