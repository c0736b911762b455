//! What stands for something in a saved reply: `{{requester.name}}`.
//!
//! The server refuses what is not known and the page fills in what is: both read a text with [`pieces`].

use std::str::FromStr;

use super::code::{Code, codes};
use crate::ids::TicketId;

/// Not seen, and of no width: a name or a number behind it does not follow the sign before it.
const JOINER: char = '\u{2060}';

/// Something that is not known until the reply is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Placeholder {
    /// Who has the problem.
    RequesterName,
    /// The first word of their name.
    RequesterFirstName,
    /// The ticket's number.
    TicketId,
    /// Its title.
    TicketTitle,
    /// Who answers.
    AgentName,
    /// What the desk calls itself.
    DeskName,
}

impl Placeholder {
    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::RequesterName,
        Self::RequesterFirstName,
        Self::TicketId,
        Self::TicketTitle,
        Self::AgentName,
        Self::DeskName,
    ];

    /// What stands between the braces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RequesterName => "requester.name",
            Self::RequesterFirstName => "requester.first_name",
            Self::TicketId => "ticket.id",
            Self::TicketTitle => "ticket.title",
            Self::AgentName => "agent.name",
            Self::DeskName => "desk.name",
        }
    }
}

impl FromStr for Placeholder {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|placeholder| placeholder.as_str() == text).ok_or(())
    }
}

/// What the placeholders stand for on one ticket, as it is and not as Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The name of who has the problem.
    pub requester_name: String,
    /// The ticket.
    pub ticket_id: TicketId,
    /// Its title.
    pub ticket_title: String,
    /// The name of who answers.
    pub agent_name: String,
    /// What the desk calls itself.
    pub desk_name: String,
}

impl Facts {
    /// What a placeholder stands for, in one line.
    fn plain(&self, placeholder: Placeholder) -> String {
        let value: &str = match placeholder {
            Placeholder::RequesterName => &self.requester_name,
            Placeholder::RequesterFirstName => self.requester_name.split_whitespace().next().unwrap_or_default(),
            Placeholder::TicketId => return self.ticket_id.to_string(),
            Placeholder::TicketTitle => &self.ticket_title,
            Placeholder::AgentName => &self.agent_name,
            Placeholder::DeskName => &self.desk_name,
        };
        value.replace(char::is_control, " ")
    }
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// What stands for itself.
    Text(&'t str),
    /// What stands for something, and how it is written.
    Known(Placeholder, &'t str),
    /// Braces around something that is no placeholder.
    Unknown(&'t str),
}

impl<'t> Piece<'t> {
    /// As it is written.
    pub fn written(self) -> &'t str {
        match self {
            Self::Text(written) | Self::Known(_, written) | Self::Unknown(written) => written,
        }
    }
}

/// A text in its parts, which together are the text again. Braces behind a backslash, or that do not close in their line,
/// are text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    // What is text so far begins at `plain`; what has been looked through ends at `at`.
    let (mut plain, mut at) = (0, 0);
    while let Some(open) = text.get(at..).and_then(|rest| rest.find("{{")).map(|start| at + start) {
        let before = text.get(..open).unwrap_or_default();
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        let inside = text.get(open + 2..).unwrap_or_default();
        let closed = inside.find("}}").map(|length| (length, inside.get(..length).unwrap_or_default()));
        match closed.filter(|(_, name)| backslashes % 2 == 0 && !name.contains(['\n', '{', '}'])) {
            Some((length, name)) => {
                let end = open + length + 4;
                let written = text.get(open..end).unwrap_or_default();
                if plain < open {
                    found.push(Piece::Text(text.get(plain..open).unwrap_or_default()));
                }
                found.push(match name.trim().parse() {
                    Ok(placeholder) => Piece::Known(placeholder, written),
                    Err(()) => Piece::Unknown(written),
                });
                (plain, at) = (end, end);
            }
            // The second of three braces may open what the first does not; an escaped pair opens nothing.
            None => at = open + if backslashes % 2 == 0 { 1 } else { 2 },
        }
    }
    if plain < text.len() {
        found.push(Piece::Text(text.get(plain..).unwrap_or_default()));
    }
    found
}

/// The first that is no placeholder, if there is one.
pub fn unknown(text: &str) -> Option<&str> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Unknown(written) => Some(written),
        Piece::Text(_) | Piece::Known(..) => None,
    })
}

/// A text with its placeholders filled in. What comes from elsewhere is shown as it is: a title is no heading, a name not
/// bold, and neither names anybody or leads to a ticket; braces in them stand for nothing.
pub fn fill(text: &str, facts: &Facts) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut at = 0;
    for code in codes(text) {
        filled.push_str(&filled_words(text.get(at..code.opening.start).unwrap_or_default(), facts));
        at = code.closing.as_ref().map_or(text.len(), |closing| closing.end);
        fill_code(text, &code, facts, &mut filled);
    }
    filled.push_str(&filled_words(text.get(at..).unwrap_or_default(), facts));
    filled
}

fn filled_words(text: &str, facts: &Facts) -> String {
    filled_with(text, |placeholder| escaped(&facts.plain(placeholder)))
}

fn filled_with(text: &str, value: impl Fn(Placeholder) -> String) -> String {
    pieces(text).into_iter().fold(String::with_capacity(text.len()), |mut filled, piece| {
        match piece {
            Piece::Known(placeholder, _) => filled.push_str(&value(placeholder)),
            Piece::Text(written) | Piece::Unknown(written) => filled.push_str(written),
        }
        filled
    })
}

/// Adds some code of a text, filled in: there everything is as it is already, and the fences grow beyond what is in it.
fn fill_code(text: &str, code: &Code, facts: &Facts, filled: &mut String) {
    let closing = code.closing.clone().unwrap_or(text.len()..text.len());
    let fence = text.get(code.opening.clone()).unwrap_or_default();
    let written = text.get(code.opening.end..closing.start).unwrap_or_default();
    let inside = filled_with(written, |placeholder| facts.plain(placeholder));
    let sign = fence.chars().next().unwrap_or('`');
    let longest = inside.split(|c| c != sign).map(str::len).max().unwrap_or_default();
    let is_changed = inside != written;
    let length = if is_changed && longest >= fence.len() { longest + 1 } else { fence.len() };
    // Signs next to a fence would be a part of it. A space on either side is not shown (CommonMark, §6.1).
    let touches = is_changed && !code.is_block && (inside.starts_with(sign) || inside.ends_with(sign));
    let room = if touches { " " } else { "" };
    let sign = sign.to_string();
    let opening = sign.repeat(length);
    filled.extend([opening.as_str(), room, inside.as_str(), room]);
    filled.push_str(&sign.repeat(if closing.is_empty() { 0 } else { length.max(closing.len()) }));
}

/// One line of text as Markdown that shows it as it is, with no more than that takes: people read the Markdown too. What
/// would name somebody after an `@`, or be the number of a ticket, is broken by what nobody sees.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mut before = None;
    for (at, c) in text.char_indices() {
        let next = text.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
        let reads = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '{' => true,
            // Headings, items and lines begin a line only, and so may this.
            '#' | '-' | '+' | '=' => at == 0,
            '.' | ')' => at == digits && digits > 0,
            // `&amp;` is a character.
            '&' => next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '#'),
            _ => false,
        };
        if reads {
            escaped.push('\\');
        }
        escaped.push(if c.is_control() { ' ' } else { c });
        if leads(before, c, next) {
            escaped.push(JOINER);
        }
        before = Some(c);
    }
    escaped
}

/// Whether a sign may begin a name or a number, given what is next to it; at the end of a value, anything may follow.
fn leads(before: Option<char>, sign: char, next: Option<char>) -> bool {
    let is_behind_word = before.is_some_and(char::is_alphanumeric);
    match sign {
        '@' => {
            !is_behind_word
                && !before.is_some_and(|c| matches!(c, '_' | '-' | '+' | '%' | '@'))
                && next.is_none_or(|c| c.is_alphanumeric() || !c.is_ascii() || matches!(c, '.' | '-' | '_'))
        }
        '#' => {
            !is_behind_word
                && !before.is_some_and(|c| matches!(c, '#' | '&' | '/' | '_'))
                && next.is_none_or(|c| c.is_ascii_digit())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts() -> Facts {
        Facts {
            requester_name: "Ana *la* Ruiz".to_owned(),
            ticket_id: TicketId(1042),
            ticket_title: "# {{agent.name}} [x](y)".to_owned(),
            agent_name: "Luis_Peña".to_owned(),
            desk_name: "Soporte & Co".to_owned(),
        }
    }

    #[test]
    fn placeholders_are_filled_and_all_else_stays() {
        let text = "Hola {{requester.first_name}} ({{ requester.name }}), **tu** #{{ticket.id}} en {{desk.name}}.";
        assert_eq!(fill(text, &facts()), r"Hola Ana (Ana \*la\* Ruiz), **tu** #1042 en Soporte & Co.");
        assert_eq!(fill("{{agent.name}}", &facts()), r"Luis\_Peña");
        for same in ["", "{", "{{", "{{ticket.id", "{{ticket\n.id}}", r"\{{ticket.id}}", "}} {{"] {
            assert_eq!(fill(same, &facts()), same);
        }
        assert_eq!(fill(r"\\{{ticket.id}}", &facts()), r"\\1042");
        assert_eq!(fill("{{{ticket.id}}}", &facts()), "{1042}");
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        assert_eq!(fill("{{ticket.title}}", &facts()), r"\# \{\{agent.name}} \[x\](y)");
    }

    #[test]
    fn no_more_is_escaped_than_it_takes() {
        for plain in [
            "Ana Ruiz-Peña",
            "C# y F# no",
            "a @ b",
            "O'Neil (TI)",
            "¿Qué? ¡Sí!",
            "A & B",
            "50 % + 1 = x.",
            "ana@example.org",
            "a#1",
        ] {
            assert_eq!(escaped(plain), plain);
        }
        for (text, shown) in
            [("- a", r"\- a"), ("1. a", r"1\. a"), ("&amp;", r"\&amp;"), ("===", r"\==="), ("2)", r"2\)")]
        {
            assert_eq!(escaped(text), shown);
        }
    }

    #[test]
    fn what_is_filled_in_names_nobody_and_leads_nowhere() {
        for (text, shown) in [
            ("@ana", "@\u{2060}ana"),
            ("de (@ana.ruiz)", "de (@\u{2060}ana.ruiz)"),
            ("@_a", "@\u{2060}\\_a"),
            ("#12", "\\#\u{2060}12"),
            ("ver #12", "ver #\u{2060}12"),
            ("fin @", "fin @\u{2060}"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }

    #[test]
    fn code_holds_what_is_filled_in_as_it_is() {
        assert_eq!(fill("`{{requester.name}}` {{requester.name}}", &facts()), r"`Ana *la* Ruiz` Ana \*la\* Ruiz");
        assert_eq!(fill("```\n{{agent.name}}\n```\n", &facts()), "```\nLuis_Peña\n```\n");
        let facts = Facts { ticket_title: "```@ana #1``".to_owned(), ..facts() };
        assert_eq!(fill("a `{{ticket.title}}` b", &facts), "a ```` ```@ana #1`` ```` b");
        assert_eq!(fill("```\n{{ticket.title}}\n```", &facts), "````\n```@ana #1``\n````");
        assert_eq!(fill("~~~\n{{ticket.title}}", &facts), "~~~\n```@ana #1``");
        // What nothing is filled into stays as it was written.
        assert_eq!(fill("`` ` `` {{ticket.id}}", &facts), "`` ` `` 1042");
    }

    #[test]
    fn every_placeholder_is_known_by_its_name() {
        for placeholder in Placeholder::ALL {
            let written = format!("{{{{{}}}}}", placeholder.as_str());
            assert_eq!(pieces(&written), [Piece::Known(placeholder, &written)]);
        }
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in r"([a-zñ\\ \n]|\{|\}|\{\{ticket\.id\}\}|\{\{x\}\}){0,40}") {
            let together: String = pieces(&text).into_iter().map(Piece::written).collect();
            prop_assert_eq!(together, text);
        }

        #[test]
        fn without_placeholders_nothing_is_filled(text in r"[^{]{0,60}") {
            prop_assert_eq!(fill(&text, &facts()), text);
        }

        #[test]
        fn escaping_adds_nothing_that_is_seen(text in r"\PC{0,60}") {
            let escaped = escaped(&text);
            let mut shown = String::new();
            let mut characters = escaped.chars();
            while let Some(c) = characters.next() {
                if c == JOINER {
                    continue;
                }
                shown.push(if c == '\\' { characters.next().unwrap_or(c) } else { c });
            }
            prop_assert_eq!(shown, text);
            // Whatever is in a value, it opens no placeholder.
            prop_assert!(pieces(&escaped).iter().all(|piece| matches!(piece, Piece::Text(_))));
        }
    }
}
