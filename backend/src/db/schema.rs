//! The tables, as diesel checks queries against them. `turno verify-schema` holds the same columns against a live
//! database; see [`super::verify`].

#![allow(
    missing_docs,
    reason = "diesel generates items that cannot be documented; the migrations say what each column is"
)]

diesel::table! {
    users (id) {
        id -> BigInt,
        username -> Text,
        username_folded -> Text,
        name -> Text,
        name_folded -> Text,
        email -> Text,
        email_folded -> Text,
        role -> SmallInt,
        active -> Bool,
        locale -> Text,
        theme -> Text,
        password_hash -> Nullable<Text>,
        last_seen_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        user_id -> BigInt,
        created_at -> BigInt,
        last_used_at -> BigInt,
        expires_at -> BigInt,
        address -> Text,
        user_agent -> Text,
    }
}

diesel::table! {
    categories (id) {
        id -> BigInt,
        name -> Text,
        name_folded -> Text,
        position -> Integer,
    }
}

diesel::table! {
    tickets (id) {
        id -> BigInt,
        status -> SmallInt,
        priority -> SmallInt,
        category_id -> Nullable<BigInt>,
        requester_id -> BigInt,
        assignee_id -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        first_response_at -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
        title -> Text,
        title_folded -> Text,
        description -> Text,
    }
}

diesel::table! {
    ticket_watchers (ticket_id, user_id) {
        ticket_id -> BigInt,
        user_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    comments (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        author_id -> BigInt,
        visibility -> SmallInt,
        created_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        body -> Text,
    }
}

diesel::table! {
    comment_mentions (comment_id, user_id) {
        comment_id -> BigInt,
        user_id -> BigInt,
        word -> Text,
    }
}

diesel::table! {
    events (id) {
        id -> BigInt,
        at -> BigInt,
        actor_id -> Nullable<BigInt>,
        address -> Nullable<Text>,
        kind -> Text,
        ticket_id -> Nullable<BigInt>,
        subject_id -> Nullable<BigInt>,
        audience -> SmallInt,
        payload -> Text,
    }
}

diesel::table! {
    event_counter (id) {
        id -> SmallInt,
        last_id -> BigInt,
    }
}

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(comments -> users (author_id));
diesel::joinable!(comment_mentions -> users (user_id));
diesel::joinable!(ticket_watchers -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(
    users,
    sessions,
    categories,
    tickets,
    ticket_watchers,
    comments,
    comment_mentions,
    events
);
