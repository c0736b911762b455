//! Uploads that are under way: each holds a connection, room on the disk and, for pictures, a place in a queue.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use shared::ids::UserId;

use crate::error::AppError;

/// Of one person; the page sends fewer at a time.
pub const OF_ONE: usize = 8;
/// Of all.
const OF_ALL: usize = 250;

/// The uploads of one server.
#[derive(Default)]
pub struct Uploads(Arc<Mutex<HashMap<UserId, usize>>>);

/// An upload that is under way, until it is dropped.
pub struct UnderWay {
    person: UserId,
    all: Arc<Mutex<HashMap<UserId, usize>>>,
}

impl Uploads {
    /// Begins one. When there are too many: 503, before anything of it is read.
    pub fn begin(&self, person: UserId) -> Result<UnderWay, AppError> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.values().sum::<usize>() >= OF_ALL {
            return Err(AppError::Unavailable { cause: format!("{OF_ALL} uploads are under way") });
        }
        let own = all.entry(person).or_default();
        if *own >= OF_ONE {
            return Err(AppError::Unavailable { cause: format!("{OF_ONE} uploads of one person are under way") });
        }
        *own += 1;
        Ok(UnderWay { person, all: self.0.clone() })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = all.get_mut(&self.person) {
            *own -= 1;
            if *own == 0 {
                all.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_so_many_and_another_theirs() {
        let uploads = Uploads::default();
        let mut under_way: Vec<UnderWay> = (0..OF_ONE).map(|_| uploads.begin(UserId(1)).unwrap()).collect();
        assert!(matches!(uploads.begin(UserId(1)), Err(AppError::Unavailable { .. })));
        assert!(uploads.begin(UserId(2)).is_ok());
        under_way.pop();
        assert!(uploads.begin(UserId(1)).is_ok());
        under_way.clear();
        assert!(uploads.0.lock().unwrap().is_empty());
    }

    #[test]
    fn all_together_have_so_many() {
        let uploads = Uploads::default();
        let under_way: Vec<UnderWay> =
            (0..OF_ALL).map(|n| uploads.begin(UserId(i64::try_from(n).unwrap())).unwrap()).collect();
        assert!(matches!(uploads.begin(UserId(-1)), Err(AppError::Unavailable { .. })));
        drop(under_way);
        assert!(uploads.begin(UserId(-1)).is_ok());
    }
}
