//! A letter in words: a subject, a text and the same as HTML.
//!
//! The HTML is one column with inline styles, since mail programs drop most others, and two colour schemes. Every value
//! that a person wrote is escaped, or has gone through [`text::markdown`](crate::text::markdown).

use std::fmt::Write as _;

use shared::{accounts::Locale, tickets::Status};

use super::letter::{Letter, News, What};
use crate::{
    markdown::{self, Names},
    words::{Words, fill},
};

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
    let mut foot = vec![say(words.foot)];
    if matches!(letter, Letter::Ticket { .. } | Letter::Chat { .. }) {
        foot.push(fill(words.foot_choices, &[("url", &places.profile)]));
    }
    let parts = Parts {
        hello: say(words.hello),
        blocks,
        button,
        link: places.button.as_deref(),
        covered: say(words.covered),
        note,
        foot,
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
    foot: Vec<String>,
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
        parts.push(format!("-- \n{}", self.foot.join("\n")));
        parts.join("\n\n") + "\n"
    }

    fn html(&self, locale: Locale, colour: &str) -> String {
        let mut body = paragraph("", &self.hello);
        for block in &self.blocks {
            match block {
                Block::Words(words) => body.push_str(&paragraph("", words)),
                Block::Quote(text) => body.push_str(&quote(text, self.desk)),
            }
        }
        match self.link {
            Some(link) => body.push_str(&button(link, &self.button, colour)),
            None => body.push_str(&paragraph("", &format!("{}: {}", self.button, self.covered))),
        }
        if let Some(note) = &self.note {
            body += &paragraph("", note);
        }
        let mut foot = String::new();
        for line in &self.foot {
            foot += &paragraph("font-size:13px;color:#5f5d59;", line);
        }
        document(locale, &body, &foot)
    }
}

/// What somebody wrote.
fn quote(text: &str, desk: &str) -> String {
    format!(
        "<div class=\"quote\" style=\"margin:0 0 16px;padding:4px 16px;border-left:3px solid #c9c7c2;\
         overflow-wrap:anywhere\">{}</div>",
        markdown::to_html_elsewhere(text, &Names::default(), desk)
    )
}

/// What to press, and the same address for those who rather copy it.
fn button(link: &str, words: &str, colour: &str) -> String {
    let (link, words, colour) = (escape(link), escape(words), escape(colour));
    format!(
        "<p style=\"margin:24px 0\"><a href=\"{link}\" style=\"display:inline-block;padding:12px 20px;border-radius:8px;\
         background:{colour};color:#ffffff;font-weight:600;text-decoration:none\">{words}</a></p>\
         <p class=\"quiet\" style=\"margin:0 0 16px;font-size:13px;color:#5f5d59;overflow-wrap:anywhere\">{link}</p>"
    )
}

fn paragraph(style: &str, text: &str) -> String {
    let class = if style.is_empty() { "" } else { " class=\"quiet\"" };
    format!("<p{class} style=\"{style}margin:0 0 16px\">{}</p>", escape(text))
}

fn document(locale: Locale, body: &str, foot: &str) -> String {
    let lang = locale.as_str();
    let mut html = String::new();
    // Writing to a String does not fail.
    let _ = write!(
        html,
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"supported-color-schemes\" content=\"light dark\"><style>:root{{color-scheme:light dark}}\
         @media (prefers-color-scheme:dark){{.page{{background:#161514!important}}.card{{background:#211f1e!important;\
         color:#ebe9e6!important;border-color:#3a3836!important}}.quiet{{color:#b5b1ab!important}}\
         .quote{{border-color:#5a5753!important}}.card a:not([style]){{color:#9db2ff!important}}}}</style></head>\
         <body class=\"page\" style=\"margin:0;padding:24px 12px;background:#f4f3f0\">\
         <div class=\"card\" style=\"max-width:560px;margin:0 auto;padding:28px;border:1px solid #e2e0dc;border-radius:14px;\
         background:#ffffff;color:#1c1b1a;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif\">{body}\
         <hr style=\"border:0;border-top:1px solid #c9c7c2;margin:24px 0 16px\">{foot}</div></body></html>"
    );
    html
}

/// Text as HTML that shows it.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use shared::ids::{PasswordLinkId, TicketId};

    use super::*;

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
            assert!(mail.html.contains(&format!("<a href=\"{link}\"")), "{link}: {}", mail.html);
        }
        assert!(!mail.html.contains("href=\"/"), "{}", mail.html);
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
