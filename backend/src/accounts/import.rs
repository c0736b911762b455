//! Making many people at once: what a file would do, and doing it, all of it or nothing.

use std::collections::{HashMap, HashSet};

use shared::{
    ids::UserId,
    imports::{ImportedLine, Outcome, UserImport},
    problem::{FieldCode, FieldErrors},
};

use super::{
    rows::NewUser,
    service,
    sheet::{self, Line, Sheet},
    store,
};
use crate::{
    auth::caller::Caller,
    db::{Conn, Db, DbError},
    error::AppError,
    events,
};

/// How many are looked up at once.
const CHUNK: usize = 500;

/// Imports a file of people, or tells what that would do. Nobody gets a password. Refuses a token when the file names
/// somebody on staff.
pub async fn import(db: &Db, caller: &Caller, file: &[u8], dry_run: bool) -> Result<UserImport, AppError> {
    let sheet = sheet::read(file)?;
    // Each is mailed a link that sets a password, to an address that whoever wrote the file has chosen.
    if sheet.lines.iter().any(|line| line.person.role.is_staff()) {
        caller.session()?;
    }
    let origin = caller.origin();
    if dry_run {
        let mut conn = db.read().await?;
        let judged = judge(&mut conn, &sheet).await?;
        return Ok(report(sheet.ignored, judged, true));
    }
    let judged = db
        .write(async |conn| -> Result<_, AppError> {
            let mut judged = judge(conn, &sheet).await?;
            if judged.iter().any(|(line, _)| line.outcome == Outcome::Refused) {
                let report = report(sheet.ignored.clone(), judged, false);
                return Err(AppError::ImportRefused(serde_json::to_value(report).map_err(AppError::internal)?));
            }
            for (line, new) in &mut judged {
                if let Some(new) = new {
                    line.id = Some(service::add(conn, new).await?);
                }
            }
            let made: Vec<(UserId, &NewUser)> =
                judged.iter().filter_map(|(line, new)| line.id.zip(new.as_ref())).collect();
            for chunk in made.chunks(CHUNK) {
                let ids: Vec<UserId> = chunk.iter().map(|(id, _)| *id).collect();
                let people = store::find_all(conn, &ids).await?;
                service::welcome(conn, &people).await?;
            }
            // The log is written last, and at once: from its first line to the commit all other changes wait.
            let told: Vec<_> = made.iter().map(|(id, new)| service::told(&origin, *id, new)).collect();
            events::append_all(conn, &told).await?;
            Ok(judged)
        })
        .await?;
    Ok(report(sheet.ignored, judged, false))
}

/// What becomes of each line, and the person to add for those of which one is made.
type Judged = Vec<(ImportedLine, Option<NewUser>)>;

fn report(ignored_columns: Vec<String>, judged: Judged, dry_run: bool) -> UserImport {
    let count = |outcome| judged.iter().filter(|(line, _)| line.outcome == outcome).count();
    UserImport {
        dry_run,
        created: if dry_run || judged.iter().all(|(line, _)| line.outcome != Outcome::Refused) {
            count(Outcome::Created)
        } else {
            0
        },
        existing: count(Outcome::Exists),
        refused: count(Outcome::Refused),
        ignored_columns,
        lines: judged.into_iter().map(|(line, _)| line).collect(),
    }
}

/// Holds each line against the desk and against the lines before it.
async fn judge(conn: &mut Conn, sheet: &Sheet) -> Result<Judged, AppError> {
    let read: Vec<(&Line, Result<NewUser, FieldErrors>)> =
        sheet.lines.iter().map(|line| (line, new_user(line))).collect();
    let known = Known::of(conn, read.iter().filter_map(|(_, new)| new.as_ref().ok())).await?;
    let (mut usernames, mut emails) = (HashSet::new(), HashSet::new());
    let judged = read.into_iter().map(|(line, new)| {
        let new = match new {
            Ok(new) => new,
            Err(errors) => return (told(line, Outcome::Refused, None, errors), None),
        };
        let there = (known.usernames.get(&new.username_folded), known.emails.get(&new.email_folded));
        if let (Some(one), Some(other)) = there
            && one == other
        {
            return (told(line, Outcome::Exists, Some(UserId(*one)), FieldErrors::new()), None);
        }
        let mut errors = FieldErrors::new();
        let mut refuse = |field: &str| drop(errors.insert(field.to_owned(), vec![FieldCode::Taken]));
        if !usernames.insert(new.username_folded.clone()) || there.0.is_some() {
            refuse("username");
        }
        if !emails.insert(new.email_folded.clone()) || there.1.is_some() {
            refuse("email");
        }
        if errors.is_empty() {
            (told(line, Outcome::Created, None, errors), Some(new))
        } else {
            (told(line, Outcome::Refused, None, errors), None)
        }
    });
    Ok(judged.collect())
}

fn new_user(line: &Line) -> Result<NewUser, FieldErrors> {
    let mut errors = line.errors.clone();
    let new = service::new_user(line.person.clone(), None);
    if let Err(wrong) = &new {
        for (field, codes) in wrong {
            errors.entry(field.clone()).or_insert_with(|| codes.clone());
        }
    }
    new.map_err(|_| errors.clone()).and_then(|new| if errors.is_empty() { Ok(new) } else { Err(errors) })
}

fn told(line: &Line, outcome: Outcome, id: Option<UserId>, fields: FieldErrors) -> ImportedLine {
    let person = line.person.clone();
    ImportedLine {
        line: line.number,
        outcome,
        username: person.username,
        name: person.name,
        email: person.email,
        role: (!line.unknown_role).then_some(person.role),
        id,
        fields,
    }
}

/// Who is there already, by what no two share.
struct Known {
    usernames: HashMap<String, i64>,
    emails: HashMap<String, i64>,
}

impl Known {
    async fn of(conn: &mut Conn, people: impl Iterator<Item = &NewUser>) -> Result<Self, DbError> {
        let people: Vec<&NewUser> = people.collect();
        let mut known = Self { usernames: HashMap::new(), emails: HashMap::new() };
        for chunk in people.chunks(CHUNK) {
            let usernames: Vec<&str> = chunk.iter().map(|new| new.username_folded.as_str()).collect();
            let emails: Vec<&str> = chunk.iter().map(|new| new.email_folded.as_str()).collect();
            for (id, username, email) in store::matching(conn, &usernames, &emails).await? {
                known.usernames.insert(username, id);
                known.emails.insert(email, id);
            }
        }
        Ok(known)
    }
}
