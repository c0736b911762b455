//! The command line: what an operator types. Exit code 0, or 1 with one line on stderr.

mod file;
mod log;
mod users;

use std::{
    io::{ErrorKind, Write},
    ops::RangeInclusive,
    process::ExitCode,
};

use actix_web::rt::System;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::{
    Place, accounts,
    auth::secrets::random_text,
    config::{Settings, set},
    db::{Db, migrate, verify},
    demo,
    events::{
        chain,
        verify::{self as audit_log, Intact, Noted},
    },
    limits, openapi, stopping, tickets,
};

/// The help desk in one program.
#[derive(Debug, Parser)]
#[command(name = "turno", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Migrate the database and serve the desk
    Serve {
        /// Fill an empty desk with demo data and print three logins
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database's schema up to date
    Migrate,
    /// Compare the database's schema with the one this program expects
    VerifySchema,
    /// Read the whole audit log and name the first entry that was tampered with
    VerifyAudit {
        /// An entry and its hash, as this command printed them before: that entry must still be the same
        #[arg(long, value_name = "ENTRY:HASH", value_parser = parse_noted)]
        noted: Option<Noted>,
    },
    /// Make, list and help people
    #[command(subcommand)]
    User(users::UserCommand),
    /// Fill the desk with believable data, the same for the same seed
    Demo {
        /// How many tickets
        #[arg(long, default_value_t = 1000, value_parser = within(0..=10_000_000), allow_negative_numbers = true)]
        tickets: u64,
        /// What the data is drawn from
        #[arg(long, default_value_t = 1, value_parser = within(0..=u64::MAX), allow_negative_numbers = true)]
        seed: u64,
        /// Also where there are tickets already
        #[arg(long)]
        add: bool,
    },
    /// Print the OpenAPI document as YAML
    Openapi,
}

/// What a command failed with: one line for a person.
type Failure = Box<dyn std::error::Error>;

/// Runs the command line.
pub fn run() -> ExitCode {
    if let Err(error) = file::read() {
        return fail(&format!(".env: {error}"));
    }
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error)
            if error.use_stderr()
                && error.kind() != clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand =>
        {
            return fail(&one_line(&error.to_string()));
        }
        Err(error) => {
            // Help and version: asked for, or the answer to a command without its other half.
            return if error.print().is_ok() && !error.use_stderr() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
    };
    if let Err(error) = log::begin() {
        return fail(&error);
    }
    match System::new().block_on(execute(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read has read enough: `turno user list | head`.
        Err(error) if error.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error.to_string()),
    }
}

/// The command line, with the environment. A variable whose text is empty is not set, whatever it is to be.
fn parse() -> Result<Cli, clap::Error> {
    let command = Cli::command().mut_args(|argument| match argument.get_env().and_then(std::env::var_os) {
        Some(text) if set(&text.to_string_lossy()).is_none() => argument.env(None::<&str>),
        _ => argument,
    });
    let mut matches = command.try_get_matches()?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut Cli::command()))
}

fn fail(message: &str) -> ExitCode {
    // Nowhere is left to complain to when stderr is closed.
    let _ = writeln!(std::io::stderr(), "turno: {}", one_line(message));
    ExitCode::FAILURE
}

/// clap's message without its hints, on one line.
fn one_line(message: &str) -> String {
    let first = message.split("\n\n").next().unwrap_or(message);
    first.trim_start_matches("error: ").split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn execute(cli: Cli) -> Result<(), Failure> {
    let settings = cli.settings;
    match cli.command {
        Command::Serve { demo } => serve(&settings, demo).await,
        Command::Migrate => {
            let ran = migrate::migrate(&settings.database()?).await?;
            if ran.is_empty() {
                say("The schema is up to date.")?;
            }
            for name in ran {
                say(&format!("Ran {name}."))?;
            }
            Ok(())
        }
        Command::VerifySchema => verify_schema(&settings).await,
        Command::VerifyAudit { noted } => verify_audit(&settings, noted.as_ref()).await,
        Command::User(command) => users::execute(&settings, command).await,
        Command::Demo { tickets, seed, add } => {
            let db = migrated(&settings).await?;
            if !add && !tickets::service::is_empty(&mut db.read().await?).await? {
                return Err(
                    "this desk has tickets; `--add` fills it up with invented ones, which the dashboard takes out again".into(),
                );
            }
            show(demo::fill(&db, demo::Size { tickets, seed }, demo::Progress::Bar).await?)
        }
        Command::Openapi => {
            say(openapi::document().to_yaml()?.trim_end())?;
            Ok(())
        }
    }
}

fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

/// The logins of a demo desk. Their password is kept nowhere.
fn show(logins: Vec<demo::Login>) -> Result<(), Failure> {
    for login in logins {
        say(&format!("  {:<12} {}  {}", login.role, login.username, login.password))?;
    }
    Ok(())
}

async fn migrated(settings: &Settings) -> Result<Db, Failure> {
    let url = settings.database()?;
    migrate::migrate(&url).await?;
    Ok(Db::open(&url).await?)
}

async fn serve(settings: &Settings, demo: bool) -> Result<(), Failure> {
    // Before anything is made: where somebody listens already, nothing is left behind.
    let place = Place::take(settings.listen)?;
    let config = settings.complete()?;
    limits::raise();
    let ran = migrate::migrate(&config.database).await?;
    if let Some(newest) = ran.last() {
        tracing::info!(migrations = ran.len(), newest, "migrated");
    }
    let running = crate::start_at(place, config).await?;
    limits::report();
    let db = &running.state.db;
    let empty = accounts::service::is_empty(&mut db.read().await?).await?;
    if demo && empty {
        let logins = demo::fill(db, demo::Size { tickets: 2000, seed: 1 }, demo::Progress::Bar).await?;
        show(logins)?;
    } else if empty {
        let password = format!("{}-7A", random_text(16));
        if users::first_admin(db, &running.state.auth.passwords, &password).await? {
            say(&format!("The first administrator is admin, with the password {password}"))?;
            say("It is shown only now. Change it in the profile.")?;
        }
    } else {
        if demo {
            say("This desk has people already: nothing was filled in. For a password that is lost there is")?;
            say("`turno user reset-password <USERNAME>`.")?;
        }
        if !accounts::service::has_admin(&mut db.read().await?).await? {
            // People can be made before the desk is served for the first time.
            tracing::warn!("this desk has people and no administrator; make one: {}", users::MAKE_ADMIN);
        }
    }
    say(&format!("Turno listens on http://{}", running.address))?;
    std::io::stdout().flush()?;
    stopping::serve(running).await?;
    Ok(())
}

async fn verify_schema(settings: &Settings) -> Result<(), Failure> {
    let db = Db::open(&settings.existing_database()?).await?;
    let differences = verify::differences(&mut db.read().await?).await?;
    if differences.is_empty() {
        say("The schema is as expected.")?;
        return Ok(());
    }
    for difference in &differences {
        say(difference)?;
    }
    Err(format!("the schema differs in {} places", differences.len()).into())
}

/// Reads a whole number out of a range; what is none is told which ones there are.
fn within(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<u64, String> + Clone + Send + Sync + 'static {
    move |text: &str| {
        let number = text.parse::<u64>().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("expected a whole number from {} to {}", range.start(), range.end()))
    }
}

fn parse_noted(text: &str) -> Result<Noted, String> {
    let noted = text.split_once(':').and_then(|(entry, hash)| {
        Some(Noted { entry: entry.parse().ok().filter(|&entry| entry > 0)?, hash: chain::noted(hash)? })
    });
    noted.ok_or_else(|| "expected an entry's number, a colon and the 64 digits of its hash".to_owned())
}

async fn verify_audit(settings: &Settings, noted: Option<&Noted>) -> Result<(), Failure> {
    let db = Db::open(&settings.existing_database()?).await?;
    let Intact { entries, hash } = audit_log::verify(&db, noted).await??;
    if entries == 0 {
        say("The audit log has no entries.")?;
        return Ok(());
    }
    let noun = if entries == 1 { "entry" } else { "entries" };
    say(&format!("The audit log is whole: {entries} {noun}. Note the last one, and hand it back the next time:"))?;
    say(&format!("turno verify-audit --noted {entries}:{}", chain::written(&hash)))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use clap::Arg;
    use object_store::aws::AmazonS3ConfigKey;

    use super::*;

    /// What is set by a variable alone: what is logged, and where the system keeps temporary files.
    const WITHOUT_FLAG: [&str; 2] = ["RUST_LOG", "TMPDIR"];

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_example_has_every_setting_and_no_other() {
        let example = include_str!("../../../.env.example");
        let is_in_name = |c: char| c.is_ascii_uppercase() || c == '_';
        let assigned: BTreeSet<&str> = example
            .lines()
            .filter_map(|line| line.trim_start_matches('#').split_once('='))
            .map(|(name, _)| name)
            .filter(|name| !name.is_empty() && name.chars().all(is_in_name))
            .collect();
        let command = Cli::command();
        let settings: BTreeMap<&str, &Arg> =
            command.get_arguments().filter_map(|argument| Some((argument.get_env()?.to_str()?, argument))).collect();
        let read: BTreeSet<&str> = settings.keys().copied().chain(WITHOUT_FLAG).collect();
        assert!(read.len() > 20, "{read:?}");
        assert_eq!(assigned, read);

        // What is no comment is the default.
        for (name, value) in
            example.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='))
        {
            assert_eq!(settings[name].get_default_values(), [value], "{name}");
        }

        // What its sentences name is read too: by us, or, for a bucket, by object_store.
        for word in example.split(|c: char| !is_in_name(c)).filter(|word| word.trim_matches('_').contains('_')) {
            let is_of_buckets = word.starts_with("AWS_") && word.to_lowercase().parse::<AmazonS3ConfigKey>().is_ok();
            assert!(read.contains(word) || is_of_buckets, "{word} is read by nobody");
        }
    }

    #[test]
    fn what_to_type_for_an_administrator_is_a_command() {
        Cli::try_parse_from(users::MAKE_ADMIN.split_whitespace()).unwrap();
    }

    #[test]
    fn a_wrong_value_is_one_line() {
        let error = Cli::try_parse_from(["turno", "serve", "--listen", "nowhere"]).unwrap_err();
        let line = one_line(&error.to_string());
        assert!(line.starts_with("invalid value 'nowhere' for '--listen"), "{line}");
        assert!(!line.contains('\n'));
    }
}
