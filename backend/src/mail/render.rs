//! A letter in words: a subject, a text and the same as HTML.
//!
//! Every value that a person wrote is escaped in the HTML, or has gone through [`markdown`](crate::markdown).

use shared::{accounts::Locale, colour::DEFAULT, tickets::Status};

use super::{
    html::{QUIET, address, button, document, escape, framed, paragraph, quote},
    letter::{Letter, News, What},
};
use crate::words::{Words, fill};

/// The most of a comment that a mail repeats, in characters.
const QUOTED: usize = 4_000;
/// The longest subject, in characters.
const SUBJECT: usize = 200;

/// What is known of the reader and the desk.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    /// Their language.
    pub locale: Locale,
    /// Their name.
    pub name: &'a str,
    /// The name they log in with.
    pub username: &'a str,
    /// What the desk calls itself.
    pub desk: &'a str,
    /// Its colour, as `#rrggbb`.
    pub colour: &'a str,
}

/// Where the links lead.
#[derive(Debug, Clone)]
pub struct Places {
    /// What the button opens; none when it is covered.
    pub button: Option<String>,
    /// Where the reader chooses what they get.
    pub profile: String,
    /// The desk, where links to its pages lead.
    pub desk: String,
}

/// A letter in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Without any markup.
    pub text: String,
    /// A whole document.
    pub html: String,
}

/// The subject: known before the mail is put into words, and the same for all the news of a ticket, so that mail programs
/// keep them together.
pub fn subject(letter: &Letter, locale: Locale, desk: &str) -> String {
    let words = &Words::of(locale).mail;
    let say = |text: &str| fill(text, &[("desk", desk)]);
    let whole = match letter {
        Letter::Welcome { .. } => say(words.welcome_subject),
        Letter::PasswordReset { .. } | Letter::PasswordLink { .. } => say(words.reset_subject),
        Letter::Ticket { ticket, title, .. } => format!("[{desk} #{ticket}] {title}"),
        Letter::Chat { .. } => say(words.chat_subject),
        Letter::Test => say(words.test_subject),
    };
    whole.chars().filter(|c| !c.is_control()).take(SUBJECT).collect()
}

/// A paragraph, or what somebody wrote.
enum Block {
    /// Plain text.
    Words(String),
    /// Markdown that a person wrote.
    Quote(String),
}

/// The letter in words.
pub fn render(letter: &Letter, reader: &Reader<'_>, places: &Places) -> Rendered {
    let values = [("desk", reader.desk), ("name", reader.name), ("username", reader.username)];
    let words = &Words::of(reader.locale).mail;
    let say = |text: &str| fill(text, &values);
    let (blocks, button, note) = match letter {
        Letter::Welcome { .. } => {
            (vec![Block::Words(say(words.welcome_text))], say(words.welcome_button), Some(say(words.welcome_note)))
        }
        Letter::PasswordReset { .. } => {
            (vec![Block::Words(say(words.reset_text))], say(words.reset_button), Some(say(words.reset_note)))
        }
        Letter::PasswordLink { .. } => {
            (vec![Block::Words(say(words.link_text))], say(words.reset_button), Some(say(words.link_note)))
        }
        Letter::Ticket { ticket, title, news } => {
            let mut blocks = vec![Block::Words(format!("#{ticket} · {title}"))];
            for news in news {
                tell(&mut blocks, news, reader.locale);
            }
            (blocks, say(words.ticket_button), None)
        }
        Letter::Chat { writers } => {
            let mut blocks = vec![Block::Words(say(words.chat_text))];
            blocks.extend(writers.iter().map(|writer| {
                let values = [("by", writer.name.as_str()), ("count", &writer.unread.to_string())];
                Block::Words(fill(words.chat_writer, &values))
            }));
            (blocks, say(words.chat_button), None)
        }
        Letter::Test => (vec![Block::Words(say(words.test_text))], say(words.test_button), None),
    };
    let may_choose = matches!(letter, Letter::Ticket { .. } | Letter::Chat { .. });
    let parts = Parts {
        hello: say(words.hello),
        blocks,
        button,
        link: places.button.as_deref(),
        covered: say(words.covered),
        note,
        foot: say(words.foot),
        choices: may_choose.then_some(words.foot_choices),
        profile: &places.profile,
        desk: &places.desk,
    };
    Rendered {
        subject: subject(letter, reader.locale, reader.desk),
        text: parts.text(),
        html: parts.html(reader.locale, reader.colour),
    }
}

/// One thing that happened.
fn tell(blocks: &mut Vec<Block>, news: &News, locale: Locale) {
    let all = Words::of(locale);
    let words = &all.mail;
    let say = |text: &str| Block::Words(fill(text, &[("by", &news.by)]));
    let quote = |body: &str| Block::Quote(cut(body, words.cut));
    match &news.what {
        What::Assigned => blocks.push(say(words.assigned)),
        What::Received => blocks.push(say(words.received)),
        What::Invited => blocks.push(say(words.invited)),
        What::Answered { body, internal, .. } => {
            blocks.push(say(if *internal { words.noted } else { words.answered }));
            blocks.push(quote(body));
        }
        What::Mentioned { body, internal, .. } => {
            blocks.push(say(if *internal { words.mentioned_in_note } else { words.mentioned }));
            blocks.push(quote(body));
        }
        What::StateChanged { to: Status::Closed } => blocks.push(say(words.closed)),
        What::StateChanged { to: Status::Open } => blocks.push(say(words.reopened)),
        What::StateChanged { to } => {
            blocks.push(Block::Words(fill(words.moved, &[("by", &news.by), ("status", all.status(*to))])));
        }
    }
}

/// The beginning of a long text.
fn cut(body: &str, goes_on: &str) -> String {
    match body.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…\n\n{goes_on}", body.get(..end).unwrap_or_default()),
        None => body.to_owned(),
    }
}

/// The parts of a mail, in their order.
struct Parts<'a> {
    hello: String,
    blocks: Vec<Block>,
    button: String,
    link: Option<&'a str>,
    covered: String,
    note: Option<String>,
    foot: String,
    /// Where the reader chooses what they get, around the address.
    choices: Option<&'a str>,
    profile: &'a str,
    desk: &'a str,
}

impl Parts<'_> {
    fn text(&self) -> String {
        let mut parts = vec![self.hello.clone()];
        for block in &self.blocks {
            parts.push(match block {
                Block::Words(words) => words.clone(),
                Block::Quote(body) => {
                    let lines: Vec<String> =
                        body.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
                    lines.join("\n")
                }
            });
        }
        parts.push(format!("{}:\n{}", self.button, self.link.unwrap_or(&self.covered)));
        parts.extend(self.note.clone());
        parts.push(format!("-- \n{}", self.foot));
        let letter = parts.join("\n\n");
        match self.choices {
            Some(choices) => format!("{letter}\n{}\n", fill(choices, &[("url", self.profile)])),
            None => letter + "\n",
        }
    }

    fn html(&self, locale: Locale, colour: &str) -> String {
        let brand = colour.parse().unwrap_or(DEFAULT);
        let mut body = paragraph("", &self.hello);
        for block in &self.blocks {
            match block {
                Block::Words(words) => body.push_str(&paragraph("", words)),
                Block::Quote(text) => body.push_str(&quote(text, self.desk, brand)),
            }
        }
        match self.link {
            Some(link) => body.push_str(&button(link, &self.button, brand)),
            None => body.push_str(&paragraph("", &format!("{}: {}", self.button, self.covered))),
        }
        if let Some(note) = &self.note {
            body += &paragraph("", note);
        }
        let mut foot = paragraph(QUIET, &self.foot);
        if let Some(choices) = self.choices {
            foot += &framed(QUIET, &fill(&escape(choices), &[("url", &address(self.profile, brand))]));
        }
        document(locale, brand, &body, &foot)
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        colour::{Palette, Rgb},
        ids::{PasswordLinkId, TicketId},
    };

    use super::*;
    use crate::mail::html::RULE;

    fn reader(locale: Locale) -> Reader<'static> {
        Reader { locale, name: "Ana <b>", username: "ana", desk: "Soporte & co", colour: "#3454d1" }
    }

    fn places() -> Places {
        Places {
            button: Some("https://desk/x?a=1&b=2".to_owned()),
            profile: "https://desk/profile".to_owned(),
            desk: "https://desk/".to_owned(),
        }
    }

    #[test]
    fn every_value_is_escaped() {
        let body = "**hola** <script>alert(1)</script>".to_owned();
        let news = vec![
            News { by: "<img src=x>".to_owned(), what: What::Answered { comment: None, body, internal: false } },
            News { by: "Luis".to_owned(), what: What::StateChanged { to: Status::Waiting } },
        ];
        let letter = Letter::Ticket { ticket: TicketId(7), title: "<i>Ratón</i> {name}".to_owned(), news };
        let mail = render(&letter, &reader(Locale::Es), &places());
        assert_eq!(mail.subject, "[Soporte & co #7] <i>Ratón</i> {name}");
        for raw in ["<img", "<i>", "<script", "Ana <b>", "a=1&b"] {
            assert!(!mail.html.contains(raw), "{raw}: {}", mail.html);
        }
        assert!(mail.html.contains("<strong>hola</strong>") && mail.html.contains("{name}"), "{}", mail.html);
        assert!(mail.text.contains("> **hola** <script>") && mail.text.contains("«En espera»"), "{}", mail.text);
        assert!(mail.text.contains("https://desk/x?a=1&b=2") && mail.text.contains("https://desk/profile"));
    }

    #[test]
    fn links_into_the_desk_lead_there_from_anywhere() {
        let body = "Como #1042, mira [esto](/tickets/7) y [aquello](https://example.org/x).".to_owned();
        let news = vec![News { by: "Luis".to_owned(), what: What::Answered { comment: None, body, internal: false } }];
        let letter = Letter::Ticket { ticket: TicketId(7), title: "Ratón".to_owned(), news };
        let mail = render(&letter, &reader(Locale::Es), &places());
        for link in ["https://desk/tickets/1042", "https://desk/tickets/7", "https://example.org/x"] {
            assert!(mail.html.contains(&format!(" href=\"{link}\"")), "{link}: {}", mail.html);
        }
        assert!(!mail.html.contains("href=\"/"), "{}", mail.html);
    }

    #[test]
    fn links_and_rules_fit_the_desk_in_light_and_in_dark() {
        let body = "[Aquí](https://example.org/x), o en https://example.org/y\n\n---\n\n`<hr>`".to_owned();
        let news = vec![News { by: "Luis".to_owned(), what: What::Answered { comment: None, body, internal: false } }];
        let letter = Letter::Ticket { ticket: TicketId(7), title: "Ratón".to_owned(), news };
        let html = render(&letter, &reader(Locale::Es), &places()).html;
        // Two in the answer, the button's address and that of the profile; the button is white on the colour.
        assert_eq!(html.matches("<a class=\"link\" style=\"color:#3454d1\" href=").count(), 4, "{html}");
        assert_eq!(html.matches("<a ").count(), 5, "{html}");
        assert!(html.contains("background:#3454d1;color:#ffffff"), "{html}");
        assert_eq!((html.matches("<hr").count(), html.matches(RULE).count()), (2, 2), "{html}");
        let (dark, card): (Rgb, Rgb) = (Palette::dark("#3454d1".parse().unwrap()).text, "#211f1e".parse().unwrap());
        assert!(html.contains(&format!(".link{{color:{dark}!important}}")) && dark.reads_on(card), "{html}");
        assert!(html.contains(&format!(".card{{background:{card}!important")), "{html}");
    }

    #[test]
    fn each_language_has_its_own_words() {
        let letter = Letter::PasswordReset { link: PasswordLinkId(1) };
        let es = render(&letter, &reader(Locale::Es), &places());
        let en = render(&letter, &reader(Locale::En), &places());
        assert!(es.text.contains("10 minutos") && en.text.contains("10 minutes"));
        assert!(es.html.contains("lang=\"es\"") && en.html.contains("lang=\"en\""));
        assert!(es.text.is_ascii() != en.text.is_ascii() || es.subject != en.subject);
    }

    #[test]
    fn a_covered_link_is_nowhere() {
        let letter = Letter::Welcome { link: PasswordLinkId(1) };
        let mail = render(&letter, &reader(Locale::En), &Places { button: None, ..places() });
        assert!(!mail.text.contains("desk/x") && !mail.html.contains("desk/x") && mail.text.contains("hidden"));
    }

    #[test]
    fn a_subject_is_one_line_of_bounded_length() {
        let letter = Letter::Ticket {
            ticket: TicketId(1),
            title: format!("a\r\nBcc: x@y.z{}", "ñ".repeat(300)),
            news: Vec::new(),
        };
        let subject = subject(&letter, Locale::Es, "Turno");
        assert!(!subject.contains(['\r', '\n']) && subject.chars().count() == SUBJECT);
    }
}
