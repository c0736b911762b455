//! The columns of the list: which are shown, and how wide each is. The choice stays in the browser.

use std::borrow::Cow;

use leptos::prelude::*;
use shared::tickets::TicketSort;

use super::viewport::Layout;
use crate::{
    browser,
    commands::{Command, offer_choices},
    i18n::{I18n, t_string, use_i18n},
    tickets::Categories,
    ui::filter::{PillOption, PillSheet},
};

/// Where the choice is kept.
const KEY: &str = "turno.columns";
/// So many letters a category is taken to have before the categories have come.
const LETTERS: usize = 16;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Where it stands.
    Status,
    /// How soon.
    Priority,
    /// The stub.
    Number,
    /// The title, which is always there.
    Title,
    /// What it is about.
    Category,
    /// Who has the problem.
    Requester,
    /// Who deals with it.
    Assignee,
    /// When it was opened.
    Created,
    /// When something last happened.
    Updated,
}

impl Column {
    /// Every column, in its order.
    pub const ALL: [Self; 9] = [
        Self::Status,
        Self::Priority,
        Self::Number,
        Self::Title,
        Self::Category,
        Self::Requester,
        Self::Assignee,
        Self::Created,
        Self::Updated,
    ];

    /// The name in the browser's memory, and in style sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "state",
            Self::Priority => "prio",
            Self::Number => "number",
            Self::Title => "title",
            Self::Category => "category",
            Self::Requester => "requester",
            Self::Assignee => "assignee",
            Self::Created => "created",
            Self::Updated => "updated",
        }
    }

    /// How wide it is, as a style sheet says it; the only one with names has part of the other's room, and that of the categories
    /// as much as so many letters take, at most.
    fn width(self, layout: Layout, alone: bool, letters: usize) -> Cow<'static, str> {
        let width = match self {
            Self::Category => {
                let most = if layout == Layout::Wide { 150 } else { 116 };
                return format!("minmax(0, clamp(76px, {letters} * .42rem + 30px, {most}px))").into();
            }
            Self::Requester | Self::Assignee if alone => "minmax(0, clamp(156px, 20vw - 92px, 240px))",
            Self::Created | Self::Updated if layout != Layout::Wide => "104px",
            Self::Status | Self::Priority => "28px",
            Self::Number => "66px",
            // What one reads first keeps its room: the others give way.
            Self::Title if layout != Layout::Wide => "[title-start] minmax(96px, 1fr) [title-end]",
            Self::Title => "[title-start] minmax(200px, 1fr) [title-end]",
            // Names have what a title leaves that has two lines.
            Self::Requester => "minmax(0, clamp(116px, 20vw - 120px, 240px))",
            Self::Assignee => "minmax(0, clamp(124px, 20vw - 112px, 240px))",
            Self::Created | Self::Updated => "96px",
        };
        width.into()
    }

    /// The orders that belong to it: the usual one first.
    pub fn sorts(self) -> Option<(TicketSort, TicketSort)> {
        match self {
            Self::Priority => Some((TicketSort::PriorityDesc, TicketSort::PriorityAsc)),
            Self::Created => Some((TicketSort::CreatedDesc, TicketSort::CreatedAsc)),
            Self::Updated => Some((TicketSort::UpdatedDesc, TicketSort::UpdatedAsc)),
            _ => None,
        }
    }
}

/// A column's name.
pub fn column_name(i18n: I18n, column: Column) -> &'static str {
    match column {
        Column::Status => t_string!(i18n, tickets.list.state),
        Column::Priority => t_string!(i18n, tickets.list.priority),
        Column::Number => t_string!(i18n, views.column.number),
        Column::Title => t_string!(i18n, tickets.new.title),
        Column::Category => t_string!(i18n, tickets.list.category),
        Column::Requester => t_string!(i18n, tickets.side.requester),
        Column::Assignee => t_string!(i18n, tickets.list.assignee),
        Column::Created => t_string!(i18n, views.column.created),
        Column::Updated => t_string!(i18n, tickets.side.updated),
    }
}

/// The columns of the list. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    chosen: RwSignal<Vec<Column>>,
    categories: Categories,
    /// Whether rows can be chosen and changed where they stand.
    pub staff: bool,
}

impl Columns {
    /// Those that the person chose in this browser, or the usual ones.
    pub fn load(staff: bool, categories: Categories) -> Self {
        let known = browser::local_get(KEY).map(|words| {
            let named = |column: &Column| words.split(',').any(|word| word == column.as_str());
            Column::ALL.into_iter().filter(|column| *column == Column::Title || named(column)).collect()
        });
        Self { chosen: RwSignal::new(known.unwrap_or_else(|| usual(staff))), categories, staff }
    }

    /// Whether one is chosen; tracked.
    pub fn contains(self, column: Column) -> bool {
        self.chosen.with(|chosen| chosen.contains(&column))
    }

    /// Shows one, or no more.
    fn toggle(self, column: Column) {
        self.chosen.update(|chosen| {
            let wanted = |each: &Column| chosen.contains(each) != (*each == column);
            *chosen = Column::ALL.into_iter().filter(wanted).collect();
        });
        let words: Vec<&str> = self.chosen.with_untracked(|chosen| chosen.iter().map(|each| each.as_str()).collect());
        browser::local_set(KEY, &words.join(","));
    }

    /// Those there is room for; tracked. A phone has lines instead of columns, and shows what they hold.
    pub fn shown(self, layout: Layout) -> Vec<Column> {
        match layout {
            Layout::Wide => self.chosen.get(),
            Layout::Medium | Layout::Tight => {
                let spare = [Column::Requester, Column::Assignee, Column::Created];
                let fits = |column: &Column| {
                    !spare.contains(column) && (layout == Layout::Medium || *column != Column::Category)
                };
                self.chosen.with(|chosen| chosen.iter().copied().filter(fits).collect())
            }
            Layout::Phone => {
                let whose = self.staff.then_some(Column::Requester);
                let first = [Column::Status, Column::Priority, Column::Title, Column::Number, Column::Category];
                first.into_iter().chain(whose).chain([Column::Updated]).collect()
            }
        }
    }

    /// The widths of the columns, as a style sheet says them; tracked.
    pub fn template(self, layout: Layout) -> String {
        let chooser = self.staff.then_some("20px");
        let shown = self.shown(layout);
        let alone = !(shown.contains(&Column::Requester) && shown.contains(&Column::Assignee));
        let letters =
            self.categories.all().iter().map(|category| category.name.chars().count()).max().unwrap_or(LETTERS);
        let widths = shown.into_iter().map(|column| column.width(layout, alone, letters));
        chooser.map(Cow::Borrowed).into_iter().chain(widths).collect::<Vec<_>>().join(" ")
    }
}

/// What most people want to see.
fn usual(staff: bool) -> Vec<Column> {
    use Column::{Assignee, Category, Number, Priority, Requester, Status, Title, Updated};
    let people: &[Column] = if staff { &[Requester, Assignee] } else { &[Assignee] };
    let rest = [Status, Priority, Number, Title, Category, Updated];
    Column::ALL.into_iter().filter(|column| rest.contains(column) || people.contains(column)).collect()
}

/// The choice of the columns.
#[component]
pub fn ColumnChoice(
    /// The columns.
    columns: Columns,
) -> impl IntoView {
    let i18n = use_i18n();
    let choice = move |column: Column| {
        view! {
            <label>
                <input type="checkbox" prop:checked=move || columns.contains(column) on:change=move |_| columns.toggle(column)/>
                {move || column_name(i18n, column)}
            </label>
        }
    };
    offer_columns(i18n, columns);
    let all = move || Column::ALL.into_iter().filter(|column| *column != Column::Title).map(choice).collect_view();
    view! {
        <div class="column-choice">
            <PillSheet
                label=Signal::derive(move || t_string!(i18n, views.column.heading).to_owned())
                text=Signal::derive(move || t_string!(i18n, views.column.heading).to_owned())
                plain=true
            >
                {all()}
            </PillSheet>
        </div>
    }
    .into_any()
}

/// Offers the choice by its name: what each column would become.
fn offer_columns(i18n: I18n, columns: Columns) {
    let option = move |column: Column| {
        let name = column_name(i18n, column);
        let text = if columns.contains(column) {
            t_string!(i18n, commands.hide_column, name = name)
        } else {
            t_string!(i18n, commands.show_column, name = name)
        };
        PillOption::new(column.as_str(), text)
    };
    let others = || Column::ALL.into_iter().filter(|column| *column != Column::Title);
    let options = Signal::derive(move || others().map(option).collect::<Vec<_>>());
    let take =
        move |word: String| others().filter(|column| column.as_str() == word).for_each(|column| columns.toggle(column));
    offer_choices(Command::Columns, options, Callback::new(take));
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn categories_have_as_much_room_as_their_names_take() {
        let width = |letters, layout| Column::Category.width(layout, false, letters).into_owned();
        assert_eq!(width(8, Layout::Wide), "minmax(0, clamp(76px, 8 * .42rem + 30px, 150px))");
        assert_eq!(width(8, Layout::Medium), "minmax(0, clamp(76px, 8 * .42rem + 30px, 116px))");
    }
}
