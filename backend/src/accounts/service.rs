//! What happens when people are made and changed.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use shared::{
    accounts::{CreateUser, Role, Theme, UpdateUser, User, UserQuery, UserRef},
    fields::USERNAME_MAX,
    ids::UserId,
    page::Page,
    problem::{FieldCode, FieldErrors},
};

use super::{
    folding::{email_in_ascii, folded_email, folded_name, folded_username},
    rows::{NewUser, UserChanges, UserRow, locale_code, role_code, role_of, theme_code},
    store,
};
use crate::{
    auth::{self, caller::Caller, passwords::Passwords},
    categories,
    db::{Conn, Db, DbError, dialect::violated_index, from_micros, is_unique_violation, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent, Origin, change},
    password_links,
    state::State,
    text::fold_within,
    tickets,
    web::paging,
};

/// How far the note of a person's last request lags behind it at most.
const SEEN_LAG: TimeDelta = TimeDelta::minutes(1);

/// The person whose user name or address this is, in any case.
pub async fn find_by_login(conn: &mut Conn, login: &str) -> Result<Option<UserRow>, DbError> {
    // Control characters are in no login, and PostgreSQL takes no NUL in text.
    if login.is_empty() || login.len() > 300 || login.chars().any(char::is_control) {
        return Ok(None);
    }
    let email = email_in_ascii(login.trim()).unwrap_or_default().to_lowercase();
    store::find_by_login(conn, &fold_within(login, 2 * USERNAME_MAX), &email).await
}

/// One person.
pub async fn find(conn: &mut Conn, id: UserId) -> Result<Option<UserRow>, DbError> {
    store::find(conn, id).await
}

/// People as shown beside what they did, by their numbers; those who are not there are left out.
pub async fn refs(conn: &mut Conn, ids: &[UserId]) -> Result<HashMap<UserId, UserRef>, DbError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = store::find_all(conn, ids).await?;
    Ok(rows.into_iter().map(|row| (UserId(row.id), row.to_ref())).collect())
}

/// How many people there are, with access or without.
pub async fn count(conn: &mut Conn) -> Result<i64, DbError> {
    store::count(conn).await
}

/// Keeps others from changing a person, or holding them, until the transaction ends.
pub async fn hold(conn: &mut Conn, id: UserId) -> Result<(), DbError> {
    store::lock(conn, id).await
}

/// Notes when a person was last seen.
pub async fn record_seen(conn: &mut Conn, id: UserId, at: DateTime<Utc>) -> Result<(), DbError> {
    store::set_last_seen(conn, id, at).await
}

/// The same for a person who is at work: once a minute at most.
pub async fn refresh_seen(conn: &mut Conn, id: UserId, at: DateTime<Utc>) -> Result<(), DbError> {
    store::refresh_last_seen(conn, &[id], at, at - SEEN_LAG).await
}

/// Notes that people were still there at a moment, unless a later one was noted.
pub async fn note_seen(conn: &mut Conn, people: &[UserId], at: DateTime<Utc>) -> Result<(), DbError> {
    store::refresh_last_seen(conn, people, at, at).await
}

/// The active people of these roles after a number, in the order of their numbers, and when they were last seen.
pub async fn last_seen(
    conn: &mut Conn,
    roles: &[Role],
    after: UserId,
    limit: i64,
) -> Result<Vec<(UserId, Option<DateTime<Utc>>)>, DbError> {
    let rows = store::seen(conn, roles, after.0, limit).await?;
    Ok(rows.into_iter().map(|(id, at)| (UserId(id), at.map(from_micros))).collect())
}

/// Locks a person until the transaction ends.
pub async fn lock(conn: &mut Conn, id: UserId) -> Result<(), DbError> {
    store::lock(conn, id).await
}

/// Whether there is nobody yet: a new desk.
pub async fn is_empty(conn: &mut Conn) -> Result<bool, DbError> {
    Ok(store::count(conn).await? == 0)
}

/// Whether somebody may run the desk: an administrator with access.
pub async fn has_admin(conn: &mut Conn) -> Result<bool, DbError> {
    Ok(store::count_active_admins(conn).await? > 0)
}

/// People by name.
pub async fn list(db: &Db, query: &UserQuery) -> Result<Page<User>, AppError> {
    let limit = paging::limit(query.limit)?;
    let text = paging::search_text(query.q.as_deref())?;
    let scope = paging::scope("users", &UserQuery { limit: None, cursor: None, q: text.clone(), ..query.clone() })?;
    let after = paging::decode::<(String, i64)>(&scope, query.cursor.as_deref())?;
    // A cursor is not signed, and PostgreSQL takes no NUL in text.
    if after.as_ref().is_some_and(|(name, _)| name.contains('\0')) {
        return Err(AppError::InvalidCursor);
    }
    let mut conn = db.read().await?;
    let rows = store::list(&mut conn, &UserQuery { q: text, ..query.clone() }, after, paging::one_more(limit)).await?;
    paging::page(&scope, rows, limit, |(row, folded)| (folded.clone(), row.id), |(row, _)| row.into())
}

/// One person, for an administrator.
pub async fn get(db: &Db, id: UserId) -> Result<User, AppError> {
    let mut conn = db.read().await?;
    store::find(&mut conn, id).await?.map(Into::into).ok_or(AppError::NotFound)
}

/// Checks a new password against all rules and hashes it.
pub(super) async fn hash(
    passwords: &Passwords,
    field: &str,
    password: &str,
    about: [&str; 3],
) -> Result<String, AppError> {
    let broken = passwords.broken_rules(password.to_owned(), about.map(str::to_owned).to_vec()).await?;
    if !broken.is_empty() {
        return Err(AppError::Validation(FieldErrors::from([(field.to_owned(), broken)])));
    }
    passwords.hash(password.to_owned()).await
}

/// Checks a new password of a person against all rules and hashes it; a refusal names `field`.
pub async fn hash_new(
    passwords: &Passwords,
    field: &str,
    password: &str,
    person: &UserRow,
) -> Result<String, AppError> {
    hash(passwords, field, password, [&person.username, &person.name, &person.email]).await
}

/// Gives a person another password, within a transaction; their sessions end, and other links that would set one are void.
pub async fn set_password(conn: &mut Conn, origin: &Origin, person: &UserRow, hash: &str) -> Result<(), AppError> {
    let (id, changes) =
        (UserId(person.id), UserChanges { password_hash: Some(hash.to_owned()), ..UserChanges::default() });
    store::update(conn, id, &changes).await?;
    auth::service::end_sessions(conn, id, None).await?;
    password_links::service::void_all(conn, id).await?;
    Ok(events::append(conn, &NewEvent::desk(origin, EventKind::PasswordChanged, person.id)).await?)
}

/// Makes a person. Without a password they are mailed a link to set one.
pub async fn create(db: &Db, passwords: &Passwords, origin: &Origin, request: CreateUser) -> Result<User, AppError> {
    let password_hash = match &request.password {
        Some(password) => {
            let about = [request.username.as_str(), &request.name, &request.email];
            Some(hash(passwords, "password", password, about).await?)
        }
        None => None,
    };
    let new = new_user(request, password_hash).map_err(AppError::Validation)?;
    db.write(async |conn| -> Result<_, AppError> {
        refuse_taken(conn, None, Some(&new.username_folded), Some(&new.email_folded)).await?;
        let id = add(conn, &new).await?;
        let row = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        welcome(conn, std::slice::from_ref(&row)).await?;
        events::append(conn, &told(origin, id, &new)).await?;
        Ok(row.into())
    })
    .await
}

/// A person to add, as their columns keep them; or what is wrong with the user name or the address.
pub(super) fn new_user(request: CreateUser, password_hash: Option<String>) -> Result<NewUser, FieldErrors> {
    let wrong = |field: &'static str| move |code: FieldCode| FieldErrors::from([(field.to_owned(), vec![code])]);
    Ok(NewUser {
        username_folded: folded_username(&request.username).map_err(wrong("username"))?,
        username: request.username,
        name_folded: folded_name(&request.name),
        name: request.name.trim().to_owned(),
        email_folded: folded_email(&request.email).map_err(wrong("email"))?,
        email: request.email,
        role: role_code(request.role),
        active: true,
        locale: locale_code(request.locale.unwrap_or_default()),
        theme: theme_code(Theme::System),
        password_hash,
        created_at: to_micros(now()),
    })
}

/// Adds a person: every account begins here. [`welcome`] and [`told`] belong to it, later in the same transaction.
pub(super) async fn add(conn: &mut Conn, new: &NewUser) -> Result<UserId, AppError> {
    store::insert(conn, new).await.map_err(taken)
}

/// Sends those of some new people who have no password yet the way to one.
pub(super) async fn welcome(conn: &mut Conn, people: &[UserRow]) -> Result<(), AppError> {
    let waiting: Vec<&UserRow> = people.iter().filter(|person| person.password_hash.is_none()).collect();
    password_links::service::welcome(conn, &waiting).await
}

/// What the log says of a person who was added.
pub(super) fn told<'a>(origin: &'a Origin, id: UserId, new: &NewUser) -> NewEvent<'a> {
    let changes = [change("username", &String::new(), &new.username), change("role", &"", &role_of(new.role).as_str())];
    NewEvent::desk(origin, EventKind::UserCreated, id.0).changes(changes.into_iter().flatten().collect())
}

/// Says which of a person's unique fields somebody else has.
async fn refuse_taken(
    conn: &mut Conn,
    own: Option<UserId>,
    username: Option<&str>,
    email: Option<&str>,
) -> Result<(), AppError> {
    let others = |row: UserRow| own.is_none_or(|own| own.0 != row.id);
    if let Some(username) = username
        && store::find_by_login(conn, username, "").await?.is_some_and(others)
    {
        return Err(AppError::AlreadyExists("username"));
    }
    if let Some(email) = email
        && store::find_by_login(conn, "", email).await?.is_some_and(others)
    {
        return Err(AppError::AlreadyExists("email"));
    }
    Ok(())
}

/// Two requests at once can both find a name free; the index refuses the second.
fn taken(error: DbError) -> AppError {
    match error {
        DbError::Query(query) if is_unique_violation(&query) => {
            let is_email = violated_index(&query).is_some_and(|index| index.contains("email"));
            AppError::AlreadyExists(if is_email { "email" } else { "username" })
        }
        error => error.into(),
    }
}

/// Changes a person, for an administrator.
pub async fn update(state: &State, caller: &Caller, id: UserId, request: UpdateUser) -> Result<User, AppError> {
    let before = {
        let mut conn = state.db.read().await?;
        store::find(&mut conn, id).await?.ok_or(AppError::NotFound)?
    };
    // No token makes anybody one of the staff; that somebody is, it may say again.
    if request.role.is_some_and(|role| role.is_staff() && role_code(role) != before.role) {
        caller.session()?;
    }
    let password_hash = match &request.password {
        Some(password) => {
            let name = request.name.as_deref().unwrap_or(&before.name);
            let email = request.email.as_deref().unwrap_or(&before.email);
            let username = request.username.as_deref().unwrap_or(&before.username);
            Some(hash(&state.auth.passwords, "password", password, [username, name, email]).await?)
        }
        None => None,
    };
    let changes = UserChanges {
        username_folded: request
            .username
            .as_deref()
            .map(folded_username)
            .transpose()
            .map_err(|code| AppError::field("username", code))?,
        username: request.username.clone(),
        name_folded: request.name.as_deref().map(folded_name),
        name: request.name.as_ref().map(|name| name.trim().to_owned()),
        email_folded: request
            .email
            .as_deref()
            .map(folded_email)
            .transpose()
            .map_err(|code| AppError::field("email", code))?,
        email: request.email.clone(),
        role: request.role.map(role_code),
        active: request.active,
        locale: request.locale.map(locale_code),
        password_hash,
        ..UserChanges::default()
    };
    if changes.is_empty() {
        return Ok(before.into());
    }
    let origin = caller.origin();
    state.db.write(async |conn| apply(conn, &origin, id, &changes).await).await
}

/// One transaction: the rules that hold between people, the change, the end of sessions, the event.
pub(super) async fn apply(
    conn: &mut Conn,
    origin: &Origin,
    id: UserId,
    changes: &UserChanges,
) -> Result<User, AppError> {
    let stays_admin = changes.active != Some(false) && changes.role.is_none_or(|role| role == role_code(Role::Admin));
    // Before the person: whoever locks several begins with the same one.
    let admins = if stays_admin { None } else { Some(store::lock_active_admins(conn).await?) };
    store::lock(conn, id).await?;
    let before = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
    if before.role() == Role::Admin
        && before.active
        && admins.is_some_and(|admins| admins.iter().all(|&admin| admin == id.0))
    {
        return Err(AppError::LastAdmin);
    }
    let username = changes.username_folded.as_deref();
    refuse_taken(conn, Some(id), username, changes.email_folded.as_deref()).await?;
    store::update(conn, id, changes).await.map_err(taken)?;
    let after = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
    if !after.active || changes.password_hash.is_some() {
        auth::service::end_sessions(conn, id, None).await?;
    }
    if !after.active || changes.password_hash.is_some() || before.email != after.email {
        password_links::service::void_all(conn, id).await?;
    }
    // The first link went to an address that was wrong.
    if before.email != after.email && after.active && after.password_hash.is_none() {
        password_links::service::welcome(conn, &[&after]).await?;
    }
    // The log is written last, of everything at once.
    let mut told = Vec::new();
    if tickets::service::is_on_staff(&before) && !tickets::service::is_on_staff(&after) {
        told.extend(tickets::service::put_back_all(conn, origin, &after).await?);
        told.extend(categories::service::forget_assignee(conn, origin, &after).await?);
    }
    if before.role().is_staff() && !after.role().is_staff() {
        told.extend(tickets::watchers::forget_chosen(conn, origin, (id, &after.name)).await?);
    }
    let kind = if before.active && !after.active { EventKind::UserDeactivated } else { EventKind::UserUpdated };
    told.push(NewEvent::desk(origin, kind, id.0).changes(differences(&before, &after)));
    events::append_all(conn, &told).await?;
    Ok(after.into())
}

fn differences(before: &UserRow, after: &UserRow) -> Vec<shared::tickets::Change> {
    [
        change("username", &before.username, &after.username),
        change("name", &before.name, &after.name),
        change("email", &before.email, &after.email),
        change("role", &before.role().as_str(), &after.role().as_str()),
        change("active", &before.active, &after.active),
        change("locale", &before.locale, &after.locale),
        change("theme", &before.theme, &after.theme),
        change("avatar", &before.avatar_at, &after.avatar_at),
        // That it changed, not what it is.
        (before.password_hash != after.password_hash).then(|| shared::tickets::Change {
            field: "password".to_owned(),
            from: serde_json::Value::Null,
            to: serde_json::Value::Null,
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Deactivates a person: nothing of theirs is lost, and they cannot log in.
pub async fn deactivate(state: &State, caller: &Caller, id: UserId) -> Result<(), AppError> {
    let origin = caller.origin();
    let changes = UserChanges { active: Some(false), ..UserChanges::default() };
    state.db.write(async |conn| apply(conn, &origin, id, &changes).await).await.map(drop)
}

/// Sets a person's password from the command line and ends their sessions.
pub async fn reset_password(db: &Db, passwords: &Passwords, login: &str, password: &str) -> Result<(), AppError> {
    let row = {
        let mut conn = db.read().await?;
        find_by_login(&mut conn, login).await?.ok_or(AppError::NotFound)?
    };
    let hash = hash(passwords, "password", password, [&row.username, &row.name, &row.email]).await?;
    let changes = UserChanges { password_hash: Some(hash), ..UserChanges::default() };
    db.write(async |conn| apply(conn, &Origin::default(), UserId(row.id), &changes).await).await.map(drop)
}
