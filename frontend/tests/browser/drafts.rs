//! What a person was writing comes back, and to nobody else.

use frontend::{browser, drafts};
use leptos::{prelude::*, task::tick};
use shared::{
    ids::{TicketId, UserId},
    tickets::Priority,
};
use wasm_bindgen_test::wasm_bindgen_test;

/// Starts what effects run on, as mounting a page does.
fn page() -> Owner {
    mount_to_body(|| ());
    let owner = Owner::new();
    owner.set();
    owner
}

#[wasm_bindgen_test]
async fn a_draft_comes_back_to_its_author_only() {
    let _page = page();
    let draft = drafts::draft_of(UserId(7), "ticket.new.title");
    draft.set("La impresora".to_owned());
    tick().await;
    assert_eq!(drafts::draft_of(UserId(7), "ticket.new.title").get_untracked(), "La impresora");
    assert_eq!(drafts::draft_of(UserId(7), "ticket.new.description").get_untracked(), "");
    assert_eq!(drafts::draft_of(UserId(71), "ticket.new.title").get_untracked(), "");
}

#[wasm_bindgen_test]
async fn a_draft_that_was_sent_is_gone() {
    let _page = page();
    let draft = drafts::draft_of(UserId(8), "reply");
    draft.set("Ya está".to_owned());
    tick().await;
    draft.set(String::new());
    tick().await;
    assert_eq!(browser::session_get("turno.draft.8.reply"), None);
}

#[wasm_bindgen_test]
async fn a_choice_comes_back_until_it_is_taken_back() {
    let _page = page();
    let choice = drafts::choice_of::<Priority>(UserId(10), "priority");
    assert_eq!(choice.get_untracked(), None);
    choice.set(Some(Priority::Urgent));
    tick().await;
    assert_eq!(drafts::choice_of::<Priority>(UserId(10), "priority").get_untracked(), Some(Priority::Urgent));
    choice.set(None);
    tick().await;
    assert_eq!(browser::session_get("turno.draft.10.priority"), None);
}

#[wasm_bindgen_test]
async fn logging_out_forgets_ones_own_drafts_and_no_others() {
    let _page = page();
    for user in [9, 91] {
        drafts::draft_of(UserId(user), "reply").set("…".to_owned());
    }
    tick().await;
    drafts::forget(UserId(9));
    assert_eq!(browser::session_get("turno.draft.9.reply"), None);
    assert!(browser::session_get("turno.draft.91.reply").is_some());
}

#[wasm_bindgen_test]
async fn the_tickets_with_a_begun_answer_are_known() {
    let _page = page();
    for key in ["ticket.5.reply", "ticket.7.note", "ticket.7.reply", "ticket.new.title", "comment.9.edit"] {
        drafts::draft_of(UserId(12), key).set("…".to_owned());
    }
    drafts::draft_of(UserId(121), "ticket.6.reply").set("…".to_owned());
    tick().await;
    let mut begun: Vec<TicketId> = drafts::answers_of(UserId(12)).into_iter().collect();
    begun.sort_unstable();
    assert_eq!(begun, [TicketId(5), TicketId(7)]);
}

#[wasm_bindgen_test]
fn logging_out_leaves_no_message_or_answer_behind_that_was_not_sent_and_touches_nobody_elses() {
    let (mine, theirs) = (["turno.outbox.5.a", "turno.outbox.5.answer.a"], "turno.outbox.51.answer.a");
    for key in mine {
        browser::local_set(key, "Esto es privado");
    }
    browser::local_set(theirs, "Y esto de otra persona");
    drafts::forget(UserId(5));
    assert_eq!(mine.map(browser::local_get), [None, None]);
    assert_eq!(browser::local_get(theirs).as_deref(), Some("Y esto de otra persona"));
    browser::local_remove(theirs);
}
