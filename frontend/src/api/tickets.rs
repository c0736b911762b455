//! Tickets, their comments and their history.

use shared::{
    ids::{CommentId, TicketId, UserId},
    page::Page,
    tickets::{
        AddComment, AssignTicket, ChangeOutcome, ChangeState, ChangeTickets, Comment, CreateTicket, EditComment,
        HistoryEntry, MarkTicketRead, Mention, MentionQuery, PageQuery, Preview, PreviewComment, SimilarQuery,
        SimilarTicket, Status, Ticket, TicketQuery, TicketSummary, UpdateTicket, Watcher,
    },
};

use super::{
    ClientError, Purpose, delete, get_background, get_for, patch, patch_background, post, post_for, put,
    put_background, with_query,
};

/// Lists the tickets that match.
pub async fn list(query: &TicketQuery, purpose: Purpose) -> Result<Page<TicketSummary>, ClientError> {
    get_for(&with_query("/tickets", query), purpose).await
}

/// Opens a ticket.
pub async fn create(request: &CreateTicket) -> Result<Ticket, ClientError> {
    post("/tickets", request).await
}

/// Reads a ticket.
pub async fn read(id: TicketId, purpose: Purpose) -> Result<Ticket, ClientError> {
    get_for(&format!("/tickets/{id}"), purpose).await
}

/// Changes a ticket; a stale version comes back as a conflict that holds the ticket as it is now.
pub async fn update(id: TicketId, request: &UpdateTicket) -> Result<Ticket, ClientError> {
    patch(&format!("/tickets/{id}"), request).await
}

/// Closes a ticket that is still of this version; a stale one comes back as a conflict.
pub async fn close(id: TicketId, version: i64) -> Result<Ticket, ClientError> {
    post(&format!("/tickets/{id}/close"), &ChangeState { version: Some(version) }).await
}

/// Opens a closed ticket that is still of this version again; a stale one comes back as a conflict.
pub async fn reopen(id: TicketId, version: i64) -> Result<Ticket, ClientError> {
    post(&format!("/tickets/{id}/reopen"), &ChangeState { version: Some(version) }).await
}

/// Takes a ticket that is still of this version to another state, for either.
pub async fn turn(before: &Ticket, to: Status, purpose: Purpose) -> Result<Ticket, ClientError> {
    let path = format!("/tickets/{}", before.id);
    let change = ChangeState { version: Some(before.version) };
    match (before.status, to) {
        (_, Status::Closed) => post_for(&format!("{path}/close"), &change, purpose).await,
        (Status::Closed, Status::Open) => post_for(&format!("{path}/reopen"), &change, purpose).await,
        _ => {
            let request = UpdateTicket { version: before.version, status: Some(to), ..UpdateTicket::default() };
            if purpose == Purpose::Background {
                patch_background(&path, &request).await
            } else {
                patch(&path, &request).await
            }
        }
    }
}

/// Gives a ticket to somebody on staff, or puts it back.
pub async fn assign(id: TicketId, request: &AssignTicket) -> Result<Ticket, ClientError> {
    post(&format!("/tickets/{id}/assign"), request).await
}

/// Changes several tickets, each by itself.
pub async fn change(request: &ChangeTickets) -> Result<Page<ChangeOutcome>, ClientError> {
    post("/tickets/bulk", request).await
}

/// One page of a ticket's comments, oldest first.
pub async fn comments(id: TicketId, query: &PageQuery, purpose: Purpose) -> Result<Page<Comment>, ClientError> {
    get_for(&with_query(&format!("/tickets/{id}/comments"), query), purpose).await
}

/// Writes a comment. Sent again under the same `client_id`, it is written once.
pub async fn comment(id: TicketId, request: &AddComment, purpose: Purpose) -> Result<Comment, ClientError> {
    post_for(&format!("/tickets/{id}/comments"), request, purpose).await
}

/// Edits one's own comment.
pub async fn edit_comment(id: CommentId, request: &EditComment) -> Result<Comment, ClientError> {
    patch(&format!("/comments/{id}"), request).await
}

/// One page of a ticket's history, oldest first.
pub async fn history(id: TicketId, query: &PageQuery, purpose: Purpose) -> Result<Page<HistoryEntry>, ClientError> {
    get_for(&with_query(&format!("/tickets/{id}/history"), query), purpose).await
}

/// Whom a comment could mention, at most ten. Typing puts off no session's end, so neither does this.
pub async fn mentionable(id: TicketId, query: &MentionQuery) -> Result<Page<Mention>, ClientError> {
    get_background(&with_query(&format!("/tickets/{id}/mentionable"), query)).await
}

/// How a text will look, and whom it will mention.
pub async fn preview(request: &PreviewComment, purpose: Purpose) -> Result<Preview, ClientError> {
    post_for("/previews", request, purpose).await
}

/// One page of those who follow a ticket. The page asks by itself whenever that changed.
pub async fn watchers(id: TicketId, query: &PageQuery) -> Result<Page<Watcher>, ClientError> {
    get_background(&with_query(&format!("/tickets/{id}/watchers"), query)).await
}

/// Follows a ticket.
pub async fn watch(id: TicketId) -> Result<(), ClientError> {
    put(&format!("/tickets/{id}/watch"), &()).await
}

/// Follows a ticket no more.
pub async fn unwatch(id: TicketId) -> Result<(), ClientError> {
    delete(&format!("/tickets/{id}/watch")).await
}

/// Lets somebody follow a ticket.
pub async fn invite(id: TicketId, person: UserId) -> Result<(), ClientError> {
    put(&format!("/tickets/{id}/watchers/{person}"), &()).await
}

/// Sees to it that somebody follows a ticket no more.
pub async fn dismiss(id: TicketId, person: UserId) -> Result<(), ClientError> {
    delete(&format!("/tickets/{id}/watchers/{person}")).await
}

/// Tickets that a title resembles. Typing puts off no session's end, so neither does this.
pub async fn similar(query: &SimilarQuery) -> Result<Page<SimilarTicket>, ClientError> {
    get_background(&with_query("/tickets/similar", query)).await
}

/// Notes up to where the person has read a ticket. The page does so by itself.
pub async fn mark_read(id: TicketId, upto: CommentId) -> Result<(), ClientError> {
    put_background(&format!("/tickets/{id}/read"), &MarkTicketRead { comment_id: Some(upto) }).await
}
