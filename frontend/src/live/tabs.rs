//! What the tabs of one browser tell each other about the stream, through a `BroadcastChannel`.

use serde::{Deserialize, Serialize};
use shared::{
    ids::{EventId, UserId},
    live::{ClientFrame, Presence, ServerFrame},
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::{Line, views::View};
use crate::browser;

/// The number of a lead: whoever takes it from somebody, or after them, has a higher one.
pub type Lead = u64;

/// What one tab tells the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Word {
    /// The leader: this came.
    Frame {
        /// What came.
        frame: ServerFrame,
        /// The last event that the leader had heard before: whoever has not has missed something.
        after: Option<EventId>,
    },
    /// The leader: the line is like this now.
    Line(Line),
    /// One that follows: how do things stand?
    Asked,
    /// The leader: they stand like this.
    Told {
        /// Whether what happens is heard.
        line: Line,
        /// Who is there, and when the others were.
        people: Vec<Presence>,
        /// The last event that was heard.
        last: Option<EventId>,
    },
    /// Another: send this.
    Send(ClientFrame),
    /// Another: this tab looks at this now, or at nothing.
    View {
        /// The tab's name.
        tab: String,
        /// What it looks at.
        view: Option<View>,
    },
    /// A new leader: what does everybody look at?
    Led {
        /// The last event that it has heard, and behind which it asks the server for more.
        last: Option<EventId>,
    },
    /// Another: the person has read something.
    Read,
    /// Any: the person is here.
    Input,
}

impl Word {
    /// Whether only a leader says so.
    pub fn is_of_leader(&self) -> bool {
        matches!(self, Self::Frame { .. } | Self::Line(_) | Self::Told { .. } | Self::Led { .. })
    }
}

/// The way to the other tabs; dropping it closes it.
pub struct Tabs {
    channel: BroadcastChannel,
    _came: Closure<dyn FnMut(MessageEvent)>,
}

impl Tabs {
    /// The tabs in which this person is logged in; none where the browser has no such channels. A leader's words come with the
    /// number of its lead.
    pub fn of(person: UserId, hear: impl Fn(Option<Lead>, Word) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(&name(person)).ok()?;
        let came = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some((lead, word)) = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok()) {
                hear(lead, word);
            }
        });
        channel.set_onmessage(Some(came.as_ref().unchecked_ref()));
        Some(Self { channel, _came: came })
    }

    /// Tells the others; with the number of the lead, what a leader says.
    pub fn tell(&self, lead: Option<Lead>, word: &Word) {
        if let Ok(text) = serde_json::to_string(&(lead, word)) {
            self.channel.post_message(&text.into()).ok();
        }
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// What the channel and the leader's lock are called.
pub fn name(person: UserId) -> String {
    format!("turno.live.{person}")
}

/// The number of a lead that begins: above every one before it, as far as the browser keeps them or this tab knows.
pub fn next_lead(person: UserId, known: Lead) -> Lead {
    let key = format!("{}.lead", name(person));
    let kept: Lead = browser::local_get(&key).and_then(|text| text.parse().ok()).unwrap_or_default();
    let next = kept.max(known).saturating_add(1);
    browser::local_set(&key, &next.to_string());
    next
}

/// What the lock is called that one tab holds for as long as it is there.
pub fn name_of(person: UserId, tab: &str) -> String {
    format!("{}.{tab}", name(person))
}
