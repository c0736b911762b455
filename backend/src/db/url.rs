//! What `DATABASE_URL` may say.

use std::path::PathBuf;

use thiserror::Error;

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file in a folder that exists.
    Sqlite(PathBuf),
    /// A PostgreSQL server, in libpq's URL form.
    Postgres(String),
    /// A MySQL or MariaDB server.
    MySql(String),
}

/// Why a `DATABASE_URL` was refused. Never repeats the URL: it may hold a password.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum DatabaseUrlError {
    /// The scheme is none of ours.
    #[error("DATABASE_URL: unknown scheme `{0}`; use sqlite:PATH, postgres://… or mysql://…")]
    UnknownScheme(String),
    /// A SQLite path is missing.
    #[error("DATABASE_URL: sqlite: needs the path of a file, as in sqlite:data/turno.db")]
    NoPath,
    /// It names something other than a file, or says more than its path.
    #[error(
        "DATABASE_URL: sqlite: takes the path of a file and nothing else, as in sqlite:data/turno.db: no `:memory:`, no \
         `file:` and no parameters behind a `?`"
    )]
    NotAPath,
    /// The folder is not there; it is not made by accident.
    #[error("DATABASE_URL: the folder {0} does not exist")]
    NoFolder(PathBuf),
    /// The file is not there, and is not to be made.
    #[error("there is no database at {0}")]
    NoFile(PathBuf),
    /// A server URL does not parse.
    #[error("DATABASE_URL: not a URL: {0}")]
    NotAUrl(url::ParseError),
}

impl DatabaseUrl {
    /// Reads a URL: `sqlite:PATH`, `postgres://…`, `mysql://…`; `mysql+driver://…` as older installations write it.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        let (scheme, rest) = text.split_once(':').unwrap_or((text, ""));
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() {
                    return Err(DatabaseUrlError::NoPath);
                }
                // SQLite would open a memory of its own for each connection, or a file with the parameters in its name.
                if path.starts_with(":memory:") || path.starts_with("file:") || path.contains('?') {
                    return Err(DatabaseUrlError::NotAPath);
                }
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            "postgres" | "postgresql" => Ok(Self::Postgres(format!("postgres:{rest}"))),
            _ if scheme == "mysql" || scheme == "mariadb" || scheme.starts_with("mysql+") => {
                mysql(rest).map(Self::MySql)
            }
            _ => Err(DatabaseUrlError::UnknownScheme(scheme.chars().take(20).collect())),
        }
    }

    /// Refuses a SQLite file in a folder that does not exist.
    pub fn check_folder(&self) -> Result<(), DatabaseUrlError> {
        if let Self::Sqlite(path) = self
            && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
            && !folder.is_dir()
        {
            return Err(DatabaseUrlError::NoFolder(folder.to_owned()));
        }
        Ok(())
    }

    /// Refuses a SQLite file that does not exist: to open it is to make it.
    pub fn check_file(&self) -> Result<(), DatabaseUrlError> {
        match self {
            Self::Sqlite(path) if matches!(path.try_exists(), Ok(false)) => Err(DatabaseUrlError::NoFile(path.clone())),
            _ => Ok(()),
        }
    }
}

/// A MySQL URL without the parameters that only other drivers understand.
fn mysql(rest: &str) -> Result<String, DatabaseUrlError> {
    let mut url = url::Url::parse(&format!("mysql:{rest}")).map_err(DatabaseUrlError::NotAUrl)?;
    let foreign = ["charset", "collation", "autocommit", "auth_plugin", "ssl_disabled"];
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| !foreign.contains(&key.as_ref()))
        .map(|(k, v)| (k.into(), v.into()))
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scheme_is_understood() {
        assert_eq!(DatabaseUrl::parse("sqlite:data/turno.db"), Ok(DatabaseUrl::Sqlite("data/turno.db".into())));
        assert_eq!(DatabaseUrl::parse("sqlite:///var/t.db"), Ok(DatabaseUrl::Sqlite("/var/t.db".into())));
        assert_eq!(DatabaseUrl::parse("postgresql://u@h/db"), Ok(DatabaseUrl::Postgres("postgres://u@h/db".into())));
        assert_eq!(
            DatabaseUrl::parse("mysql+mysqlconnector://u:p@h:3306/db?charset=utf8mb4"),
            Ok(DatabaseUrl::MySql("mysql://u:p@h:3306/db".into()))
        );
    }

    #[test]
    fn a_wrong_url_is_named_without_its_password() {
        let error = DatabaseUrl::parse("oracle://u:secret@h/db").unwrap_err();
        assert_eq!(error, DatabaseUrlError::UnknownScheme("oracle".into()));
        assert!(!error.to_string().contains("secret"));
        assert_eq!(DatabaseUrl::parse("sqlite:"), Err(DatabaseUrlError::NoPath));
        for no_path in [
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite:file::memory:?cache=shared",
            "sqlite:file:turno.db",
            "sqlite:data/turno.db?mode=rwc",
            "sqlite:///var/turno.db?",
        ] {
            let error = DatabaseUrl::parse(no_path).unwrap_err();
            assert_eq!(error, DatabaseUrlError::NotAPath, "{no_path}");
            assert!(!error.to_string().contains('\n') && error.to_string().contains("sqlite:data/turno.db"), "{error}");
        }
        let missing = DatabaseUrl::parse("sqlite:no/such/folder/turno.db").unwrap();
        assert!(matches!(missing.check_folder(), Err(DatabaseUrlError::NoFolder(_))));
    }
}
