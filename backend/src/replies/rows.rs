//! Saved replies as the database keeps them.

use diesel::prelude::*;
use shared::{
    ids::{ReplyId, UserId},
    replies::{SavedReply, may_edit},
};

use crate::{
    accounts::rows::{Face, user_ref},
    auth::caller::Caller,
    db::{from_micros, schema::replies},
};

/// A saved reply.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = replies, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct ReplyRow {
    pub id: i64,
    pub author_id: i64,
    pub shared: bool,
    pub updated_at: i64,
    pub title: String,
    pub title_folded: String,
    pub body: String,
}

impl ReplyRow {
    /// Whether somebody has it.
    pub fn is_seen_by(&self, me: UserId) -> bool {
        self.shared || self.author_id == me.0
    }

    /// As the caller sees it.
    pub fn into_reply(self, author: Face, caller: &Caller) -> SavedReply {
        SavedReply {
            id: ReplyId(self.id),
            title: self.title,
            body: self.body,
            shared: self.shared,
            author: user_ref(self.author_id, author.name, author.avatar_at),
            editable: may_edit(caller.role(), caller.id(), UserId(self.author_id)),
            updated_at: from_micros(self.updated_at),
        }
    }
}

/// A saved reply to add.
#[derive(Insertable)]
#[diesel(table_name = replies)]
pub struct NewReply<'a> {
    pub author_id: i64,
    pub shared: bool,
    pub created_at: i64,
    pub updated_at: i64,
    pub title: &'a str,
    pub title_folded: &'a str,
    pub body: &'a str,
}

/// What changes of a saved reply; absent columns stay.
#[derive(Default, AsChangeset)]
#[diesel(table_name = replies)]
pub struct ReplyColumns {
    pub shared: Option<bool>,
    pub updated_at: Option<i64>,
    pub title: Option<String>,
    pub title_folded: Option<String>,
    pub body: Option<String>,
}
