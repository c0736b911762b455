//! The tables, as diesel checks queries against them. `turno verify-schema` holds what the migrations make against a live
//! database; see [`super::verify`].

#![allow(
    missing_docs,
    reason = "diesel generates items that cannot be documented; the migrations say what each column is"
)]

pub mod demo;

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
        avatar_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    avatars (user_id) {
        user_id -> BigInt,
        set_at -> BigInt,
        media_type -> Text,
        bytes -> Binary,
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
    tokens (id) {
        id -> BigInt,
        user_id -> BigInt,
        name -> Text,
        digest -> Text,
        scopes -> SmallInt,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        last_used_address -> Nullable<Text>,
    }
}

diesel::table! {
    categories (id) {
        id -> BigInt,
        name -> Text,
        name_folded -> Text,
        position -> Integer,
        colour -> SmallInt,
        default_assignee_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    replies (id) {
        id -> BigInt,
        author_id -> BigInt,
        shared -> Bool,
        created_at -> BigInt,
        updated_at -> BigInt,
        title -> Text,
        title_folded -> Text,
        body -> Text,
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
        awaits_staff -> Bool,
    }
}

diesel::table! {
    saved_views (id) {
        id -> BigInt,
        user_id -> BigInt,
        shared -> Bool,
        created_at -> BigInt,
        name -> Text,
        filters -> Text,
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
    ticket_clients (author_id, client_id) {
        author_id -> BigInt,
        client_id -> Text,
        ticket_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    ticket_reads (user_id, ticket_id) {
        user_id -> BigInt,
        ticket_id -> BigInt,
        comment_id -> BigInt,
        read_at -> BigInt,
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
        client_id -> Nullable<Text>,
    }
}

diesel::table! {
    blobs (id) {
        id -> BigInt,
        hash -> Text,
        storage_key -> Text,
        size -> BigInt,
        thumbnail -> Nullable<Text>,
        created_at -> BigInt,
        used_at -> BigInt,
    }
}

diesel::table! {
    attachments (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        comment_id -> Nullable<BigInt>,
        uploader_id -> BigInt,
        blob_id -> BigInt,
        created_at -> BigInt,
        media_type -> Text,
        name -> Text,
        client_id -> Nullable<Text>,
        client_nth -> SmallInt,
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
        hash -> Binary,
    }
}

diesel::table! {
    event_counter (id) {
        id -> SmallInt,
        last_id -> BigInt,
        last_hash -> Binary,
        unchained -> Bool,
    }
}

diesel::table! {
    desk_marks (id) {
        id -> SmallInt,
        mark -> Text,
    }
}

diesel::table! {
    settings (id) {
        id -> SmallInt,
        version -> BigInt,
        updated_at -> BigInt,
        name -> Text,
        primary_colour -> Text,
        technician_scope -> Nullable<SmallInt>,
        logo_tag -> Nullable<Text>,
        first_steps_away -> Bool,
        favicon_tag -> Nullable<Text>,
    }
}

diesel::table! {
    settings_pictures (name) {
        name -> Text,
        content -> Binary,
    }
}

diesel::table! {
    mails (id) {
        id -> BigInt,
        user_id -> BigInt,
        ticket_id -> Nullable<BigInt>,
        kind -> Text,
        locale -> Text,
        address -> Text,
        subject -> Text,
        state -> SmallInt,
        attempts -> Integer,
        next_attempt_at -> BigInt,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        letter -> Nullable<Text>,
        claimed_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    password_links (id) {
        id -> BigInt,
        user_id -> BigInt,
        kind -> SmallInt,
        nonce -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    notifications (id) {
        id -> BigInt,
        user_id -> BigInt,
        kind -> SmallInt,
        ticket_id -> Nullable<BigInt>,
        comment_id -> Nullable<BigInt>,
        actor_id -> Nullable<BigInt>,
        status -> Nullable<SmallInt>,
        internal -> Bool,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    notification_choices (user_id, kind) {
        user_id -> BigInt,
        kind -> SmallInt,
        in_app -> Bool,
        mail -> Bool,
    }
}

diesel::table! {
    messages (id) {
        id -> BigInt,
        low_id -> BigInt,
        high_id -> BigInt,
        from_id -> BigInt,
        to_id -> BigInt,
        client_id -> Nullable<Text>,
        created_at -> BigInt,
        delivered_at -> Nullable<BigInt>,
        read_at -> Nullable<BigInt>,
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        body -> Text,
        body_folded -> Text,
    }
}

diesel::table! {
    conversations (user_id, peer_id) {
        user_id -> BigInt,
        peer_id -> BigInt,
        last_message_id -> BigInt,
        unread -> Integer,
    }
}

diesel::table! {
    message_files (id) {
        id -> BigInt,
        message_id -> BigInt,
        blob_id -> BigInt,
        created_at -> BigInt,
        media_type -> Text,
        name -> Text,
    }
}

diesel::table! {
    chat_digests (user_id) {
        user_id -> BigInt,
        told_at -> BigInt,
        last_message_id -> BigInt,
    }
}

diesel::table! {
    live_signals (id) {
        id -> BigInt,
        at -> BigInt,
        letter -> Text,
    }
}

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(tokens -> users (user_id));
diesel::joinable!(saved_views -> users (user_id));
diesel::joinable!(mails -> users (user_id));
diesel::joinable!(password_links -> users (user_id));
diesel::joinable!(comments -> users (author_id));
diesel::joinable!(attachments -> users (uploader_id));
diesel::joinable!(attachments -> blobs (blob_id));
diesel::joinable!(attachments -> comments (comment_id));
diesel::joinable!(comment_mentions -> users (user_id));
diesel::joinable!(ticket_watchers -> users (user_id));
diesel::joinable!(replies -> users (author_id));
diesel::joinable!(message_files -> blobs (blob_id));
diesel::joinable!(message_files -> messages (message_id));
diesel::allow_tables_to_appear_in_same_query!(
    users,
    avatars,
    sessions,
    tokens,
    categories,
    tickets,
    ticket_watchers,
    ticket_reads,
    comments,
    comment_mentions,
    events,
    blobs,
    attachments
);
diesel::allow_tables_to_appear_in_same_query!(events, event_counter);
diesel::allow_tables_to_appear_in_same_query!(users, mails);
diesel::allow_tables_to_appear_in_same_query!(users, saved_views);
diesel::allow_tables_to_appear_in_same_query!(users, replies);
diesel::allow_tables_to_appear_in_same_query!(notifications, users);
diesel::allow_tables_to_appear_in_same_query!(notifications, tickets);
diesel::allow_tables_to_appear_in_same_query!(notifications, ticket_watchers);
diesel::allow_tables_to_appear_in_same_query!(users, password_links);
diesel::allow_tables_to_appear_in_same_query!(users, conversations, chat_digests, messages);
diesel::allow_tables_to_appear_in_same_query!(messages, message_files, blobs);
diesel::allow_tables_to_appear_in_same_query!(attachments, message_files);
