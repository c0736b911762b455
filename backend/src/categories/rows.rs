//! Categories as the database keeps them.

use diesel::prelude::*;
use shared::{
    categories::{Category, Colour},
    ids::{CategoryId, UserId},
};

use crate::db::schema::categories;

/// A category.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = categories, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct CategoryRow {
    pub id: i64,
    pub name: String,
    pub position: i32,
    pub colour: i16,
    pub default_assignee_id: Option<i64>,
}

impl CategoryRow {
    /// An unknown code is no colour in particular.
    pub fn colour(&self) -> Colour {
        usize::try_from(self.colour).ok().and_then(|code| Colour::ALL.get(code)).copied().unwrap_or_default()
    }
}

/// A colour as a column keeps it: its place in the palette.
pub fn colour_code(colour: Colour) -> i16 {
    match colour {
        Colour::Grey => 0,
        Colour::Red => 1,
        Colour::Orange => 2,
        Colour::Yellow => 3,
        Colour::Green => 4,
        Colour::Teal => 5,
        Colour::Blue => 6,
        Colour::Purple => 7,
        Colour::Pink => 8,
    }
}

impl From<CategoryRow> for Category {
    fn from(row: CategoryRow) -> Self {
        Self {
            id: CategoryId(row.id),
            colour: row.colour(),
            default_assignee_id: row.default_assignee_id.map(UserId),
            name: row.name,
            position: row.position,
        }
    }
}

/// What changes of a category; absent columns stay.
#[derive(Default, AsChangeset)]
#[diesel(table_name = categories)]
pub struct CategoryColumns {
    pub name: Option<String>,
    pub name_folded: Option<String>,
    pub position: Option<i32>,
    pub colour: Option<i16>,
    pub default_assignee_id: Option<Option<i64>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_places_in_the_palette() {
        for (place, colour) in Colour::ALL.into_iter().enumerate() {
            assert_eq!(usize::try_from(colour_code(colour)), Ok(place));
        }
    }
}
