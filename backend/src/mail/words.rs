//! The words of mails, both languages side by side. `{…}` is filled in by [`super::render`].

use shared::{accounts::Locale, tickets::Status};

/// The same in Spanish and English.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    es: &'static str,
    en: &'static str,
}

impl Words {
    /// In one of the languages.
    pub fn in_language(self, locale: Locale) -> &'static str {
        match locale {
            Locale::Es => self.es,
            Locale::En => self.en,
        }
    }
}

macro_rules! words {
    ($($name:ident = $es:literal, $en:literal;)+) => {
        $(pub const $name: Words = Words { es: $es, en: $en };)+

        #[cfg(test)]
        const ALL: &[(&str, Words)] = &[$((stringify!($name), $name)),+];
    };
}

words! {
    HELLO = "Hola, {name}:", "Hello {name},";
    FOOT = "Lo envía {desk} automáticamente: no hace falta que respondas.", "{desk} sends this by itself; there is no need to reply.";
    FOOT_CHOICES = "Eliges qué correos recibes en tu perfil: {url}", "Choose which mails you get in your profile: {url}";
    COVERED = "(enlace oculto)", "(link hidden)";

    WELCOME_SUBJECT = "{desk}: tu cuenta está lista", "{desk}: your account is ready";
    WELCOME_TEXT = "Tienes una cuenta en {desk}. Tu usuario es {username}. Solo falta que pongas tu contraseña:",
        "You have an account at {desk}. Your user name is {username}. All it needs is your password:";
    WELCOME_BUTTON = "Poner mi contraseña", "Set my password";
    WELCOME_NOTE = "El enlace sirve una sola vez, durante 7 días. Si caduca, pide otro en la página de entrada con «¿Olvidaste tu contraseña?».",
        "The link works once, for 7 days. If it expires, ask for another on the login page with “Forgot your password?”.";

    RESET_SUBJECT = "{desk}: cambia tu contraseña", "{desk}: change your password";
    RESET_TEXT = "Alguien, seguramente tú, ha pedido cambiar la contraseña de {username}:",
        "Someone, most likely you, asked to change the password of {username}:";
    RESET_BUTTON = "Cambiar mi contraseña", "Change my password";
    RESET_NOTE = "El enlace sirve una sola vez, durante 10 minutos. Si no lo has pedido tú, no hagas nada: tu contraseña sigue siendo la misma.",
        "The link works once, for 10 minutes. If you did not ask for it, do nothing: your password stays as it is.";

    LINK_TEXT = "Un administrador te envía este enlace para que cambies la contraseña de {username}:",
        "An administrator sends you this link to change the password of {username}:";
    LINK_NOTE = "El enlace sirve una sola vez, durante 24 horas.", "The link works once, for 24 hours.";

    TICKET_BUTTON = "Ver el ticket", "See the ticket";
    ASSIGNED = "{by} te ha asignado este ticket.", "{by} assigned this ticket to you.";
    RECEIVED = "{by} ha abierto este ticket. Te llega a ti por su categoría.", "{by} opened this ticket. It comes to you by its category.";
    ANSWERED = "{by} ha respondido:", "{by} answered:";
    NOTED = "{by} ha escrito una nota interna:", "{by} wrote an internal note:";
    MENTIONED = "{by} te ha mencionado:", "{by} mentioned you:";
    MENTIONED_IN_NOTE = "{by} te ha mencionado en una nota interna:", "{by} mentioned you in an internal note:";
    CLOSED = "{by} ha cerrado el ticket.", "{by} closed the ticket.";
    REOPENED = "{by} ha reabierto el ticket.", "{by} opened the ticket again.";
    MOVED = "{by} ha cambiado el estado a «{status}».", "{by} changed the state to “{status}”.";
    CUT = "(sigue en el ticket)", "(goes on in the ticket)";

    CHAT_SUBJECT = "{desk}: mensajes sin leer", "{desk}: unread messages";
    CHAT_TEXT = "Te han escrito en {desk} mientras no estabas:", "People wrote to you at {desk} while you were away:";
    CHAT_WRITER = "{by}: {count} sin leer", "{by}: {count} unread";
    CHAT_BUTTON = "Abrir el chat", "Open the chat";

    TEST_SUBJECT = "{desk}: prueba de correo", "{desk}: mail test";
    TEST_TEXT = "Si lees esto, {desk} puede enviar correo.", "If you read this, {desk} can send mail.";
    TEST_BUTTON = "Abrir {desk}", "Open {desk}";

    OPEN = "Abierto", "Open";
    IN_PROGRESS = "En proceso", "In progress";
    WAITING = "En espera", "Waiting";
    STATE_CLOSED = "Cerrado", "Closed";
}

/// Where a ticket stands, in words.
pub fn status(status: Status) -> Words {
    match status {
        Status::Open => OPEN,
        Status::InProgress => IN_PROGRESS,
        Status::Waiting => WAITING,
        Status::Closed => STATE_CLOSED,
    }
}

/// Fills in what stands in braces. What is filled in is never looked at again, whatever braces it has.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn both_languages_say_the_same_things() {
        for (name, words) in ALL {
            assert!(!words.es.is_empty() && !words.en.is_empty(), "{name}");
            assert_eq!(names(words.es), names(words.en), "{name}");
        }
    }

    #[test]
    fn what_is_filled_in_is_only_text() {
        assert_eq!(fill("{a} y {b}", &[("a", "{b}"), ("b", "2")]), "{b} y 2");
        assert_eq!(fill("{a", &[("a", "1")]), "{a");
    }
}
