//! What a text may become. A few bytes of a table can stand for thousands of cells: a row of one word is filled up with
//! empty ones until it is as wide as the head.

/// So many cells are tables; a text that may have more has no tables, and shows their source.
const CELLS: usize = 20_000;
/// HTML that is longer, in bytes, is not shown: the text is, as it was written. Nothing that people write comes near.
const RENDERED: usize = 1_000_000;
/// What an empty cell is written with, in bytes.
const CELL: usize = 25;

/// Whether a text's tables are few and narrow enough to be tables.
pub fn may_have_tables(source: &str) -> bool {
    cells(source) <= CELLS
}

/// Whether so much HTML may be shown.
pub fn may_be_shown(rendered: &str) -> bool {
    rendered.len() <= RENDERED
}

/// How many bytes a text may become, roughly.
pub fn weight(source: &str) -> usize {
    let cells = cells(source);
    source.len() + if cells <= CELLS { cells * CELL } else { 0 }
}

/// How many cells a text's tables have at most: no table goes on behind an empty line, and none is wider than the line in
/// it with the most bars.
fn cells(source: &str) -> usize {
    let (mut cells, mut widest, mut lines) = (0_usize, 0_usize, 0_usize);
    for line in source.split(['\n', '\r']).chain([""]) {
        if !line.trim_matches([' ', '\t']).is_empty() {
            lines += 1;
            widest = widest.max(line.bytes().filter(|&byte| byte == b'|').count());
        } else if lines > 0 {
            cells = cells.saturating_add(if widest == 0 { 0 } else { (widest + 1).saturating_mul(lines) });
            (widest, lines) = (0, 0);
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_counted_table_by_table() {
        assert_eq!(cells("a\nb\n\nc"), 0);
        assert_eq!(cells("|a|b|\n|-|-|\nc\n"), 4 * 3);
        assert_eq!(cells("|a|\n|-|\n \t\n|a|b|\r\n|-|-|\r\n"), 3 * 2 + 4 + 4);
        // A long log behind a table is no table.
        assert!(may_have_tables(&format!("|a|b|\n|-|-|\n|1|2|\n\n{}", "line\n".repeat(20_000))));
    }
}
