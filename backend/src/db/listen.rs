//! Hearing what other processes commit on PostgreSQL, by a connection of its own (LISTEN).

use std::time::Duration;

use tokio::{sync::mpsc, time};
use tokio_postgres::AsyncMessage;

use super::{cause, rustls_config};

/// The channel on which it is told that the event log has grown; its payload is empty.
pub const EVENTS: &str = "turno_events";
/// The channel of what processes tell each other beside the log.
pub const SIGNALS: &str = "turno_signals";

/// What the connection is called in the server's list of connections (`pg_stat_activity`), whatever the URL calls the others.
pub const NAME: &str = "turno listening";

/// How often the connection is tried: one that a firewall has forgotten says nothing by itself.
const TRY: Duration = Duration::from_secs(15);
/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is heard.
#[derive(Debug)]
pub enum Heard {
    /// From now on everything is heard; what was said before may have been missed.
    Connected,
    /// A notice.
    Notice {
        /// On which channel.
        channel: String,
        /// What it says.
        payload: String,
    },
}

/// Listens on one connection, until it is lost: answers with why.
pub async fn listen(url: &str, heard: impl FnMut(Heard)) -> String {
    match try_listen(url, heard).await {
        Ok(()) => "connection closed".to_owned(),
        Err(error) => error,
    }
}

/// An answer, unless it takes too long.
async fn in_time<T>(answer: impl Future<Output = T>) -> Result<T, String> {
    time::timeout(PATIENCE, answer).await.map_err(|_| "no answer".to_owned())
}

async fn try_listen(url: &str, mut heard: impl FnMut(Heard)) -> Result<(), String> {
    let said = |error: tokio_postgres::Error| format!("{error}{}", cause(&error));
    let tls = rustls_config().map_err(|error| error.to_string())?;
    let mut config: tokio_postgres::Config = url.parse().map_err(said)?;
    config.application_name(NAME);
    let connecting = config.connect(tokio_postgres_rustls::MakeRustlsConnect::new(tls));
    let (client, mut connection) = in_time(connecting).await?.map_err(said)?;
    let (pass, mut passed) = mpsc::unbounded_channel();
    // It ends with `client`, or when nobody takes what it passes on.
    let driver = tokio::spawn(async move {
        while let Some(message) = std::future::poll_fn(|context| connection.poll_message(context)).await {
            match message {
                Ok(AsyncMessage::Notification(notice)) => {
                    if pass.send(notice).is_err() {
                        return Ok(());
                    }
                }
                Ok(_) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    });
    in_time(client.batch_execute(&format!("LISTEN {EVENTS}; LISTEN {SIGNALS}"))).await?.map_err(said)?;
    heard(Heard::Connected);
    let mut every = time::interval(TRY);
    loop {
        tokio::select! {
            notice = passed.recv() => match notice {
                Some(notice) => {
                    let (channel, payload) = (notice.channel().to_owned(), notice.payload().to_owned());
                    heard(Heard::Notice { channel, payload });
                }
                None => return driver.await.map_err(|error| error.to_string())?.map_err(said),
            },
            _ = every.tick() => {
                in_time(client.batch_execute("")).await?.map_err(said)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[tokio::test]
    async fn a_server_that_accepts_and_says_nothing_is_not_waited_for() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://desk@{}/desk", silent.local_addr().unwrap());
        let began = Instant::now();
        let lost = listen(&url, |heard| panic!("{heard:?}")).await;
        assert_eq!(lost, "no answer");
        assert!(began.elapsed() < PATIENCE * 2);
    }
}
