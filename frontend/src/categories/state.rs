//! What the page of categories knows and does.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    categories::{Category, Colour, CreateCategory, UpdateCategory},
    fields,
    ids::CategoryId,
    problem::{FieldCode, FieldErrors, ProblemCode},
};

use crate::{
    api::{ClientError, categories as api},
    i18n::{I18n, tu_string},
    ui::use_toasts,
};

/// Why a name was refused: by the field's codes, or in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with the field.
    pub codes: Vec<FieldCode>,
    /// What is wrong otherwise, and what to do.
    pub words: Option<String>,
}

/// Where a category goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Towards the start.
    Up,
    /// Towards the end.
    Down,
}

/// The state of the page. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// The categories in their order; none until they come.
    pub items: RwSignal<Option<Vec<Category>>>,
    /// Why they could not be read.
    pub error: RwSignal<Option<ClientError>>,
    /// The one being edited.
    pub editing: RwSignal<Option<CategoryId>>,
    /// The one about to be deleted.
    pub removing: RwSignal<Option<Category>>,
    /// What a screen reader should hear.
    pub said: RwSignal<String>,
    moving: RwSignal<bool>,
    i18n: I18n,
}

/// The list with one category moved one place; none when it is at the end already.
fn moved(items: &[Category], id: CategoryId, direction: Direction) -> Option<Vec<Category>> {
    let from = items.iter().position(|category| category.id == id)?;
    let to = match direction {
        Direction::Up => from.checked_sub(1)?,
        Direction::Down => Some(from + 1).filter(|&to| to < items.len())?,
    };
    let mut items = items.to_vec();
    items.swap(from, to);
    Some(items)
}

/// What has to be told to the server so that the list stands in this order: those whose position changes.
fn renumbered(items: &[Category]) -> Vec<(CategoryId, i32)> {
    let numbered = items.iter().zip(1_i32..);
    numbered
        .filter(|(category, place)| category.position != *place)
        .map(|(category, place)| (category.id, place))
        .collect()
}

impl Desk {
    /// The state; the categories are read at once.
    pub fn new(i18n: I18n) -> Self {
        let desk = Self {
            items: RwSignal::new(None),
            error: RwSignal::new(None),
            editing: RwSignal::new(None),
            removing: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            moving: RwSignal::new(false),
            i18n,
        };
        desk.load();
        desk
    }

    /// Reads the categories.
    pub fn load(self) {
        self.error.set(None);
        spawn_local(async move { self.read().await });
    }

    async fn read(self) {
        match api::list().await {
            Ok(page) => {
                let _ = self.items.try_set(Some(page.items));
            }
            Err(error) => {
                let _ = self.error.try_set(Some(error));
            }
        }
    }

    /// Whether a category can go there; tracked.
    pub fn can_move(self, id: CategoryId, direction: Direction) -> bool {
        self.items.with(|items| items.as_ref().is_some_and(|items| moved(items, id, direction).is_some()))
    }

    /// Moves a category one place, at once; the server follows, and what it refuses is taken back.
    pub fn shift(self, id: CategoryId, direction: Direction) {
        let before = self.items.get_untracked().unwrap_or_default();
        let Some(items) = moved(&before, id, direction).filter(|_| !self.moving.get_untracked()) else { return };
        let changes = renumbered(&items);
        let count = items.len();
        let place = items.iter().position(|category| category.id == id).map_or(0, |index| index + 1);
        let name = items.iter().find(|category| category.id == id).map(|category| category.name.clone());
        let renumber = |(category, place): (Category, i32)| Category { position: place, ..category };
        self.items.set(Some(items.into_iter().zip(1_i32..).map(renumber).collect()));
        let name = name.unwrap_or_default();
        self.said.set(tu_string!(self.i18n, categories.moved, name = name, place = place, count = count));
        self.moving.set(true);
        spawn_local(async move {
            for (id, position) in changes {
                let change = UpdateCategory { position: Some(position), ..UpdateCategory::default() };
                if let Err(error) = api::update(id, &change).await {
                    use_toasts().error(error.message(self.i18n));
                    // Some of it may have been done: the server knows the order.
                    self.read().await;
                    break;
                }
            }
            let _ = self.moving.try_set(false);
        });
    }

    /// Why a name was refused. That it is taken is said in this page's words.
    fn refusal(self, error: &ClientError) -> Refusal {
        let mut fields = error.field_errors();
        if fields.contains_key("default_assignee_id") {
            let words = Some(tu_string!(self.i18n, categories.assignee_gone).to_owned());
            return Refusal { codes: Vec::new(), words };
        }
        let codes = fields.remove("name").unwrap_or_default();
        if codes.contains(&FieldCode::Taken) || error.code() == Some(ProblemCode::AlreadyExists) {
            Refusal { codes: Vec::new(), words: Some(tu_string!(self.i18n, categories.taken).to_owned()) }
        } else if codes.is_empty() {
            Refusal { codes, words: Some(error.message(self.i18n)) }
        } else {
            Refusal { codes, words: None }
        }
    }

    /// A colour that no category has yet, or none in particular.
    fn next_colour(self) -> Colour {
        let is_free = |colour: &Colour| {
            *colour != Colour::Grey
                && self.items.with_untracked(|items| items.iter().flatten().all(|category| category.colour != *colour))
        };
        Colour::ALL.into_iter().find(is_free).unwrap_or_default()
    }

    /// Adds a category at the end; what is wrong with it, if anything.
    pub async fn add(self, name: String) -> Result<(), Refusal> {
        let colour = Some(self.next_colour());
        let request = CreateCategory { name, position: None, colour, default_assignee_id: None };
        checked(fields::check(&request))?;
        let category = api::create(&request).await.map_err(|error| self.refusal(&error))?;
        self.said.try_set(tu_string!(self.i18n, categories.added, name = category.name.clone()));
        self.items.try_update(|items| items.get_or_insert_default().push(category));
        Ok(())
    }

    /// Changes a category; what is wrong with the change, if anything.
    pub async fn change(self, id: CategoryId, request: UpdateCategory) -> Result<(), Refusal> {
        checked(fields::check(&request))?;
        let category = api::update(id, &request).await.map_err(|error| self.refusal(&error))?;
        self.items.try_update(|items| {
            if let Some(old) = items.iter_mut().flatten().find(|old| old.id == category.id) {
                *old = category;
            }
        });
        Ok(())
    }

    /// Deletes a category; why not, if it cannot be.
    pub async fn remove(self, category: &Category) -> Result<(), String> {
        api::remove(category.id).await.map_err(|error| match error.code() {
            Some(ProblemCode::InUse) => tu_string!(self.i18n, categories.in_use).to_owned(),
            _ => error.message(self.i18n),
        })?;
        self.items.try_update(|items| {
            if let Some(items) = items {
                items.retain(|other| other.id != category.id);
            }
        });
        use_toasts().success(tu_string!(self.i18n, categories.removed, name = category.name.clone()));
        Ok(())
    }
}

/// What is wrong with the name of a request, if anything.
fn checked(found: Result<(), FieldErrors>) -> Result<(), Refusal> {
    found.map_err(|mut errors| Refusal { codes: errors.remove("name").unwrap_or_default(), words: None })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn list(positions: &[i32]) -> Vec<Category> {
        let numbered = positions.iter().zip(1..);
        let category = |(&position, id)| Category {
            id: CategoryId(id),
            name: String::new(),
            position,
            colour: Colour::Grey,
            default_assignee_id: None,
        };
        numbered.map(category).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn moving_tells_the_server_only_what_changes() {
        let items = moved(&list(&[1, 2, 3]), CategoryId(3), Direction::Up).unwrap();
        assert_eq!(renumbered(&items), [(CategoryId(3), 2), (CategoryId(2), 3)]);
        assert!(moved(&list(&[1, 2]), CategoryId(1), Direction::Up).is_none());
        assert!(moved(&list(&[1, 2]), CategoryId(2), Direction::Down).is_none());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn moving_mends_equal_positions() {
        let items = moved(&list(&[0, 0, 0]), CategoryId(1), Direction::Down).unwrap();
        assert_eq!(renumbered(&items), [(CategoryId(2), 1), (CategoryId(1), 2), (CategoryId(3), 3)]);
    }
}
