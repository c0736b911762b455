//! Categories as the database keeps them.

use diesel::prelude::*;
use shared::{categories::Category, ids::CategoryId};

use crate::db::schema::categories;

/// A category.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = categories, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct CategoryRow {
    pub id: i64,
    pub name: String,
    pub position: i32,
}

impl From<CategoryRow> for Category {
    fn from(row: CategoryRow) -> Self {
        Self { id: CategoryId(row.id), name: row.name, position: row.position }
    }
}

/// What changes of a category; absent columns stay.
#[derive(Default, AsChangeset)]
#[diesel(table_name = categories)]
pub struct CategoryColumns {
    pub name: Option<String>,
    pub name_folded: Option<String>,
    pub position: Option<i32>,
}
