//! What is kept of a desk's demo data.

use super::{Kind::Number, Table};

/// Those tables.
pub(super) const EXPECTED: &[Table] = &[
    Table {
        name: "demo_rows",
        columns: &[("kind", Number, false), ("first_id", Number, false), ("last_id", Number, false)],
        indexes: &[],
    },
    Table {
        name: "demo_state",
        columns: &[
            ("id", Number, false),
            ("state", Number, false),
            ("done", Number, false),
            ("total", Number, false),
            ("beat_at", Number, false),
            ("run", Number, false),
        ],
        indexes: &[],
    },
];
