//! What people write: titles, descriptions, answers and notes, from `words/es.txt` and `words/en.txt`.

use std::sync::LazyLock;

use shared::accounts::Locale;

use super::dice::Dice;

static SPANISH: LazyLock<Words> = LazyLock::new(|| Words::parse(include_str!("words/es.txt")));
static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::parse(include_str!("words/en.txt")));

/// A language's words. Nobody in a demonstration writes in another one than these two.
pub fn words(locale: Locale) -> &'static Words {
    if locale == Locale::En { &ENGLISH } else { &SPANISH }
}

/// The names of all categories that tickets are about, each once.
pub fn categories() -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for topic in SPANISH.topics.iter().chain(&ENGLISH.topics) {
        if !names.contains(&topic.category) {
            names.push(topic.category);
        }
    }
    names
}

/// What a text is for; the letters stand for the same in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Title,
    Description,
    Question,
    Reply,
    Attempt,
    Trial,
    Solution,
    Note,
    FollowUp,
    Thanks,
    Greeting,
    Detail,
    Urgency,
    Patience,
    Closing,
}

impl Use {
    fn of(letter: &str) -> Option<Self> {
        Some(match letter {
            "T" => Self::Title,
            "D" => Self::Description,
            "Q" => Self::Question,
            "R" => Self::Reply,
            "A" => Self::Attempt,
            "P" => Self::Trial,
            "S" => Self::Solution,
            "N" => Self::Note,
            "F" => Self::FollowUp,
            "G" => Self::Thanks,
            "H" => Self::Greeting,
            "E" => Self::Detail,
            "U" => Self::Urgency,
            "L" => Self::Patience,
            "C" => Self::Closing,
            _ => return None,
        })
    }
}

/// Everything that is written about one thing.
#[derive(Debug, Default)]
pub struct Topic {
    /// The category's name; blank for what fits everywhere.
    pub category: &'static str,
    texts: Vec<Text>,
}

/// One line of a file.
#[derive(Debug)]
struct Text {
    kind: Use,
    /// The digits of the titles that it fits; blank for all.
    fits: &'static str,
    says: &'static str,
}

impl Text {
    fn parse(line: &'static str) -> Option<Self> {
        let (code, text) = line.split_once(' ')?;
        let (letter, fits) = code.split_at_checked(1)?;
        let digits = fits.chars().all(|c| c.is_ascii_digit());
        digits.then_some(Self { kind: Use::of(letter)?, fits, says: text })
    }
}

impl Topic {
    /// The texts for one use under one of its titles, the first of which is 1.
    pub fn of(&self, wanted: Use, title: usize) -> impl Iterator<Item = &'static str> {
        let fits =
            move |text: &&Text| text.kind == wanted && (text.fits.is_empty() || text.fits.contains(&title.to_string()));
        self.texts.iter().filter(fits).map(|text| text.says)
    }

    /// Its titles, each with its description.
    pub fn titles(&self) -> Vec<(&'static str, &'static str)> {
        self.of(Use::Title, 0).zip(self.of(Use::Description, 0)).collect()
    }
}

/// One language.
#[derive(Debug)]
pub struct Words {
    slots: Vec<(&'static str, Vec<&'static str>)>,
    /// What people write about.
    pub topics: Vec<Topic>,
    /// What fits everywhere.
    pub general: Topic,
}

impl Words {
    /// Reads a file of words. Lines that mean nothing are left out; a test sees to it that there are none.
    fn parse(file: &'static str) -> Self {
        let mut words = Self { slots: Vec::new(), topics: Vec::new(), general: Topic::default() };
        let mut topic = Topic::default();
        for line in file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(category) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                words.put(std::mem::replace(&mut topic, Topic { category, texts: Vec::new() }));
            } else if let Some((name, values)) = line.split_once(" = ") {
                words.slots.push((name, values.split(" | ").collect()));
            } else {
                topic.texts.extend(Text::parse(line));
            }
        }
        words.put(topic);
        words
    }

    fn put(&mut self, topic: Topic) {
        if topic.texts.is_empty() {
        } else if topic.category.is_empty() {
            self.general = topic;
        } else {
            self.topics.push(topic);
        }
    }

    /// The texts for one use under a title: the topic's own, then those that fit everywhere.
    pub fn of(&self, topic: &Topic, wanted: Use, title: usize) -> Vec<&'static str> {
        topic.of(wanted, title).chain(self.general.of(wanted, title)).collect()
    }

    /// Puts words into the slots. The same `key` puts the same words into the same slots, so that a whole ticket is
    /// about one printer.
    pub fn fill(&self, text: &str, key: u64) -> String {
        let mut filled = String::with_capacity(text.len() * 3 / 2);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            push(&mut filled, before);
            let Some((name, after)) = after.split_once('}') else { break };
            let slot = self.slots.iter().position(|(known, _)| *known == name);
            let values =
                slot.and_then(|slot| self.slots.get(slot)).map_or(&[] as &[_], |(_, values)| values.as_slice());
            let number = slot.unwrap_or_default() as u64;
            if let Some(value) = Dice::new(key, 0, number).pick(values) {
                push_value(&mut filled, value);
            }
            rest = after;
        }
        push(&mut filled, rest);
        for (apart, together) in JOINED {
            if filled.contains(apart) {
                filled = filled.replace(apart, together);
            }
        }
        filled
    }
}

/// What an article of the text and one of the value make together.
const JOINED: [(&str, &str); 6] = [
    (" de el ", " del "),
    (" a el ", " al "),
    ("De el ", "Del "),
    ("A el ", "Al "),
    ("The the ", "The "),
    (" the the ", " the "),
];

/// A `|` in the files is the end of a line.
fn push(filled: &mut String, text: &str) {
    filled.extend(text.chars().map(|c| if c == '|' { '\n' } else { c }));
}

/// A value with a capital where a sentence begins, unless it is spelled like `iPhone`.
fn push_value(filled: &mut String, value: &str) {
    let begins = filled.trim_end().chars().next_back().is_none_or(|last| ".?!¿¡:\n".contains(last));
    let mut letters = value.chars();
    match letters.next() {
        Some(first) if begins && !letters.clone().next().is_some_and(char::is_uppercase) => {
            filled.extend(first.to_uppercase());
            filled.push_str(letters.as_str());
        }
        _ => filled.push_str(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_whole() {
        for (words, file) in
            [(words(Locale::Es), include_str!("words/es.txt")), (words(Locale::En), include_str!("words/en.txt"))]
        {
            let titles: usize = words.topics.iter().map(|topic| topic.titles().len()).sum();
            assert!(titles >= 60, "{titles} titles");
            for topic in &words.topics {
                assert_eq!(topic.of(Use::Title, 0).count(), topic.of(Use::Description, 0).count());
                for (title, (words_of_it, _)) in (1..).zip(topic.titles()) {
                    assert!(topic.of(Use::Solution, title).count() >= 1, "no solution for {words_of_it}");
                    assert!(topic.of(Use::Note, title).next().is_some() || words.general.of(Use::Note, 0).count() > 2);
                    let count = |wanted| words.of(topic, wanted, title).len();
                    assert_eq!(count(Use::Question), count(Use::Reply), "{words_of_it}");
                }
            }
            for wanted in [Use::FollowUp, Use::Thanks, Use::Greeting, Use::Detail, Use::Urgency, Use::Closing] {
                assert!(words.general.of(wanted, 0).count() >= 3, "{wanted:?}");
            }
            let texts =
                file.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '[']) && !line.contains(" = "));
            let read: usize = words.topics.iter().chain([&words.general]).map(|topic| topic.texts.len()).sum();
            assert_eq!(texts.count(), read);
            for Text { says: text, .. } in words.topics.iter().chain([&words.general]).flat_map(|topic| &topic.texts) {
                for slot in text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(slot, _)| slot) {
                    assert!(words.slots.iter().any(|(known, _)| *known == slot), "{{{slot}}} in {text}");
                }
            }
        }
    }

    #[test]
    fn english_puts_no_word_before_a_slot_that_fits_only_some_of_its_values() {
        let words = words(Locale::En);
        // Whether it is `a` or `an` depends on the value, a day brings its own preposition, and all places are `in` somewhere.
        let unfit = [" a {", "A {", " an {", "An {", " on {day}", "ince {day}", " at {place}", " on {place}"];
        for Text { says, .. } in words.topics.iter().chain([&words.general]).flat_map(|topic| &topic.texts) {
            assert!(!unfit.iter().any(|unfit| says.contains(unfit)), "{says}");
        }
        let (_, places) = words.slots.iter().find(|(name, _)| *name == "place").unwrap();
        assert!(!places.iter().any(|place| place.ends_with(" floor") || place.ends_with(" branch")), "{places:?}");
    }

    #[test]
    fn a_filled_text_reads_well() {
        let words = Words::parse("app = el ERP\nphone = iPhone 13\n[]\nT x");
        assert_eq!(
            words.fill("{app} falla. {phone}, informe de {app}|y a {app} no entro", 1),
            "El ERP falla. iPhone 13, informe del ERP\ny al ERP no entro"
        );
        let words = Words::parse("app = the ERP\nplace = el almacén\n[]\nT x");
        assert_eq!(words.fill("The {app} fails. A {place}", 1), "The ERP fails. Al almacén");
    }
}
