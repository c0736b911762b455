//! What of a searched text is no word: filters, in either language.

use crate::{
    ids::TicketId,
    tickets::{AssigneeFilter, Priority, Status},
};

/// What keeps a value of several words together; telephones turn the first into those of a language by themselves.
const QUOTES: [char; 5] = ['"', '“', '”', '«', '»'];

/// What of a searched text is no word but narrows the tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// A ticket's number: `#1042`.
    pub number: Option<TicketId>,
    /// Any of these states: `status:open,waiting`, `estado:abierto`.
    pub statuses: Vec<Status>,
    /// Any of these priorities: `priority:urgent`, `prioridad:alta`.
    pub priorities: Vec<Priority>,
    /// Whose: `assignee:me`, `asignado:nadie`.
    pub assignee: Option<AssigneeFilter>,
    /// What has the name of a filter, with a value that it does not have: `status:lost`.
    pub not_understood: Vec<String>,
}

impl Narrowing {
    /// Understands a text: what narrows, and the words that are left.
    ///
    /// What looks like a filter and is none is words, and not refused: people are shown what they find while they type, and
    /// `estado:abi` is on its way to be one. Nor is it dropped, which would find more than was asked for. It is named in
    /// `not_understood`, so that whoever shows what was found can say why it is so little.
    pub fn read(text: &str) -> (Self, String) {
        let mut narrowing = Self::default();
        let mut rest = parts(text);
        rest.retain(|part| !narrowing.takes(part));
        (narrowing, rest.join(" "))
    }

    /// Whether tickets are narrowed by more than a number.
    pub fn has_filters(&self) -> bool {
        !self.statuses.is_empty() || !self.priorities.is_empty() || self.assignee.is_some()
    }

    fn takes(&mut self, part: &str) -> bool {
        if let Some(number) = part.strip_prefix('#').and_then(|digits| digits.parse().ok()) {
            self.number = Some(TicketId(number));
            return true;
        }
        let Some((name, value)) = part.split_once(':') else { return false };
        let Some(filter) = Filter::named(&plain(name)) else { return false };
        let values: Vec<String> = value.split(',').map(|one| plain(one.trim_matches(stands_around))).collect();
        let understood = match filter {
            Filter::Status => all(&values, status, &mut self.statuses),
            Filter::Priority => all(&values, priority, &mut self.priorities),
            Filter::Assignee => {
                let one = if let [one] = values.as_slice() { assignee(one) } else { None };
                self.assignee = one.or(self.assignee);
                one.is_some()
            }
        };
        if !understood {
            self.not_understood.push(part.to_owned());
        }
        understood
    }
}

/// What a part of the form `name:value` narrows by.
#[derive(Debug, Clone, Copy)]
enum Filter {
    Status,
    Priority,
    Assignee,
}

impl Filter {
    /// By a plain name. Both languages count at any time: a search is sent on to people who read the page in another one.
    fn named(name: &str) -> Option<Self> {
        match name {
            "status" | "state" | "estado" => Some(Self::Status),
            "priority" | "prioridad" => Some(Self::Priority),
            "assignee" | "assigned" | "technician" | "asignado" | "asignada" | "tecnico" => Some(Self::Assignee),
            _ => None,
        }
    }
}

/// The name on the wire, what the page calls it in each language, and what people call it besides.
fn status(word: &str) -> Option<Status> {
    match word {
        "open" | "abierto" | "abierta" | "abiertos" | "abiertas" => Some(Status::Open),
        "in progress" | "en proceso" | "en curso" => Some(Status::InProgress),
        "waiting" | "en espera" | "espera" | "esperando" => Some(Status::Waiting),
        "closed" | "cerrado" | "cerrada" | "cerrados" | "cerradas" => Some(Status::Closed),
        _ => None,
    }
}

fn priority(word: &str) -> Option<Priority> {
    match word {
        "low" | "baja" | "bajo" => Some(Priority::Low),
        "medium" | "media" | "medio" => Some(Priority::Medium),
        "high" | "alta" | "alto" => Some(Priority::High),
        "urgent" | "urgente" | "urgentes" => Some(Priority::Urgent),
        _ => None,
    }
}

fn assignee(word: &str) -> Option<AssigneeFilter> {
    match word {
        "yo" | "mi" => Some(AssigneeFilter::Me),
        "nadie" | "ninguno" | "ninguna" | "sin asignar" | "nobody" | "unassigned" => Some(AssigneeFilter::Nobody),
        other => other.parse().ok(),
    }
}

/// Takes a list when every value is known.
fn all<T>(values: &[String], known: fn(&str) -> Option<T>, into: &mut Vec<T>) -> bool {
    let found: Option<Vec<T>> = values.iter().map(|value| known(value)).collect();
    let understood = found.is_some();
    into.extend(found.into_iter().flatten());
    understood
}

/// Whether a character is around a value and not of it.
fn stands_around(c: char) -> bool {
    c.is_whitespace() || QUOTES.contains(&c)
}

/// As names and values are compared: in lower case, without the accents of Spanish, and with one space between words, for
/// which `_` stands too.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'á' => plain.push('a'),
            'é' => plain.push('e'),
            'í' => plain.push('i'),
            'ó' => plain.push('o'),
            'ú' => plain.push('u'),
            '_' => plain.push(' '),
            // The accent alone, as some keyboards write it.
            '\u{301}' => {}
            c => plain.push(c),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands between white space; in a value quotation marks keep words together: `estado:"en espera",abierto`.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (part, after) = rest.split_at(end_of_part(rest));
        parts.push(part);
        rest = after.trim_start();
    }
    parts
}

/// Where the first part of a text ends, in bytes.
fn end_of_part(text: &str) -> usize {
    let (mut before, mut named, mut quoted_to) = (' ', false, 0);
    for (at, c) in text.char_indices() {
        if at < quoted_to {
            continue;
        }
        if c.is_whitespace() {
            return at;
        }
        named |= c == ':';
        if named && matches!(before, ':' | ',') && QUOTES.contains(&c) {
            // A mark that none closes is a character like any other.
            let inside = at + c.len_utf8();
            let length = text.get(inside..).and_then(|rest| rest.find(QUOTES));
            quoted_to = length.map_or(0, |length| inside + length);
        }
        before = c;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;

    fn read(text: &str) -> Narrowing {
        Narrowing::read(text).0
    }

    #[test]
    fn filters_and_words_are_told_apart() {
        let (narrowing, words) =
            Narrowing::read("status:open,waiting toner assignee:me priority:urgent status:lost #7");
        assert_eq!(narrowing.statuses, [Status::Open, Status::Waiting]);
        assert_eq!(narrowing.priorities, [Priority::Urgent]);
        assert_eq!((narrowing.assignee, narrowing.number), (Some(AssigneeFilter::Me), Some(TicketId(7))));
        assert_eq!(words, "toner status:lost");
        assert_eq!(narrowing.not_understood, ["status:lost"]);
    }

    #[test]
    fn spanish_is_understood_as_well_also_in_one_breath() {
        let (narrowing, words) =
            Narrowing::read("Estado:ABIERTO,en_curso tóner asignado:yo prioridad:alta priority:low");
        assert_eq!(narrowing.statuses, [Status::Open, Status::InProgress]);
        assert_eq!(narrowing.priorities, [Priority::High, Priority::Low]);
        assert_eq!(narrowing.assignee, Some(AssigneeFilter::Me));
        assert_eq!((words.as_str(), narrowing.not_understood.len()), ("tóner", 0));
        assert_eq!(read("técnico:nadie").assignee, Some(AssigneeFilter::Nobody));
        assert_eq!(read("te\u{301}cnico:mí").assignee, Some(AssigneeFilter::Me));
        assert_eq!(read("ASIGNADA:\"Sin asignar\"").assignee, Some(AssigneeFilter::Nobody));
        assert_eq!(read("asignado:12").assignee, Some(AssigneeFilter::Id(UserId(12))));
    }

    #[test]
    fn quotation_marks_keep_a_value_together() {
        let (narrowing, words) = Narrowing::read(r#"a estado:"en espera","en proceso",abierto "b c" d"#);
        assert_eq!(narrowing.statuses, [Status::Waiting, Status::InProgress, Status::Open]);
        assert_eq!(words, r#"a "b c" d"#);
        for text in
            ["estado:«en curso»", "estado:“en curso”", "status:\"in progress\"", "status:\"In  Progress, en_curso\""]
        {
            assert_eq!(read(text).statuses.first(), Some(&Status::InProgress), "{text}");
            assert_eq!(Narrowing::read(text).1, "", "{text}");
        }
        // One that is not closed swallows nothing.
        let (narrowing, words) = Narrowing::read(r#"estado:"en curso asignado:yo"#);
        assert_eq!((narrowing.assignee, words.as_str()), (Some(AssigneeFilter::Me), r#"estado:"en curso"#));
    }

    #[test]
    fn what_is_no_filter_is_words_and_named_when_it_looks_like_one() {
        for text in
            ["estado:", "estado:perdido", "status:open,lost", "prioridad:\"\"", "asignado:yo,nadie", "assignee:-"]
        {
            let (narrowing, words) = Narrowing::read(text);
            assert_eq!((words.as_str(), narrowing.has_filters()), (text, false), "{text}");
            assert_eq!(narrowing.not_understood, [text]);
        }
        for text in ["http://estado", "título:abierto", "a:b:c", ":", "abierto", "\"estado: abierto\"", "#", "#x"] {
            assert_eq!(Narrowing::read(text), (Narrowing::default(), text.to_owned()), "{text}");
        }
    }

    #[test]
    fn whatever_the_page_or_the_wire_calls_it_is_understood() {
        for locale in
            [include_str!("../../../frontend/locales/es.json"), include_str!("../../../frontend/locales/en.json")]
        {
            let texts: serde_json::Value = serde_json::from_str(locale).unwrap();
            let words = &texts["common"];
            for &value in Status::ALL {
                let name = words["status"][value.as_str()].as_str().unwrap();
                assert_eq!(read(&format!("estado:\"{name}\"")).statuses, [value], "{name}");
                assert_eq!(read(&format!("status:{}", value.as_str())).statuses, [value]);
            }
            for &value in Priority::ALL {
                let name = words["priority"][value.as_str()].as_str().unwrap();
                assert_eq!(read(&format!("prioridad:{name}")).priorities, [value], "{name}");
                assert_eq!(read(&format!("priority:{}", value.as_str())).priorities, [value]);
            }
        }
        for (word, filter) in [("me", AssigneeFilter::Me), ("none", AssigneeFilter::Nobody)] {
            assert_eq!(read(&format!("assignee:{word}")).assignee, Some(filter));
        }
    }
}
