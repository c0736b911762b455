//! The settings in memory. Every request needs to know what technicians see, and none shall ask the database for it.
//!
//! Whoever changes them through this process changes them here at once; what another process changed is here within
//! [`REFRESH`].

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use shared::permissions::TechnicianScope;

use super::{rows::SettingsRow, store};
use crate::{
    db::{Db, DbError},
    state::State,
};

/// How often the database is asked whether another process changed something.
const REFRESH: Duration = Duration::from_secs(2);

/// The settings as they are, to this process's knowledge.
#[derive(Debug)]
pub struct KeptSettings {
    present: RwLock<Arc<SettingsRow>>,
    /// What the server was started with.
    default_scope: TechnicianScope,
}

impl KeptSettings {
    /// Reads them for the first time. A scope that was chosen wins over `default_scope`, which is that of the environment.
    pub async fn load(db: &Db, default_scope: TechnicianScope) -> Result<Self, DbError> {
        let row = store::find(&mut db.read().await?).await?;
        Ok(Self { present: RwLock::new(Arc::new(row)), default_scope })
    }

    /// As they are now.
    pub(super) fn present(&self) -> Arc<SettingsRow> {
        self.present.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What technicians see when nothing was chosen.
    pub(super) fn default_scope(&self) -> TechnicianScope {
        self.default_scope
    }

    /// What technicians see.
    pub fn technician_scope(&self) -> TechnicianScope {
        self.present().scope().unwrap_or(self.default_scope)
    }

    /// Takes over what the database has, unless that was read before a change that is here already.
    pub(super) fn replace(&self, row: SettingsRow) {
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        if row.version >= present.version {
            *present = Arc::new(row);
        }
    }
}

/// Follows what other processes change, for as long as the program runs.
pub async fn follow(state: &State) {
    let mut every = tokio::time::interval(REFRESH);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        // A database that is away is told of by everything else.
        let _ = refresh(state).await;
    }
}

/// Takes over what the database has now: for whoever knows that it was changed.
pub async fn refresh(state: &State) -> Result<(), DbError> {
    state.settings.replace(read(&state.db).await?);
    Ok(())
}

async fn read(db: &Db) -> Result<SettingsRow, DbError> {
    store::find(&mut db.lookup().await?).await
}
