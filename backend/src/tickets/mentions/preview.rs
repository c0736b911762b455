//! How a text will look before it is sent.

use shared::tickets::{Preview, PreviewComment, Visibility};

use super::{Mentioned, resolve};
use crate::{
    auth::caller::Caller,
    error::AppError,
    markdown::{self, Names},
    state::State,
    tickets::{access, comments::writing},
};

/// The text as it will look, and whom it will mention. Nothing is kept.
pub async fn preview(state: &State, caller: &Caller, request: PreviewComment) -> Result<Preview, AppError> {
    state.auth.limits.preview(caller.id())?;
    let Some(id) = request.ticket_id else {
        let html = markdown::to_html(&request.body, &Names::new());
        return Ok(Preview { html, mentions: Vec::new(), unseen_by: Vec::new() });
    };
    let visibility = request.visibility.unwrap_or(Visibility::Public);
    let words = markdown::mentioned(&request.body);
    let mut conn = state.db.read().await?;
    let ticket = access::allowed(&mut conn, caller, id, writing(visibility)).await?;
    let mentioned = resolve(&mut conn, caller, &ticket, visibility, &words).await?;
    let unseen_by = match visibility {
        Visibility::Public => Vec::new(),
        Visibility::Internal => {
            let mut all = resolve(&mut conn, caller, &ticket, Visibility::Public, &words).await?;
            all.retain(|one| !mentioned.contains(one));
            all
        }
    };
    drop(conn);
    let names = mentioned.iter().map(|one| (one.word.clone(), one.name.clone())).collect();
    Ok(Preview {
        html: markdown::to_html(&request.body, &names),
        mentions: mentioned.iter().map(Mentioned::to_mention).collect(),
        unseen_by: unseen_by.iter().map(Mentioned::to_mention).collect(),
    })
}
