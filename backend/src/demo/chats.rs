//! What people write to each other in private: with staff, and staff among themselves.

use std::collections::BTreeSet;

use serde_json::json;
use shared::{
    accounts::{Locale, Role},
    ids::UserId,
};

use super::{
    calendar::{DAY, MINUTE},
    dice::Dice,
    kind,
    rows::Ids,
    store::{ConversationRow, MessageRow},
    story::Desk,
};
use crate::{
    chat::{Pair, folded},
    events::{Audience, EventKind, EventRow},
};

/// For so many tickets two people write to each other.
const TICKETS_EACH: u64 = 25;
/// The most pairs.
const MOST: u64 = 60;
/// Over so many days they do.
const DAYS: u64 = 12;

/// What two say in turns, the first of them to the staff.
type Talk = &'static [&'static str];

const SPANISH: [Talk; 5] = [
    &[
        "Hola, ¿tienes un momento? El portátil no coge la wifi de la sala grande.",
        "Claro. ¿Te sale la red y no entra, o ni aparece?",
        "Aparece, pide la contraseña y se queda pensando.",
        "Bórrala en *Redes conocidas* y vuelve a entrar con tu usuario de siempre.",
        "¡Ahora sí! Mil gracias 🙌",
    ],
    &[
        "Buenos días. ¿Sabes cuándo llega el monitor que pedí?",
        "Me dicen que el jueves. Te lo dejo montado en tu mesa.",
        "Perfecto, el jueves estoy por la tarde.",
        "Entonces lo pongo por la mañana y lo tienes listo al llegar.",
    ],
    &[
        "¿Puedes mirar por qué no me deja entrar en la carpeta de **Facturas**?",
        "Te falta el permiso del grupo. ¿Te lo autoriza alguien de contabilidad?",
        "Sí, ahora le pido que te escriba.",
        "En cuanto me lo confirme te doy acceso.",
    ],
    &[
        "Oye, ¿la actualización de esta noche nos afecta?",
        "Solo de 22 a 23 h: el correo irá lento.",
        "Vale, aviso al equipo.",
    ],
    &["He dejado el cargador en recepción, por si pasas.", "Genial, lo recojo luego. ¡Gracias!"],
];

const ENGLISH: [Talk; 5] = [
    &[
        "Hi, do you have a minute? My laptop will not join the Wi-Fi in the big meeting room.",
        "Sure. Can you see the network but not join it, or is it not there at all?",
        "It is there; it asks for the password and then just keeps spinning.",
        "Remove it from *Known networks* and join it again with your usual account.",
        "That did it, thank you! 🙌",
    ],
    &[
        "Good morning. Do you know when the monitor I asked for will arrive?",
        "On Thursday, they say. I will set it up on your desk.",
        "Great, I will be in on Thursday afternoon.",
        "Then I will do it in the morning, so that it is ready when you come in.",
    ],
    &[
        "Could you find out why I cannot open the **Invoices** folder?",
        "You are not in the group for it. Can somebody in accounts approve it?",
        "Yes, I will ask them to write to you.",
        "As soon as they do, you will have access.",
    ],
    &[
        "Will tonight's update affect us?",
        "Only from 10 to 11 pm: email will be slow.",
        "All right, I will tell the team.",
    ],
    &["I have left the charger at reception, in case you are passing.", "Great, I will pick it up later. Thanks!"],
];

/// A message, by places in [`People::all`](super::people::People::all).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// When.
    pub at: i64,
    /// By whom.
    pub from: usize,
    /// To whom.
    pub to: usize,
    /// What.
    pub body: &'static str,
    /// When it was read.
    pub read_at: Option<i64>,
}

/// All that was said, in its order.
pub fn tell(desk: &Desk) -> Vec<Said> {
    let mut said = Vec::new();
    let mut met = BTreeSet::new();
    for number in 0..(desk.tickets / TICKETS_EACH).min(MOST) {
        let mut dice = Dice::new(desk.seed, kind::CHATS, number);
        let Some((one, staff)) = pair(desk, number, &mut dice) else { continue };
        if met.insert((one.min(staff), one.max(staff))) {
            talk(desk, (one, staff), &mut dice, &mut said);
        }
    }
    said.sort_by_key(|said| (said.at, said.from));
    said
}

/// Somebody and somebody on staff. Whoever tries the desk as one of the three roles has something to read.
fn pair(desk: &Desk, number: u64, dice: &mut Dice) -> Option<(usize, usize)> {
    let people = &desk.people;
    let first = |role| people.all.iter().position(|person| person.role == role && person.active);
    let (one, staff) = match number {
        0 => (first(Role::User)?, first(Role::Technician)?),
        1 => (first(Role::Technician)?, first(Role::Admin)?),
        2 => (first(Role::User)?, first(Role::Admin)?),
        _ if dice.chance(80) => (people.requester(dice), people.technician(dice)),
        _ => (people.technician(dice), people.admin(dice)),
    };
    let active = |place| people.get(place).is_some_and(|person| person.active);
    (one != staff && active(one) && active(staff)).then_some((one, staff))
}

fn talk(desk: &Desk, (one, staff): (usize, usize), dice: &mut Dice, said: &mut Vec<Said>) {
    let talks = match desk.people.get(one).map(|person| person.locale) {
        Some(Locale::En) => &ENGLISH,
        _ => &SPANISH,
    };
    let Some(&lines) = dice.pick(talks) else { return };
    let days = i64::try_from(2 + dice.below(DAYS)).unwrap_or_default();
    let mut at = desk.calendar.at_work(desk.calendar.end - days * DAY, dice);
    let seen = dice.chance(60);
    for (place, body) in lines.iter().enumerate() {
        let (from, to) = if place % 2 == 0 { (one, staff) } else { (staff, one) };
        let minutes = |dice: &mut Dice| i64::try_from(1 + dice.below(9)).unwrap_or_default() * MINUTE;
        let read = at + minutes(dice) / 2;
        // Whoever answers has read; what was said last may still wait.
        let read_at = (place + 1 < lines.len() || seen).then_some(read);
        if at.max(read) >= desk.calendar.end {
            return;
        }
        said.push(Said { at, from, to, body, read_at });
        at = read + minutes(dice);
    }
}

/// The messages.
pub fn messages(said: &[Said], ids: &Ids) -> Vec<MessageRow> {
    said.iter()
        .map(|said| {
            let (from_id, to_id) = (ids.user(said.from), ids.user(said.to));
            let pair = Pair::of(UserId(from_id), UserId(to_id));
            MessageRow {
                low_id: pair.low,
                high_id: pair.high,
                from_id,
                to_id,
                created_at: said.at,
                delivered_at: said.read_at,
                read_at: said.read_at,
                body: said.body.to_owned(),
                body_folded: folded(said.body),
            }
        })
        .collect()
}

/// What is kept of each conversation, for each of the two.
pub fn conversations(messages: &[MessageRow], numbers: &[i64]) -> Vec<ConversationRow> {
    let mut kept: Vec<ConversationRow> = Vec::new();
    for (message, &id) in messages.iter().zip(numbers) {
        for (user_id, peer_id) in [(message.from_id, message.to_id), (message.to_id, message.from_id)] {
            let unread = i32::from(user_id == message.to_id && message.read_at.is_none());
            match kept.iter_mut().find(|row| (row.user_id, row.peer_id) == (user_id, peer_id)) {
                Some(row) => {
                    row.last_message_id = id;
                    row.unread += unread;
                }
                None => kept.push(ConversationRow { user_id, peer_id, last_message_id: id, unread }),
            }
        }
    }
    kept
}

/// That they were sent and read, in the order in which it happened.
pub fn events(messages: &[MessageRow], numbers: &[i64]) -> Vec<EventRow> {
    let row = |at, kind: EventKind, (actor, other), message: i64| EventRow {
        id: 0,
        at,
        actor_id: Some(actor),
        address: None,
        kind: kind.as_str(),
        ticket_id: None,
        subject_id: Some(other),
        audience: Audience::Pair.code(),
        payload: json!({ "message_id": message }).to_string(),
        hash: Vec::new(),
    };
    let mut events = Vec::new();
    for (message, &id) in messages.iter().zip(numbers) {
        let (from, to) = (message.from_id, message.to_id);
        events.push(row(message.created_at, EventKind::MessageSent, (from, to), id));
        events.extend(message.read_at.map(|at| row(at, EventKind::MessagesRead, (to, from), id)));
    }
    events.sort_by_key(|event| event.at);
    events
}
