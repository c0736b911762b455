//! What happens when the desk's settings are read and changed, and the desk's face for whoever writes in its name: mails,
//! exported documents, the page.

use sha2::{Digest, Sha256};
use shared::settings::{PublicSettings, Settings, UpdateSettings};

use super::{
    rows::{LOGO, LOGO_FAVICON, OWN_FAVICON, PictureKind, SettingsChanges, SettingsRow, scope_code},
    store, theme,
};
use crate::{
    auth::caller::Caller,
    db::{Conn, DbError, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent, chain, change},
    images::{self, PictureError, turns::Place},
    state::State,
};

/// The box a logo is fitted into, in pixels: sharp on any screen at the sizes it is shown and printed in.
const LOGO_BOX: (u32, u32) = (640, 240);
/// The side of the small picture for browsers.
const FAVICON_SIDE: u32 = 64;
/// What every desk begins with; the migration that makes the settings says the same.
const FIRST_NAME: &str = "Turno";
const FIRST_COLOUR: &str = "#0b6e66";

/// How the desk presents itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Its name.
    pub name: String,
    /// Its colour, as `#rrggbb`.
    pub colour: String,
    /// Its logo, as PNG.
    pub logo: Option<Vec<u8>>,
}

/// How the desk presents itself now.
pub async fn brand(conn: &mut Conn) -> Result<Brand, DbError> {
    let row = store::find(conn).await?;
    let logo = match row.logo_tag {
        Some(_) => store::picture(conn, LOGO).await?,
        None => None,
    };
    Ok(Brand { name: row.name, colour: row.primary_colour, logo })
}

/// What the desk calls itself, for whoever needs no more than that.
pub async fn desk_name(conn: &mut Conn) -> Result<String, DbError> {
    Ok(store::find(conn).await?.name)
}

/// The settings, for an administrator: what the database says, whatever this process knows.
pub async fn get(state: &State) -> Result<Settings, AppError> {
    let row = store::find(&mut state.db.lookup().await?).await?;
    state.settings.replace(row.clone());
    Ok(row.to_settings(state.settings.default_scope()))
}

/// What anybody may know. It is held in memory, so that a login page shows even while the database is away.
pub fn public(state: &State) -> PublicSettings {
    state.settings.present().to_public()
}

/// The style sheet of the desk's colour.
pub fn style_sheet(state: &State) -> String {
    theme::style_sheet(&state.settings.present().primary_colour)
}

/// Changes the settings.
pub async fn update(state: &State, caller: &Caller, request: UpdateSettings) -> Result<Settings, AppError> {
    let changes = SettingsChanges {
        name: request.name.map(|name| name.trim().to_owned()),
        primary_colour: request.primary_colour.map(|colour| colour.to_ascii_lowercase()),
        technician_scope: request.technician_scope.map(|scope| scope.map(scope_code)),
        ..SettingsChanges::default()
    };
    let row = write(state, caller, request.version, &changes, async |_| Ok(())).await?;
    Ok(row.to_settings(state.settings.default_scope()))
}

/// Sets the logo: written anew without anything but its pixels, fitted, and made small for browsers.
pub async fn set_logo(state: &State, caller: &Caller, place: Place, file: Vec<u8>) -> Result<Settings, AppError> {
    let made = place.work(move || {
        let picture = images::decode(&file)?;
        let (width, height) = LOGO_BOX;
        Ok((images::png_within(&picture, width, height)?, images::icon(&picture, FAVICON_SIDE)?))
    });
    let (logo, favicon) = made.await.map_err(refused)?;
    let changes = SettingsChanges { logo_tag: Some(Some(tag_of(&logo))), ..SettingsChanges::default() };
    let row = write(state, caller, None, &changes, async |conn: &mut Conn| {
        delete_logo_pictures(conn).await?;
        store::insert_picture(conn, LOGO, &logo).await?;
        store::insert_picture(conn, LOGO_FAVICON, &favicon).await
    })
    .await?;
    Ok(row.to_settings(state.settings.default_scope()))
}

/// What tells a content from any other, in a few characters.
pub fn tag_of(content: &[u8]) -> String {
    chain::written(Sha256::digest(content).get(..8).unwrap_or_default())
}

/// Takes the logo away.
pub async fn delete_logo(state: &State, caller: &Caller) -> Result<(), AppError> {
    let changes = SettingsChanges { logo_tag: Some(None), ..SettingsChanges::default() };
    write(state, caller, None, &changes, async |conn: &mut Conn| delete_logo_pictures(conn).await).await.map(drop)
}

async fn delete_logo_pictures(conn: &mut Conn) -> Result<(), DbError> {
    store::delete_picture(conn, LOGO).await?;
    store::delete_picture(conn, LOGO_FAVICON).await
}

/// Sets a favicon of the desk's own, in place of the one made of the logo: written anew as that is.
pub async fn set_favicon(state: &State, caller: &Caller, place: Place, file: Vec<u8>) -> Result<Settings, AppError> {
    let made = place.work(move || images::icon(&images::decode(&file)?, FAVICON_SIDE));
    let favicon = made.await.map_err(refused)?;
    let changes = SettingsChanges { favicon_tag: Some(Some(tag_of(&favicon))), ..SettingsChanges::default() };
    let row = write(state, caller, None, &changes, async |conn: &mut Conn| {
        store::delete_picture(conn, OWN_FAVICON).await?;
        store::insert_picture(conn, OWN_FAVICON, &favicon).await
    })
    .await?;
    Ok(row.to_settings(state.settings.default_scope()))
}

/// Takes the desk's own favicon away; the logo's takes its place.
pub async fn delete_favicon(state: &State, caller: &Caller) -> Result<(), AppError> {
    let changes = SettingsChanges { favicon_tag: Some(None), ..SettingsChanges::default() };
    write(state, caller, None, &changes, async |conn: &mut Conn| store::delete_picture(conn, OWN_FAVICON).await)
        .await
        .map(drop)
}

/// Puts the list of first steps away, for everybody who runs the desk.
pub async fn put_first_steps_away(state: &State, caller: &Caller) -> Result<(), AppError> {
    let changes = SettingsChanges { first_steps_away: Some(true), ..SettingsChanges::default() };
    write(state, caller, None, &changes, async |_| Ok(())).await.map(drop)
}

/// Whether the desk has a name, a colour or a logo of its own, and whether the list of first steps was put away.
pub async fn first_steps(conn: &mut Conn) -> Result<(bool, bool), DbError> {
    let row = store::find(conn).await?;
    let own = row.name != FIRST_NAME || row.primary_colour != FIRST_COLOUR || row.logo_tag.is_some();
    Ok((own, row.first_steps_away))
}

fn refused(error: PictureError) -> AppError {
    use shared::problem::FieldCode::{NotAPicture, PictureTooLarge};

    match error {
        PictureError::Unreadable(_) => AppError::field("file", NotAPicture),
        PictureError::TooLarge | PictureError::Bomb => AppError::field("file", PictureTooLarge),
        PictureError::Interrupted(cause) => AppError::Unavailable { cause },
    }
}

/// One transaction: the change, what goes with it, the event. Nothing happens when nothing would change. Without a
/// version the change is made to whatever is there.
async fn write(
    state: &State,
    caller: &Caller,
    version: Option<i64>,
    changes: &SettingsChanges,
    besides: impl AsyncFn(&mut Conn) -> Result<(), DbError>,
) -> Result<SettingsRow, AppError> {
    let origin = caller.origin();
    let row = state
        .db
        .write(async |conn| -> Result<_, AppError> {
            let before = store::lock(conn).await?;
            if version.is_some_and(|version| version != before.version) {
                let current = before.to_settings(state.settings.default_scope());
                return Err(AppError::VersionConflict(serde_json::to_value(current).ok()));
            }
            let mut after = changes.applied(&before);
            if after == before {
                return Ok(before);
            }
            after.version = before.version + 1;
            after.updated_at = to_micros(now());
            store::update(conn, after.version, after.updated_at, changes).await?;
            besides(conn).await?;
            let event = NewEvent::whole_desk(&origin, EventKind::SettingsUpdated);
            events::append(conn, &event.changes(differences(&before, &after))).await?;
            Ok(after)
        })
        .await?;
    state.settings.replace(row.clone());
    Ok(row)
}

fn differences(before: &SettingsRow, after: &SettingsRow) -> Vec<shared::tickets::Change> {
    let scope = |row: &SettingsRow| row.scope().map(shared::permissions::TechnicianScope::as_str);
    [
        change("name", &before.name, &after.name),
        change("primary_colour", &before.primary_colour, &after.primary_colour),
        change("technician_scope", &scope(before), &scope(after)),
        change("logo", &before.logo_tag, &after.logo_tag),
        change("favicon", &before.favicon_tag, &after.favicon_tag),
        change("first_steps_away", &before.first_steps_away, &after.first_steps_away),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A picture of the desk's own.
#[derive(Debug)]
pub struct Picture {
    /// PNG.
    pub content: Vec<u8>,
    /// Which one it is.
    pub tag: String,
}

/// The tag of the picture there is, without asking the database.
pub fn picture_tag(state: &State, kind: PictureKind) -> Option<String> {
    state.settings.present().picture(kind).map(|(_, tag)| tag.to_owned())
}

/// One of the desk's pictures; none until one is set.
pub async fn picture(state: &State, kind: PictureKind) -> Result<Picture, AppError> {
    let mut conn = state.db.read().await?;
    // The tag that belongs to this picture, not the one this process last heard of.
    let row = store::find(&mut conn).await?;
    let (name, tag) = row.picture(kind).ok_or(AppError::NotFound)?;
    let content = store::picture(&mut conn, name).await?.ok_or(AppError::NotFound)?;
    Ok(Picture { content, tag: tag.to_owned() })
}
