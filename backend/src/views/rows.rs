//! Views as the database keeps them.

use diesel::prelude::*;
use shared::{
    ids::ViewId,
    views::{View, ViewFilters},
};

use crate::{
    accounts::rows::{Face, user_ref},
    db::schema::saved_views,
};

/// A view.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = saved_views, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct ViewRow {
    pub id: i64,
    pub user_id: i64,
    pub shared: bool,
    pub name: String,
    /// JSON.
    pub filters: String,
}

impl ViewRow {
    /// What it lists. What this program cannot read, as a filter of a later version, it does not narrow by.
    pub fn filters(&self) -> ViewFilters {
        // Once a view could be kept with a list of states that has none in it; it narrows by all else.
        let filters = self.filters.replacen(r#""status":"""#, r#""status":null"#, 1);
        serde_json::from_str(&filters).unwrap_or_default()
    }

    /// As somebody sees it who may change it, or not.
    pub fn into_view(self, owner: Face, editable: bool) -> View {
        View {
            id: ViewId(self.id),
            filters: self.filters(),
            name: self.name,
            shared: self.shared,
            owner: user_ref(self.user_id, owner.name, owner.avatar_at),
            editable,
        }
    }
}

/// A view to add.
#[derive(Insertable)]
#[diesel(table_name = saved_views)]
pub struct NewView<'a> {
    pub user_id: i64,
    pub shared: bool,
    pub created_at: i64,
    pub name: &'a str,
    pub filters: &'a str,
}

/// What changes of a view; absent columns stay.
#[derive(Default, AsChangeset)]
#[diesel(table_name = saved_views)]
pub struct ViewColumns {
    pub name: Option<String>,
    pub filters: Option<String>,
    pub shared: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_of_no_state_keeps_its_other_filters() {
        let filters = r#"{"status":"","q":"\"status\":\"\""}"#.to_owned();
        let view = ViewRow { id: 1, user_id: 1, shared: false, name: "x".to_owned(), filters };
        let told = ViewFilters { q: Some(r#""status":"""#.to_owned()), ..ViewFilters::default() };
        assert_eq!(view.filters(), told);
    }
}
