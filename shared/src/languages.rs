//! The languages of the page and of mails, and how each writes and counts.
//!
//! A language is one line here and one file in `frontend/locales`, in which stands all that it says, but for what is said before
//! the program runs (`frontend/index.html`, `frontend/styles/boot.css`).

use serde::{Deserialize, Serialize};

/// Which form of a text is said of so many. The names are those of CLDR's cardinal plurals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Of one, and of what is counted like it.
    One,
    /// Of a few, where those are told apart.
    Few,
    /// Of many, where those are told apart.
    Many,
    /// Of any other number.
    Other,
}

/// How a language counts: CLDR's rules for whole numbers, but for those of millions, of which nothing here is counted. Its data
/// for every language there is would weigh more than the login page may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// One is told apart: Spanish, English, German, Italian.
    One,
    /// None is like one: French, Portuguese of Brazil.
    NoneAndOne,
    /// One is told apart, and what ends in two to four: Polish.
    Polish,
    /// What ends in one is told apart, and what ends in two to four: Russian, Ukrainian.
    EastSlavic,
    /// All is said alike: Chinese, Japanese, Korean.
    Alike,
}

impl Counting {
    /// The form for so many.
    pub fn category(self, count: u64) -> Category {
        let (ends_in, is_teen) = (count % 10, (11..=14).contains(&(count % 100)));
        let is_few = (2..=4).contains(&ends_in) && !is_teen;
        match (self, count) {
            (Self::One | Self::Polish, 1) | (Self::NoneAndOne, 0 | 1) => Category::One,
            (Self::EastSlavic, _) if ends_in == 1 && !is_teen => Category::One,
            (Self::Polish | Self::EastSlavic, _) if is_few => Category::Few,
            (Self::Polish | Self::EastSlavic, _) => Category::Many,
            (Self::One | Self::NoneAndOne | Self::Alike, _) => Category::Other,
        }
    }
}

/// What is known of a language besides what is said in it.
struct Traits {
    tag: &'static str,
    formats: &'static str,
    name: &'static str,
    decimal_mark: char,
    counting: Counting,
}

macro_rules! languages {
    ($(
        $(#[$about:meta])+
        $language:ident = $tag:literal, $formats:literal, $name:literal, $mark:literal, $counting:ident;
    )+) => {
        /// A language of the interface and of mails.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Locale {
            $($(#[$about])+ $language),+
        }

        /// How many languages there are.
        const LANGUAGES: usize = [$($tag),+].len();

        impl Locale {
            /// Every language, first that of whoever has not chosen one.
            pub const ALL: [Self; LANGUAGES] = [$(Self::$language),+];

            const fn traits(self) -> Traits {
                match self {
                    $(Self::$language => Traits {
                        tag: $tag,
                        formats: $formats,
                        name: $name,
                        decimal_mark: $mark,
                        counting: Counting::$counting,
                    }),+
                }
            }
        }
    };
}

// Each with its tag, the one that browsers write its dates and numbers by (`en` alone writes American ones), what those who speak
// it call it, what stands before tenths, and how it counts. Its file is called as its tag.
languages! {
    /// Spanish.
    #[default]
    Es = "es", "es", "Español", ',', One;
    /// English.
    En = "en", "en-GB", "English", '.', One;
}

impl Locale {
    /// Its tag: on the wire, in the database and for `lang`.
    pub fn as_str(self) -> &'static str {
        self.traits().tag
    }

    /// The tag for `Intl`: how dates and numbers are written is not the same wherever a language is spoken.
    pub fn formats(self) -> &'static str {
        self.traits().formats
    }

    /// What those who speak it call it.
    pub fn name(self) -> &'static str {
        self.traits().name
    }

    /// What stands between units and tenths.
    pub fn decimal_mark(self) -> char {
        self.traits().decimal_mark
    }

    /// The form of a text that it has for so many.
    pub fn category(self, count: u64) -> Category {
        self.traits().counting.category(count)
    }

    /// The language with this tag.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.as_str() == tag)
    }
}

#[cfg(test)]
mod tests;
