//! What the staff of a demo desk has saved to answer with: what is said again and again, in the two languages that its people
//! write in.

use std::collections::HashSet;

use serde_json::json;
use shared::accounts::Role;

use super::{
    calendar::DAY,
    dice::Dice,
    kind,
    rows::{Ids, made},
    store::ReplyRow,
    story::Desk,
};
use crate::{
    events::{EventKind, EventRow},
    text::fold,
};

/// A title and a text with placeholders.
type Reply = (&'static str, &'static str);

const REPLIES: [Reply; 7] = [
    (
        "Petición recibida",
        "Hola, {{requester.first_name}}:\n\n\
         Hemos recibido su petición **#{{ticket.id}}**, «{{ticket.title}}», y ya la estamos mirando. \
         Le escribiremos aquí mismo en cuanto sepamos algo.\n\n\
         Un saludo,\n{{agent.name}} · {{desk.name}}",
    ),
    (
        "Faltan datos del equipo",
        "Hola, {{requester.first_name}}:\n\n\
         Para poder ayudarle necesitamos algunos datos más:\n\n\
         - El número de inventario, que está en la etiqueta (por ejemplo, `PC-0412`).\n\
         - El mensaje exacto que aparece, o una captura de pantalla.\n\
         - Desde cuándo ocurre, y si le pasa a alguien más.\n\n\
         Puede responder a este mismo aviso. Gracias.",
    ),
    (
        "Contraseña restablecida",
        "Hola, {{requester.first_name}}:\n\n\
         Hemos restablecido su contraseña. Al entrar le pedirá que elija otra:\n\n\
         1. Cierre todas las sesiones que tenga abiertas.\n\
         2. Entre con la contraseña provisional que le damos por teléfono.\n\
         3. Elija una nueva **que no use en ningún otro sitio**.\n\n\
         Si el móvil sigue pidiendo la antigua, bórrela allí y vuelva a escribirla.",
    ),
    (
        "Resuelto: ¿lo confirma?",
        "Hola, {{requester.first_name}}:\n\n\
         Creemos que «{{ticket.title}}» ya está resuelto. ¿Puede comprobarlo y decirnos si todo va bien?\n\n\
         Si no vuelve a ocurrir no hace falta que responda: cerraremos la petición dentro de unos días.\n\n\
         Un saludo,\n{{agent.name}}",
    ),
    (
        "Request received",
        "Hi {{requester.first_name}},\n\n\
         We have received your request **#{{ticket.id}}**, “{{ticket.title}}”, and are looking into it. \
         We will write to you here as soon as we know more.\n\n\
         Best regards,\n{{agent.name}} · {{desk.name}}",
    ),
    (
        "Remote session",
        "Hi {{requester.first_name}},\n\n\
         The quickest way is to look at this together:\n\n\
         1. Open *Remote help* from the Start menu.\n\
         2. Put the **six digits** that it shows in your reply.\n\
         3. Save what you are working on, and accept when I ask to join.\n\n\
         Is there a time today that suits you?",
    ),
    (
        "Solved: please confirm",
        "Hi {{requester.first_name}},\n\n\
         “{{ticket.title}}” should be solved by now. Could you try again and let us know whether it works?\n\n\
         If it does, there is no need to reply: we will close the request in a few days.\n\n\
         Best regards,\n{{agent.name}}",
    ),
];

/// Those whose titles (folded) are not known yet: for all of staff, each by a technician in turn, on the first days of the
/// desk.
pub fn rows(desk: &Desk, ids: &Ids, known: &HashSet<String>) -> Vec<ReplyRow> {
    let people = desk.people.all.iter().zip(&ids.users);
    let staff = people.filter(|(person, _)| person.role == Role::Technician && person.active);
    (0_u64..)
        .zip(REPLIES)
        .zip(staff.cycle())
        .map(|((number, (title, body)), (_, &author_id))| {
            let mut dice = Dice::new(desk.seed, kind::REPLIES, number);
            let days = i64::try_from(number).unwrap_or_default();
            let at = desk.calendar.at_work(desk.calendar.start() + days * DAY, &mut dice);
            ReplyRow {
                author_id,
                shared: true,
                created_at: at,
                updated_at: at,
                title: title.to_owned(),
                title_folded: fold(title),
                body: body.to_owned(),
            }
        })
        .filter(|row| !known.contains(&row.title_folded))
        .collect()
}

/// That they were saved, in the order in which it happened.
pub fn events(rows: &[ReplyRow], ids: &[i64]) -> Vec<EventRow> {
    let mut events: Vec<EventRow> = rows
        .iter()
        .zip(ids)
        .map(|(row, id)| {
            let changes = json!([
                { "field": "title", "from": "", "to": row.title },
                { "field": "body", "from": "", "to": row.body },
            ]);
            made(EventKind::ReplyCreated, *id, row.created_at, Some(row.author_id), &changes)
        })
        .collect();
    events.sort_by_key(|event| event.at);
    events
}

#[cfg(test)]
mod tests {
    use shared::{fields::check, replies::CreateReply};

    use super::*;

    #[test]
    fn all_are_as_staff_may_save_them() {
        let mut titles = HashSet::new();
        for (title, body) in REPLIES {
            let reply = CreateReply { title: title.to_owned(), body: body.to_owned(), shared: true };
            assert!(check(&reply).is_ok(), "{title}: {body}");
            assert!(titles.insert(fold(title)), "{title} is there twice");
            assert!(body.contains("{{requester.first_name}}"), "{body}");
        }
    }
}
