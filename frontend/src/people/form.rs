//! Makes a person or changes one, in a dialog.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::{
    accounts::{CreateUser, Locale, Role, UpdateUser, User},
    fields,
    ids::UserId,
    problem::FieldErrors,
};

use super::{
    access::trouble_of,
    state::{People, role_of},
};
use crate::{
    api::{ClientError, users},
    i18n::{I18n, t, t_string, tu_string, use_i18n},
    ui::{
        Button, ButtonKind, Dialog, PasswordField, Select, TextField, errors_of, focus_first_invalid, role_label,
        use_toasts,
    },
};

/// Who is in the dialog.
#[derive(Debug, Clone)]
pub enum Editing {
    /// Somebody to be.
    New,
    /// Somebody who is.
    Person(User),
}

/// What the form knows. A handle.
#[derive(Debug, Clone, Copy)]
struct Form {
    before: StoredValue<Option<User>>,
    username: RwSignal<String>,
    name: RwSignal<String>,
    email: RwSignal<String>,
    role: RwSignal<String>,
    locale: RwSignal<String>,
    password: RwSignal<String>,
    errors: RwSignal<FieldErrors>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    i18n: I18n,
}

/// What is asked of the server.
enum Request {
    Create(CreateUser),
    Update(UserId, UpdateUser),
}

impl Request {
    fn check(&self) -> Result<(), FieldErrors> {
        match self {
            Self::Create(request) => fields::check(request),
            Self::Update(_, request) => fields::check(request),
        }
    }
}

impl Form {
    fn new(editing: Editing, i18n: I18n) -> Self {
        let before = match editing {
            Editing::New => None,
            Editing::Person(user) => Some(user),
        };
        let of = |read: fn(&User) -> String| RwSignal::new(before.as_ref().map(read).unwrap_or_default());
        let word =
            |read: fn(&User) -> &'static str, or: &str| RwSignal::new(before.as_ref().map_or(or, read).to_owned());
        Self {
            username: of(|user| user.username.clone()),
            name: of(|user| user.name.clone()),
            email: of(|user| user.email.clone()),
            role: word(|user| user.role.as_str(), Role::User.as_str()),
            locale: word(|user| user.locale.as_str(), Locale::default().as_str()),
            password: RwSignal::new(String::new()),
            errors: RwSignal::new(FieldErrors::new()),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
            before: StoredValue::new(before),
            i18n,
        }
    }

    fn password(self) -> Option<String> {
        Some(self.password.get_untracked()).filter(|password| !password.is_empty())
    }

    fn to_create(self) -> CreateUser {
        CreateUser {
            username: self.username.get_untracked().trim().to_owned(),
            name: self.name.get_untracked().trim().to_owned(),
            email: self.email.get_untracked().trim().to_owned(),
            role: role_of(&self.role.get_untracked()).unwrap_or(Role::User),
            password: self.password(),
            locale: Locale::of_tag(&self.locale.get_untracked()),
        }
    }

    /// Only what is other than it was.
    fn to_update(self, before: &User) -> UpdateUser {
        let CreateUser { username, name, email, role, password, locale } = self.to_create();
        UpdateUser {
            username: (username != before.username).then_some(username),
            name: (name != before.name).then_some(name),
            email: (email != before.email).then_some(email),
            role: (role != before.role).then_some(role),
            active: None,
            password,
            locale: locale.filter(|&locale| locale != before.locale),
        }
    }

    fn refuse(self, errors: FieldErrors, trouble: String) {
        let _ = self.errors.try_set(errors);
        let _ = self.trouble.try_set(Some(trouble));
        focus_first_invalid();
    }

    fn send(self, done: impl FnOnce(User, bool) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        let Some(before) = self.before.try_get_value() else { return };
        // What is in the form now: when the answer is awaited, the form may be gone.
        let request = match &before {
            None => Request::Create(self.to_create()),
            Some(before) => Request::Update(before.id, self.to_update(before)),
        };
        if let Err(errors) = request.check() {
            return self.refuse(errors, tu_string!(self.i18n, people.check).to_owned());
        }
        self.errors.set(FieldErrors::new());
        self.trouble.set(None);
        self.busy.set(true);
        spawn_local(async move {
            let saved: Result<User, ClientError> = match &request {
                Request::Create(request) => users::create(request).await,
                Request::Update(id, request) => users::update(*id, request).await,
            };
            let _ = self.busy.try_set(false);
            match saved {
                Ok(person) => done(person, before.is_none()),
                Err(error) => self.refuse(error.field_errors(), trouble_of(self.i18n, &error)),
            }
        });
    }
}

/// The dialog.
#[component]
pub fn PersonDialog(
    /// The list.
    people: People,
    /// Who is in the dialog, while it is open.
    editing: RwSignal<Option<Editing>>,
    /// Whose password is about to be reset.
    resetting: RwSignal<Option<User>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_new = Memo::new(move |before: Option<&bool>| match editing.get() {
        Some(editing) => matches!(editing, Editing::New),
        None => before.copied().unwrap_or(true),
    });
    let title = Signal::derive(move || {
        let title =
            if is_new.get() { t_string!(i18n, people.create_heading) } else { t_string!(i18n, people.edit_heading) };
        title.to_owned()
    });
    view! {
        <Dialog open=Signal::derive(move || editing.with(Option::is_some)) title on_close=move |()| editing.set(None)>
            {move || editing.get().map(|who| view! { <PersonForm who people editing resetting/> })}
        </Dialog>
    }
    .into_any()
}

/// The form.
#[component]
fn PersonForm(
    /// Who is in it.
    who: Editing,
    /// The list.
    people: People,
    /// Who is in the dialog, while it is open.
    editing: RwSignal<Option<Editing>>,
    /// Whose password is about to be reset.
    resetting: RwSignal<Option<User>>,
) -> impl IntoView {
    let i18n = use_i18n();
    // Another dialog takes this one's place.
    let reset = move |person: User| {
        editing.set(None);
        resetting.set(Some(person));
    };
    let form = Form::new(who, i18n);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.send(move |person, is_new| {
            let text = if is_new {
                tu_string!(i18n, people.created, name = person.name.clone())
            } else {
                tu_string!(i18n, people.saved, name = person.name.clone())
            };
            use_toasts().success(text);
            // A new name may stand anywhere in the order: the server knows.
            if is_new {
                people.reload();
            } else {
                people.replace(person);
            }
            let _ = editing.try_set(None);
        });
    };
    view! {
        <form class="people-form" novalidate on:submit=submit>
            <Fields form/>
            <Secret form/>
            {form.before.get_value().filter(|person| person.active).map(|person| view! {
                <button type="button" class="quiet-link" on:click=move |_| reset(person.clone())>{t!(i18n, people.reset)}</button>
            })}
            {move || form.trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
            <div class="foot">
                <Button kind=ButtonKind::Quiet on_click=move |_| editing.set(None)>{t!(i18n, people.cancel)}</Button>
                <Button kind=ButtonKind::Primary busy=form.busy>
                    {move || {
                        let is_new = form.before.try_with_value(Option::is_none).unwrap_or_default();
                        if is_new { t_string!(i18n, people.create) } else { t_string!(i18n, people.save) }
                    }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// Who they are.
#[component]
fn Fields(
    /// The form.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    let roles = Signal::derive(move || {
        Role::ALL.map(|role| (role.as_str().to_owned(), role_label(i18n, role).to_owned())).to_vec()
    });
    let locales =
        Signal::derive(|| Locale::ALL.map(|locale| (locale.as_str().to_owned(), locale.name().to_owned())).to_vec());
    let errors = move |field| errors_of(form.errors, field);
    view! {
        <TextField label=move || t_string!(i18n, people.name) value=form.name errors=errors("name") name="name" autofocus=true/>
        <div class="pair">
            <TextField
                label=move || t_string!(i18n, people.username)
                hint=move || t_string!(i18n, people.username_hint)
                value=form.username
                errors=errors("username")
                name="username"
            />
            <TextField
                label=move || t_string!(i18n, people.email)
                value=form.email
                errors=errors("email")
                kind="email"
                name="email"
            />
        </div>
        <div class="pair">
            <Select label=move || t_string!(i18n, people.role) value=form.role options=roles errors=errors("role") name="role"/>
            <Select label=move || t_string!(i18n, people.language) value=form.locale options=locales name="locale"/>
        </div>
    }
    .into_any()
}

/// The password: the first one, or another.
#[component]
fn Secret(
    /// The form.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    let is_new = form.before.with_value(Option::is_none);
    let hint = move || {
        if is_new { t_string!(i18n, people.password_new_hint) } else { t_string!(i18n, people.password_edit_hint) }
    };
    let about = Signal::derive(move || vec![form.username.get(), form.name.get(), form.email.get()]);
    view! {
        <PasswordField
            label=move || t_string!(i18n, people.password)
            value=form.password
            errors=errors_of(form.errors, "password")
            hint=hint
            about
            optional=true
        />
        <Show when=move || is_new && form.password.with(String::is_empty)>
            <p class="field-hint">
                {t!(i18n, people.no_mail_hint)} " "
                // In another tab: this form keeps what is in it.
                <a href="/mail" target="_blank" rel="noopener">{t!(i18n, people.no_mail_open)}</a>
            </p>
        </Show>
    }
    .into_any()
}
