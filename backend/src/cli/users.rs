//! `turno user …`

use std::io::Read;

use clap::{Subcommand, ValueEnum};
use shared::{
    accounts::{CreateUser, Locale, Role, UserQuery},
    fields,
    problem::FieldErrors,
};

use super::{Failure, migrated, say};
use crate::{accounts::service, auth::passwords::Passwords, config::Settings, db::Db, error::AppError, events::Origin};

/// What to type for an administrator: with names and an address, and the password on standard input.
pub const MAKE_ADMIN: &str =
    "turno user create --username USER --name NAME --email ADDRESS --role admin --password-stdin";

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make a person
    Create {
        /// The name to log in with
        #[arg(long)]
        username: String,
        /// The name as people say it
        #[arg(long)]
        name: String,
        /// The address
        #[arg(long)]
        email: String,
        /// What they may do
        #[arg(long)]
        role: RoleArg,
        /// The language of their page and mails
        #[arg(long, default_value = "es", value_parser = locale)]
        locale: Locale,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Set a person's password, read from standard input, and end their sessions
    ResetPassword {
        /// The user name or address
        user: String,
    },
    /// List people
    List,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RoleArg {
    /// Opens tickets
    User,
    /// Answers tickets
    Technician,
    /// Runs the desk
    Admin,
}

fn locale(tag: &str) -> Result<Locale, String> {
    Locale::of_tag(tag).ok_or_else(|| format!("possible values: {}", Locale::ALL.map(Locale::as_str).join(", ")))
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::User => Self::User,
            RoleArg::Technician => Self::Technician,
            RoleArg::Admin => Self::Admin,
        }
    }
}

pub async fn execute(settings: &Settings, command: UserCommand) -> Result<(), Failure> {
    let db = migrated(settings).await?;
    let passwords = Passwords::new(2).map_err(AppError::internal)?;
    match command {
        UserCommand::Create { username, name, email, role, locale, password_stdin: _ } => {
            let (role, locale) = (role.into(), Some(locale));
            let request = CreateUser { username, name, email, role, password: Some(password()?), locale };
            let user = create(&db, &passwords, request).await?;
            say(&format!("Made {} with the number {}.", user.username, user.id))?;
        }
        UserCommand::ResetPassword { user } => {
            let password = password()?;
            service::reset_password(&db, &passwords, &user, &password).await.map_err(|error| match error {
                AppError::NotFound => format!("there is nobody called {user}").into(),
                error => explained(error),
            })?;
            say(&format!("The password of {user} is changed and their sessions have ended."))?;
        }
        UserCommand::List => list(&db).await?,
    }
    Ok(())
}

async fn list(db: &Db) -> Result<(), Failure> {
    let mut query = UserQuery { limit: Some(100), ..UserQuery::default() };
    loop {
        let page = service::list(db, &query).await?;
        for user in page.items {
            let state = if user.active { "" } else { "  (inactive)" };
            say(&format!(
                "{:>6}  {:<10}  {}  {}  <{}>{state}",
                user.id,
                user.role.as_str(),
                user.username,
                user.name,
                user.email
            ))?;
        }
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => return Ok(()),
        }
    }
}

/// The first administrator of an empty desk; false when another process was quicker, so that it is empty no more.
pub async fn first_admin(db: &Db, passwords: &Passwords, password: &str) -> Result<bool, Failure> {
    let request = CreateUser {
        username: "admin".to_owned(),
        name: "Administración".to_owned(),
        email: "admin@localhost.localdomain".to_owned(),
        role: Role::Admin,
        password: Some(password.to_owned()),
        locale: None,
    };
    match service::create(db, passwords, &Origin::default(), request).await {
        Ok(_) => Ok(true),
        Err(AppError::AlreadyExists(_)) => Ok(false),
        Err(error) => Err(explained(error)),
    }
}

async fn create(db: &Db, passwords: &Passwords, request: CreateUser) -> Result<shared::accounts::User, Failure> {
    fields::check(&request).map_err(|fields| explained(AppError::Validation(fields)))?;
    service::create(db, passwords, &Origin::default(), request).await.map_err(explained)
}

/// One line that names the fields and what is wrong with them.
fn explained(error: AppError) -> Failure {
    match error {
        AppError::Validation(fields) => listed(&fields).into(),
        error => error.cause().unwrap_or_else(|| error.to_string()).into(),
    }
}

fn listed(fields: &FieldErrors) -> String {
    let words = fields.iter().map(|(field, codes)| {
        let codes: Vec<String> = codes
            .iter()
            .filter_map(|code| serde_json::to_value(code).ok()?.as_str().map(|code| code.replace('_', " ")))
            .collect();
        format!("{field}: {}", codes.join(", "))
    });
    words.collect::<Vec<_>>().join("; ")
}

/// A password from standard input, without the line's end.
fn password() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
