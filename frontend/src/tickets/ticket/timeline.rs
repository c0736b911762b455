//! Messages and changes of a ticket, merged into one conversation.

use chrono::{DateTime, TimeDelta, Utc};
use shared::tickets::{Comment, HistoryEntry, HistoryKind, Ticket};

use super::{
    facts::{Fact, Line, line},
    place,
};

/// Changes that one person makes within so many minutes share a line.
const SAME_BREATH_MINUTES: i64 = 2;

/// One thing in the conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// Somebody wrote.
    Message(Comment),
    /// Somebody changed the ticket.
    Changes(Line),
}

impl Entry {
    /// What tells this entry, as it is shown, from every other.
    pub fn key(&self) -> (bool, i64, i64) {
        match self {
            Self::Message(comment) => (true, comment.id.0, comment.edited_at.map_or(0, |at| at.timestamp_micros())),
            Self::Changes(line) => (false, line.id.0, line.at.timestamp_micros()),
        }
    }

    /// What its element is called, when links lead to it.
    pub fn place(&self) -> Option<String> {
        match self {
            Self::Message(comment) => Some(place::name(comment.id)),
            Self::Changes(_) => None,
        }
    }

    fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Message(comment) => comment.created_at,
            Self::Changes(line) => line.at,
        }
    }
}

/// The conversation, oldest first. Where one list is not loaded to its end, what follows in the other waits: nothing
/// must look like the next thing that happened when it is not.
pub fn merge(
    ticket: &Ticket,
    (comments, comments_end): (&[Comment], bool),
    (history, history_end): (&[HistoryEntry], bool),
) -> Vec<Entry> {
    let cut = [
        comments.last().filter(|_| !comments_end).map(|comment| comment.created_at),
        history.last().filter(|_| !history_end).map(|entry| entry.at),
    ];
    let cut = cut.into_iter().flatten().min();
    let mut entries: Vec<Entry> = comments.iter().cloned().map(Entry::Message).collect();
    entries.extend(history.iter().filter_map(|entry| line(ticket, entry)).map(Entry::Changes));
    entries.retain(|entry| cut.is_none_or(|cut| entry.at() <= cut));
    entries.sort_by_key(Entry::at);
    entries.into_iter().fold(Vec::new(), joined)
}

/// Adds an entry, or joins it to the line before.
fn joined(mut entries: Vec<Entry>, next: Entry) -> Vec<Entry> {
    let same_breath = |before: &Line, after: &Line| {
        before.internal == after.internal
            && before.actor.as_ref().map(|actor| actor.id) == after.actor.as_ref().map(|actor| actor.id)
            && after.at - before.at <= TimeDelta::minutes(SAME_BREATH_MINUTES)
    };
    match (entries.last_mut(), next) {
        (Some(Entry::Changes(before)), Entry::Changes(after)) if same_breath(before, &after) => {
            before.at = after.at;
            for fact in after.facts {
                add(&mut before.facts, fact);
            }
            if before.facts.is_empty() {
                entries.pop();
            }
        }
        (_, next) => entries.push(next),
    }
    entries
}

/// Adds a change to those of the same breath: two steps of one field are one, and there and back is none.
fn add(facts: &mut Vec<Fact>, next: Fact) {
    let found = facts.iter().enumerate().rev().find_map(|(index, fact)| match (fact, &next) {
        (Fact::Status(from, _), Fact::Status(_, to)) => Some((index, (from != to).then_some(Fact::Status(*from, *to)))),
        (Fact::Priority(from, _), Fact::Priority(_, to)) => {
            Some((index, (from != to).then_some(Fact::Priority(*from, *to))))
        }
        (Fact::Followed, Fact::Unfollowed) | (Fact::Unfollowed, Fact::Followed) => Some((index, None)),
        (Fact::Invited(one), Fact::Dismissed(other)) | (Fact::Dismissed(one), Fact::Invited(other)) if one == other => {
            Some((index, None))
        }
        _ => None,
    });
    match found {
        Some((index, Some(fact))) => {
            if let Some(place) = facts.get_mut(index) {
                *place = fact;
            }
        }
        Some((index, None)) => drop(facts.remove(index)),
        None => facts.push(next),
    }
}

/// How often something was done with files, as far as this history tells.
pub fn count_of_files(history: &[HistoryEntry]) -> usize {
    let is_of_files =
        |entry: &&HistoryEntry| matches!(entry.kind, HistoryKind::AttachmentAdded | HistoryKind::AttachmentDeleted);
    history.iter().filter(is_of_files).count()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use serde_json::{Value, json};
    use shared::{
        accounts::UserRef,
        ids::{CommentId, EventId, TicketId, UserId},
        tickets::{Change, Priority, Status, Visibility},
    };

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + minute * 60, 0).unwrap()
    }

    fn who(id: i64, name: &str) -> UserRef {
        UserRef { id: UserId(id), name: name.to_owned(), avatar_url: None }
    }

    fn ticket() -> Ticket {
        Ticket {
            id: TicketId(1),
            title: "t".to_owned(),
            description: String::new(),
            description_html: String::new(),
            status: Status::Open,
            priority: Priority::Medium,
            category_id: None,
            requester: who(1, "Ana"),
            assignee: None,
            version: 1,
            created_at: at(0),
            updated_at: at(0),
            first_response_at: None,
            closed_at: None,
            watching: false,
            sees_by_watching: false,
            read_to: None,
            actions: Vec::new(),
        }
    }

    fn event(id: i64, minute: i64, kind: HistoryKind, changes: Vec<(&str, Value, Value)>) -> HistoryEntry {
        let changes = changes.into_iter().map(|(field, from, to)| Change { field: field.to_owned(), from, to });
        HistoryEntry {
            id: EventId(id),
            at: at(minute),
            actor: Some(who(2, "Luis")),
            kind,
            comment_id: None,
            internal: false,
            changes: changes.collect(),
        }
    }

    fn comment(id: i64, minute: i64) -> Comment {
        Comment {
            id: CommentId(id),
            ticket_id: TicketId(1),
            author: who(1, "Ana"),
            body: String::new(),
            body_html: String::new(),
            visibility: Visibility::Public,
            created_at: at(minute),
            edited_at: None,
            mentions: Vec::new(),
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn taking_and_raising_share_a_line_unless_somebody_speaks_between() {
        let took =
            event(1, 1, HistoryKind::TicketAssigned, vec![("assignee", json!(null), json!({"id":2,"name":"Luis"}))]);
        let raised = event(2, 2, HistoryKind::TicketUpdated, vec![("priority", json!("high"), json!("urgent"))]);
        let history = [took, raised];
        let merged = merge(&ticket(), (&[], true), (&history, true));
        let [Entry::Changes(line)] = merged.as_slice() else { panic!("{merged:?}") };
        assert_eq!(line.facts, [Fact::Took, Fact::Priority(Priority::High, Priority::Urgent)]);

        let mut between = comment(1, 1);
        between.created_at = at(1) + TimeDelta::seconds(30);
        assert_eq!(merge(&ticket(), (&[between], true), (&history, true)).len(), 3);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn two_steps_of_one_field_are_one_and_there_and_back_is_none() {
        let step = |id, from: &str, to: &str| {
            event(id, id, HistoryKind::TicketUpdated, vec![("priority", json!(from), json!(to))])
        };
        let history = [step(1, "low", "high"), step(2, "high", "urgent")];
        let merged = merge(&ticket(), (&[], true), (&history, true));
        let [Entry::Changes(line)] = merged.as_slice() else { panic!("{merged:?}") };
        assert_eq!(line.facts, [Fact::Priority(Priority::Low, Priority::Urgent)]);
        let history = [step(1, "low", "high"), step(2, "high", "low")];
        assert!(merge(&ticket(), (&[], true), (&history, true)).is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn closing_tells_the_state_once() {
        let closed = event(1, 1, HistoryKind::TicketClosed, vec![("status", json!("open"), json!("closed"))]);
        let merged = merge(&ticket(), (&[], true), (&[closed], true));
        let [Entry::Changes(line)] = merged.as_slice() else { panic!("{merged:?}") };
        assert_eq!(line.facts, [Fact::Closed]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn files_are_told_of_unless_a_message_shows_them() {
        let file = json!({ "id": 7, "name": "foto.png" });
        let added = event(1, 1, HistoryKind::AttachmentAdded, vec![("attachment", json!(null), file.clone())]);
        let deleted = event(3, 9, HistoryKind::AttachmentDeleted, vec![("attachment", file, json!(null))]);
        let with_message = HistoryEntry { id: EventId(2), comment_id: Some(CommentId(5)), ..added.clone() };
        let merged = merge(&ticket(), (&[], true), (&[added, with_message, deleted], true));
        let facts: Vec<&Fact> = merged
            .iter()
            .flat_map(|entry| match entry {
                Entry::Changes(line) => line.facts.as_slice(),
                Entry::Message(_) => &[],
            })
            .collect();
        let name = || "foto.png".to_owned();
        assert_eq!(facts, [&Fact::Attached(name()), &Fact::Detached(name())]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn following_and_old_texts_are_told() {
        let luis = json!({"id":2,"name":"Luis"});
        let eva = json!({"id":3,"name":"Eva"});
        let history = [
            event(1, 1, HistoryKind::WatcherAdded, vec![("watcher", json!(null), luis.clone())]),
            event(2, 1, HistoryKind::WatcherAdded, vec![("watcher", json!(null), eva.clone())]),
            event(3, 2, HistoryKind::CommentEdited, vec![("body", json!("antes"), json!("después"))]),
        ];
        let merged = merge(&ticket(), (&[], true), (&history, true));
        let [Entry::Changes(line)] = merged.as_slice() else { panic!("{merged:?}") };
        let told = [Fact::Followed, Fact::Invited("Eva".to_owned()), Fact::Rewritten("antes".to_owned())];
        assert_eq!(line.facts, told);
        let back = [
            event(4, 3, HistoryKind::WatcherAdded, vec![("watcher", json!(null), luis.clone())]),
            event(5, 3, HistoryKind::WatcherRemoved, vec![("watcher", luis, json!(null))]),
            event(6, 3, HistoryKind::WatcherRemoved, vec![("watcher", eva.clone(), json!(null))]),
            event(7, 3, HistoryKind::WatcherAdded, vec![("watcher", json!(null), eva)]),
        ];
        assert!(merge(&ticket(), (&[], true), (&back, true)).is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_only_staff_sees_shares_no_line_with_what_all_see() {
        let was = |text: &str| vec![("body", json!(text), json!("x"))];
        let open = event(1, 1, HistoryKind::CommentEdited, was("antes"));
        let note = HistoryEntry { internal: true, ..event(2, 1, HistoryKind::CommentEdited, was("nota")) };
        let merged = merge(&ticket(), (&[], true), (&[open, note], true));
        let [Entry::Changes(open), Entry::Changes(note)] = merged.as_slice() else { panic!("{merged:?}") };
        assert!(!open.internal && note.internal);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_follows_an_unfinished_list_waits() {
        let closed = event(1, 9, HistoryKind::TicketClosed, vec![]);
        let comments = [comment(1, 1), comment(2, 2)];
        assert_eq!(merge(&ticket(), (&comments, false), (&[closed], true)).len(), 2);
    }
}
