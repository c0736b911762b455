//! What the settings page knows and does.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    accounts::Locale,
    fields,
    permissions::TechnicianScope,
    problem::{FieldCode, FieldErrors, ProblemCode},
    settings::{LOGO_MAX, PublicSettings, Settings, UpdateSettings},
};
use web_sys::File;

use super::picture::Picture;
use crate::{
    api::{ClientError, settings as api},
    brand::Brand,
    i18n::{I18n, tu_string},
    ui::{focus_first_invalid, use_toasts},
};

/// The form. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// What the desk calls itself.
    pub name: RwSignal<String>,
    /// Its colour.
    pub colour: RwSignal<String>,
    /// What technicians see; empty for what the server was started with.
    pub scope: RwSignal<String>,
    /// What is wrong with which field.
    pub errors: RwSignal<FieldErrors>,
    /// What is wrong otherwise.
    pub trouble: RwSignal<Option<String>>,
    /// It is being saved.
    pub busy: RwSignal<bool>,
    /// What somebody else saved meanwhile.
    pub conflict: RwSignal<Option<Settings>>,
    /// As the server has them, to this page's knowledge.
    pub saved: RwSignal<Settings>,
    i18n: I18n,
    brand: Brand,
}

fn chosen(settings: &Settings) -> String {
    if settings.technician_scope_chosen { settings.technician_scope.as_str().to_owned() } else { String::new() }
}

/// What of the settings is edited here.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edited {
    name: String,
    colour: String,
    scope: String,
}

impl Edited {
    fn of(settings: &Settings) -> Self {
        Self { name: settings.name.clone(), colour: settings.primary_colour.clone(), scope: chosen(settings) }
    }

    /// What is here, with what others changed since `before` where nothing was changed here; none when the same field was
    /// changed on both sides, each in its own way.
    fn merged(self, before: &Self, now: &Self) -> Option<Self> {
        let field = |here: String, before: &str, now: &str| {
            if here == before {
                Some(now.to_owned())
            } else if now == before || now == here {
                Some(here)
            } else {
                None
            }
        };
        Some(Self {
            name: field(self.name, &before.name, &now.name)?,
            colour: field(self.colour, &before.colour, &now.colour)?,
            scope: field(self.scope, &before.scope, &now.scope)?,
        })
    }
}

impl Form {
    /// A form that shows these.
    pub fn new(i18n: I18n, brand: Brand, settings: Settings) -> Self {
        Self {
            name: RwSignal::new(settings.name.clone()),
            colour: RwSignal::new(settings.primary_colour.clone()),
            scope: RwSignal::new(chosen(&settings)),
            errors: RwSignal::default(),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
            conflict: RwSignal::new(None),
            saved: RwSignal::new(settings),
            i18n,
            brand,
        }
    }

    /// What the server was started with; tracked.
    pub fn default_scope(self) -> TechnicianScope {
        self.saved.with(|settings| settings.technician_scope_default)
    }

    /// What differs from what is saved.
    fn request(self) -> UpdateSettings {
        let saved = self.saved.get_untracked();
        let differs = |text: String, before: &str| Some(text).filter(|text| text != before);
        let scope = self.scope.get_untracked();
        UpdateSettings {
            version: Some(saved.version),
            name: differs(self.name.get_untracked().trim().to_owned(), &saved.name),
            primary_colour: differs(self.colour.get_untracked().trim().to_ascii_lowercase(), &saved.primary_colour),
            technician_scope: (scope != chosen(&saved))
                .then(|| TechnicianScope::ALL.into_iter().find(|each| each.as_str() == scope)),
        }
    }

    /// Saves what is in the form.
    pub fn save(self) {
        if self.busy.get_untracked() {
            return;
        }
        let request = self.request();
        self.trouble.set(None);
        if let Err(found) = fields::check(&request) {
            self.errors.set(found);
            return focus_first_invalid();
        }
        self.errors.set(FieldErrors::new());
        self.busy.set(true);
        spawn_local(async move {
            match api::update(&request).await {
                Ok(settings) => {
                    self.take(settings);
                    use_toasts().success(tu_string!(self.i18n, settings.saved));
                }
                Err(error) => self.refused(&error),
            }
            let _ = self.busy.try_set(false);
        });
    }

    fn refused(self, error: &ClientError) {
        let current = error.problem().filter(|problem| problem.code == ProblemCode::VersionConflict);
        let current = current.and_then(|problem| problem.current.clone());
        if let Some(current) = current.and_then(|current| serde_json::from_value(current).ok()) {
            let _ = self.conflict.try_set(Some(current));
            return;
        }
        let found = error.field_errors();
        if found.is_empty() {
            let _ = self.trouble.try_set(Some(error.message(self.i18n)));
        } else {
            let _ = self.errors.try_set(found);
            focus_first_invalid();
        }
    }

    /// Saves what is in the form over what somebody else saved.
    pub fn insist(self) {
        if let Some(current) = self.conflict.get_untracked() {
            self.saved.set(current);
            self.conflict.set(None);
            self.save();
        }
    }

    /// Shows what somebody else saved.
    pub fn give_way(self) {
        if let Some(current) = self.conflict.get_untracked() {
            self.conflict.set(None);
            self.take(current);
        }
    }

    /// Shows these settings, here and in everything around.
    fn take(self, settings: Settings) {
        let _ = self.name.try_set(settings.name.clone());
        let _ = self.colour.try_set(settings.primary_colour.clone());
        let _ = self.scope.try_set(chosen(&settings));
        self.note(settings);
    }

    /// Takes over what was saved besides the form. What somebody else saved meanwhile shows where the person has changed
    /// nothing; where both did, nobody may be overruled unasked.
    fn take_besides(self, settings: Settings) {
        let Some(saved) = self.saved.try_get_untracked() else { return self.note(settings) };
        let here = Edited {
            name: self.name.try_get_untracked().unwrap_or_default(),
            colour: self.colour.try_get_untracked().unwrap_or_default(),
            scope: self.scope.try_get_untracked().unwrap_or_default(),
        };
        let merged = here.merged(&Edited::of(&saved), &Edited::of(&settings));
        if let Some(merged) = merged {
            let _ = self.name.try_set(merged.name);
            let _ = self.colour.try_set(merged.colour);
            let _ = self.scope.try_set(merged.scope);
        } else {
            let _ = self.conflict.try_set(Some(settings.clone()));
            // The version stays the one that the form was made from, so that saving asks again.
            let kept = Settings {
                logo_url: settings.logo_url.clone(),
                favicon_url: settings.favicon_url.clone(),
                favicon_chosen: settings.favicon_chosen,
                ..saved
            };
            self.show(&settings);
            let _ = self.saved.try_set(kept);
            return;
        }
        self.note(settings);
    }

    /// Keeps these settings as those the server has.
    fn note(self, settings: Settings) {
        self.show(&settings);
        let _ = self.saved.try_set(settings);
    }

    /// Shows the desk's face as these settings say, in everything around.
    fn show(self, settings: &Settings) {
        self.brand.show_changed(PublicSettings {
            name: settings.name.clone(),
            primary_colour: settings.primary_colour.clone(),
            logo_url: settings.logo_url.clone(),
            favicon_url: settings.favicon_url.clone(),
            default_locale: Locale::default(),
        });
    }

    /// Sets a picture; answers with what is wrong with it.
    pub async fn set_picture(self, picture: Picture, file: File) -> Option<String> {
        #[allow(clippy::cast_precision_loss, reason = "a megabyte is far below what a double counts")]
        if file.size() > LOGO_MAX as f64 {
            return Some(tu_string!(self.i18n, settings.logo_too_large).to_owned());
        }
        let set = match picture {
            Picture::Logo => api::set_logo(&file).await,
            Picture::Favicon => api::set_favicon(&file).await,
        };
        match set {
            Ok(settings) => {
                self.take_besides(settings);
                use_toasts().success(match picture {
                    Picture::Logo => tu_string!(self.i18n, settings.logo_saved),
                    Picture::Favicon => tu_string!(self.i18n, settings.favicon_saved),
                });
                None
            }
            Err(error) => Some(self.picture_trouble(&error)),
        }
    }

    fn picture_trouble(self, error: &ClientError) -> String {
        let code = error.field_errors().remove("file").and_then(|codes| codes.first().copied());
        match code {
            // Here it is known how large it may be.
            Some(FieldCode::FileTooLarge) => tu_string!(self.i18n, settings.logo_too_large).to_owned(),
            Some(code) => crate::api::field_message(self.i18n, code),
            None => error.message(self.i18n),
        }
    }

    /// Takes a picture away; answers with what went wrong.
    pub async fn delete_picture(self, picture: Picture) -> Option<String> {
        let deleted = match picture {
            Picture::Logo => api::delete_logo().await,
            Picture::Favicon => api::delete_favicon().await,
        };
        if let Err(error) = deleted {
            return Some(error.message(self.i18n));
        }
        use_toasts().success(match picture {
            Picture::Logo => tu_string!(self.i18n, settings.logo_removed),
            Picture::Favicon => tu_string!(self.i18n, settings.favicon_removed),
        });
        if let Ok(settings) = api::read().await {
            self.take_besides(settings);
        } else if let Some(settings) = self.saved.try_get_untracked() {
            // It is gone; what the settings are otherwise is learnt with the next change.
            self.note(match picture {
                Picture::Logo if settings.favicon_chosen => Settings { logo_url: None, ..settings },
                Picture::Logo => Settings { logo_url: None, favicon_url: None, ..settings },
                Picture::Favicon => Settings { favicon_url: None, favicon_chosen: false, ..settings },
            });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn edited(name: &str, colour: &str) -> Edited {
        Edited { name: name.to_owned(), colour: colour.to_owned(), scope: String::new() }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_others_saved_is_taken_where_nothing_was_changed_here() {
        let before = edited("Mesa", "#111111");
        // Nothing was changed here; here the colour; both the same.
        let now = edited("Otra", "#111111");
        assert_eq!(before.clone().merged(&before, &now), Some(now.clone()));
        assert_eq!(edited("Mesa", "#222222").merged(&before, &now), Some(edited("Otra", "#222222")));
        assert_eq!(now.clone().merged(&before, &now), Some(now.clone()));
        assert_eq!(edited("Mía", "#111111").merged(&before, &before), Some(edited("Mía", "#111111")));
        // The same field on both sides: that is to be asked.
        assert_eq!(edited("Mía", "#111111").merged(&before, &now), None);
    }
}
