//! The interface's languages. The module behind this one is generated from `locales/` by `build.rs`.

#[allow(missing_docs, unused_imports, unused_qualifications, clippy::all, clippy::pedantic, clippy::expect_used)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

mod count;

pub use count::category;
pub(crate) use count::{count_in, t_count, tu_count};
pub use generated::i18n::*;
pub use shared::languages::Category;

/// What translates a key into the language of the moment: `t!(i18n, common.save)`.
pub type I18n = leptos_i18n::I18nContext<Locale>;
