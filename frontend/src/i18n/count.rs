//! What is said of a number, in the form that a language has for so many.
//!
//! Such a text has its forms under its key: `one` and `other`, and `few` and `many` where the language has those, each with the
//! number in it. Which languages have which is told in [`shared::languages`].

use shared::languages::Category;

use super::Locale;
use crate::prefs::to_language;

/// The form that a language has for so many. What is less than nothing is `Other`.
pub fn category(locale: Locale, count: impl TryInto<u64>) -> Category {
    count.try_into().map_or(Category::Other, |count| to_language(locale).category(count))
}

/// What one of the two below says, with that one's macro for words. The number in it is written as the language writes numbers.
macro_rules! count_in {
    (
        $say:ident, $locale:expr, $i18n:ident, $number:expr, $($key:ident).+,
        count = $count:expr $(, $name:ident = $value:expr)* $(,)?
    ) => {{
        let locale = $locale;
        let count = $crate::time::whole(locale, $count);
        match $crate::i18n::category(locale, $number) {
            $crate::i18n::Category::One => $crate::i18n::$say!($i18n, $($key).+.one, count = count $(, $name = $value)*),
            $crate::i18n::Category::Few => $crate::i18n::$say!($i18n, $($key).+.few, count = count $(, $name = $value)*),
            $crate::i18n::Category::Many => $crate::i18n::$say!($i18n, $($key).+.many, count = count $(, $name = $value)*),
            $crate::i18n::Category::Other => $crate::i18n::$say!($i18n, $($key).+.other, count = count $(, $name = $value)*),
        }
    }};
}
pub(crate) use count_in;

/// Says how many: `t_count!(i18n, number, notifications.newer, count = number)`.
macro_rules! t_count {
    ($i18n:ident, $number:expr, $($rest:tt)+) => {
        $crate::i18n::count_in!(t_string, $i18n.get_locale(), $i18n, $number, $($rest)+)
    };
}
pub(crate) use t_count;

/// The same, untracked.
macro_rules! tu_count {
    ($i18n:ident, $number:expr, $($rest:tt)+) => {
        $crate::i18n::count_in!(tu_string, $i18n.get_locale_untracked(), $i18n, $number, $($rest)+)
    };
}
pub(crate) use tu_count;

#[cfg(test)]
mod tests {
    use shared::accounts::Locale as Language;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::prefs::from_language;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_page_counts_in_the_languages_of_its_accounts() {
        assert_eq!(to_language(Locale::default()), Language::default());
        for language in Language::ALL {
            assert_eq!(to_language(from_language(language)), language);
            assert_eq!(category(from_language(language), 5_u8), language.category(5));
            assert_eq!(category(from_language(language), -1), Category::Other);
        }
    }
}
