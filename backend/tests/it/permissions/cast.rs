//! The people who ask for every route, and what they ask about.

use backend::db;
use reqwest::Method;

use super::CALLERS;
use crate::support::{Client, TestApp, new_id, png, sql_for_person};

/// What a request is about; all of it is made anew for each request.
pub struct Place {
    pub ticket: i64,
    pub closed: i64,
    /// A public comment by the ticket's owner.
    pub comment: i64,
    /// An internal note by somebody else on staff.
    pub note: i64,
    /// A picture on the ticket, attached by its owner.
    pub attachment: i64,
    /// One on the internal note.
    pub note_attachment: i64,
    pub person: i64,
    pub colleague: i64,
    pub category: i64,
    /// A saved reply of the caller.
    pub reply: i64,
    /// One of the colleague that all of staff has.
    pub shared_reply: i64,
    /// One that the colleague keeps for themselves.
    pub private_reply: i64,
    /// What the caller wrote to the colleague.
    pub message: i64,
    /// A picture in that message.
    pub message_file: i64,
    /// What the colleague wrote to the caller.
    pub answer: i64,
    /// What somebody else wrote to the colleague.
    pub foreign_message: i64,
    /// A picture in that one.
    pub foreign_file: i64,
    /// One that waits.
    pub mail: i64,
    /// Another session of the caller.
    pub session: i64,
    /// A session of somebody else.
    pub foreign_session: i64,
    /// A token of the caller.
    pub token: i64,
    /// A token of somebody else.
    pub foreign_token: i64,
    /// A view of the caller.
    pub view: i64,
    /// A view that the colleague shares.
    pub shared_view: i64,
    /// A view of somebody else.
    pub foreign_view: i64,
    pub caller: i64,
    pub login: String,
    pub unused: String,
}

/// The people who ask and those they ask about.
pub struct Cast {
    pub callers: [Client; 8],
    pub colleague: Client,
    pub person: Client,
    /// Somebody who never asks.
    pub author: Client,
    /// A picture in the storage.
    pub blob: i64,
}

impl Cast {
    pub async fn new(app: &TestApp) -> Self {
        let cast = Self::people(app).await;
        cast.colleague.request(Method::PUT, "/me/avatar").file("red.png", png(8, 8)).send().await.expect(200);
        cast
    }

    async fn people(app: &TestApp) -> Self {
        let admin = app.admin().await;
        let ticket = app.ticket(&admin, "x").await;
        admin.attach(ticket, &[("a.png", &png(8, 8))]).await.expect(201);
        Self {
            blob: app.number("SELECT id AS n FROM blobs").await,
            callers: [
                app.anonymous(),
                app.user().await,
                app.user().await,
                app.user().await,
                app.technician().await,
                app.technician().await,
                app.technician().await,
                admin,
            ],
            colleague: app.technician().await,
            person: app.user().await,
            author: app.user().await,
        }
    }

    /// Makes all that a request of the caller in this column is about, in one go; and the caller, with a new session.
    pub async fn place(&self, app: &TestApp, column: usize) -> (Client, Place) {
        let (owner, follower, caller) = (self.callers[1].id, self.callers[2].id, &self.callers[column]);
        let (colleague, now) = (self.colleague.id, db::to_micros(db::now()));
        let [ticket, closed, comment, note, category, mail, token, foreign_token, attachment, note_attachment] =
            std::array::from_fn(|_| new_id());
        let [message, answer, foreign_message, message_file, foreign_file] = std::array::from_fn(|_| new_id());
        let [view, shared_view, foreign_view] = std::array::from_fn(|_| new_id());
        let [reply, shared_reply, private_reply] = std::array::from_fn(|_| new_id());
        let person = new_id();
        let person = Client { id: person, username: format!("p{person}"), name: "Una".to_owned(), ..app.anonymous() };
        let (foreign, foreign_sql) = app.with_session(self.person.clone());
        let mut sql = vec![sql_for_person(&person, 0), foreign_sql];
        let (mut session, mut asking) = (foreign.session, caller.clone());
        if caller.id != 0 {
            let (other, other_sql) = app.with_session(caller.clone());
            let (again, again_sql) = app.with_session(caller.clone());
            sql.extend([other_sql, again_sql]);
            (session, asking) = (other.session, again);
        }
        let own = if caller.id == 0 { self.person.id } else { caller.id };
        for (id, of) in [(token, own), (foreign_token, self.person.id)] {
            sql.push(format!(
                "INSERT INTO tokens (id, user_id, name, digest, scopes, created_at) VALUES ({id}, {of}, 't', '{id}', 1, {now})"
            ));
        }
        // Nobody has so many that there is no room for another.
        sql.extend(["DELETE FROM saved_views".to_owned(), "DELETE FROM replies".to_owned()]);
        for (id, of, shared) in
            [(view, own, "FALSE"), (shared_view, colleague, "TRUE"), (foreign_view, colleague, "FALSE")]
        {
            sql.push(format!(
                "INSERT INTO saved_views (id, user_id, shared, created_at, name, filters) VALUES ({id}, {of}, {shared}, {now}, 'v', '{{}}')"
            ));
        }
        for (id, of, is_shared) in
            [(reply, own, "FALSE"), (shared_reply, colleague, "TRUE"), (private_reply, colleague, "FALSE")]
        {
            sql.push(format!(
                "INSERT INTO replies (id, author_id, shared, created_at, updated_at, title, title_folded, body) \
                 VALUES ({id}, {of}, {is_shared}, {now}, {now}, 'r', 'r', 'Hola')"
            ));
        }
        let assignee = match CALLERS[column] {
            "tech (own)" => caller.id.to_string(),
            "tech (another's)" => colleague.to_string(),
            _ => "NULL".to_owned(),
        };
        for (id, status) in [(ticket, 0), (closed, 3)] {
            sql.push(format!(
                "INSERT INTO tickets (id, status, priority, requester_id, assignee_id, version, created_at, updated_at, \
                 title, title_folded, description) VALUES ({id}, {status}, 1, {owner}, {assignee}, 1, {now}, {now}, 'Ratón', \
                 'raton', 'x')"
            ));
            sql.push(format!(
                "INSERT INTO ticket_watchers (ticket_id, user_id, created_at) VALUES ({id}, {follower}, {now})"
            ));
        }
        for (id, author, visibility) in [(comment, owner, 0), (note, colleague, 1)] {
            sql.push(format!(
                "INSERT INTO comments (id, ticket_id, author_id, visibility, created_at, body) \
                 VALUES ({id}, {ticket}, {author}, {visibility}, {now}, 'Hola')"
            ));
        }
        let blob = self.blob;
        for (id, comment, uploader) in
            [(attachment, "NULL".to_owned(), owner), (note_attachment, note.to_string(), colleague)]
        {
            sql.push(format!(
                "INSERT INTO attachments (id, ticket_id, comment_id, uploader_id, blob_id, created_at, media_type, name) \
                 VALUES ({id}, {ticket}, {comment}, {uploader}, {blob}, {now}, 'image/png', 'a.png')"
            ));
        }
        for (id, from, to) in
            [(message, own, colleague), (answer, colleague, own), (foreign_message, self.author.id, colleague)]
        {
            sql.push(format!(
                "INSERT INTO messages (id, low_id, high_id, from_id, to_id, created_at, body, body_folded) \
                 VALUES ({id}, {}, {}, {from}, {to}, {now}, 'Hola', 'hola')",
                from.min(to),
                from.max(to)
            ));
        }
        for (id, message) in [(message_file, message), (foreign_file, foreign_message)] {
            sql.push(format!(
                "INSERT INTO message_files (id, message_id, blob_id, created_at, media_type, name) \
                 VALUES ({id}, {message}, {blob}, {now}, 'image/png', 'a.png')"
            ));
        }
        sql.push(format!(
            "INSERT INTO categories (id, name, name_folded, position) VALUES ({category}, 'c', 'c{category}', 1)"
        ));
        sql.push(format!(
            "INSERT INTO mails (id, user_id, kind, locale, address, subject, state, attempts, next_attempt_at, created_at, \
             letter) VALUES ({mail}, {}, 'test', 'es', 'x@example.org', 'x', 0, 0, {now}, {now}, '{{\"kind\":\"test\"}}')",
            person.id
        ));
        app.sql(&sql.join("; ")).await;
        let place = Place {
            ticket,
            closed,
            comment,
            note,
            attachment,
            note_attachment,
            person: person.id,
            colleague,
            category,
            reply,
            shared_reply,
            private_reply,
            message,
            message_file,
            answer,
            foreign_message,
            foreign_file,
            mail,
            session,
            foreign_session: foreign.session,
            token,
            foreign_token,
            view,
            shared_view,
            foreign_view,
            caller: caller.id,
            login: person.username,
            unused: format!("u{}", new_id()),
        };
        (asking, place)
    }
}
