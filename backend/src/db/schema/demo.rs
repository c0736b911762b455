//! The tables that say what of a desk is its demo. No query joins them: the runs are few, and are read first.

diesel::table! {
    demo_rows (kind, first_id) {
        kind -> SmallInt,
        first_id -> BigInt,
        last_id -> BigInt,
    }
}

diesel::table! {
    demo_state (id) {
        id -> SmallInt,
        state -> SmallInt,
        done -> BigInt,
        total -> BigInt,
        beat_at -> BigInt,
        run -> BigInt,
    }
}
