//! The extractors that hand a handler its caller: a handler that takes none is open to everyone.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, rt, web::Data};
use chrono::{DateTime, Utc};
use shared::{
    accounts::Role,
    ids::{SessionId, UserId},
    permissions::{self, DeskAction, TechnicianScope},
    session::{BACKGROUND_HEADER, COOKIE, CSRF_HEADER},
};

use super::{csrf, secrets::SessionKey, service};
use crate::{accounts::rows::UserRow, error::AppError, events::Origin, state::State, web::client};

/// A person with a session that has not ended. Taking it counts as a deliberate request and extends the session, unless
/// the request says that it is not ([`BACKGROUND_HEADER`]). Unsafe requests must carry the session's CSRF token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Their session.
    pub session: SessionId,
    /// The same, as its token names it.
    pub key: SessionKey,
    /// Who they are.
    pub user: UserRow,
    /// When the session ends.
    pub expires_at: DateTime<Utc>,
    /// What technicians see.
    pub scope: TechnicianScope,
    /// From where they ask.
    pub address: String,
}

impl Caller {
    /// Their number.
    pub fn id(&self) -> UserId {
        UserId(self.user.id)
    }

    /// Their role.
    pub fn role(&self) -> Role {
        self.user.role()
    }

    /// Who does it, from where: for the event log.
    pub fn origin(&self) -> Origin {
        Origin { actor: Some(self.id()), address: Some(self.address.clone()) }
    }

    /// Refuses what their role may not do.
    pub fn may(&self, action: DeskAction) -> Result<(), AppError> {
        if permissions::can(self.role(), action) { Ok(()) } else { Err(AppError::Forbidden) }
    }
}

/// The same person, without extending their session: for asking about the session itself.
#[derive(Debug, Clone)]
pub struct Onlooker(pub Caller);

/// A caller who may run the desk's people.
#[derive(Debug, Clone)]
pub struct UserManager(pub Caller);

/// A caller who may run the desk's categories.
#[derive(Debug, Clone)]
pub struct CategoryManager(pub Caller);

/// A caller who may see to the desk's mails.
#[derive(Debug, Clone)]
pub struct MailManager(pub Caller);

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, AppError>>>>;

impl FromRequest for Caller {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let background = request.headers().get(BACKGROUND_HEADER).is_some_and(|value| value == "1");
            identify(request, !background).await
        })
    }
}

impl FromRequest for Onlooker {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { identify(request, false).await.map(Self) })
    }
}

macro_rules! manager {
    ($name:ident, $action:expr) => {
        impl FromRequest for $name {
            type Error = AppError;
            type Future = Extracted<Self>;

            fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
                let caller = Caller::from_request(request, payload);
                Box::pin(async move {
                    let caller = caller.await?;
                    caller.may($action)?;
                    Ok(Self(caller))
                })
            }
        }
    };
}

manager!(UserManager, DeskAction::ManageUsers);
manager!(CategoryManager, DeskAction::ManageCategories);
manager!(MailManager, DeskAction::ManageMail);

/// Finds the caller, as a task of its own: actix drops a handler's other extractors as soon as one of them refuses (a
/// malformed body), and a statement dropped half-way leaves a connection, or an open transaction, that the next request
/// stumbles over.
async fn identify(request: HttpRequest, extends: bool) -> Result<Caller, AppError> {
    rt::spawn(async move { find(&request, extends).await }).await.map_err(AppError::internal)?
}

async fn find(request: &HttpRequest, extends: bool) -> Result<Caller, AppError> {
    let state =
        request.app_data::<Data<State>>().ok_or_else(|| AppError::internal("the application has no state"))?.clone();
    let key = request
        .cookie(COOKIE)
        .and_then(|cookie| state.auth.secrets.session_of(cookie.value()))
        .ok_or(AppError::NotAuthenticated)?;
    let session = key.id;
    let (row, user) = service::find(&state, key).await?.ok_or(AppError::NotAuthenticated)?;
    if !request.method().is_safe() {
        check_csrf(request, &state, key)?;
    }
    let mut expires_at = crate::db::from_micros(row.expires_at);
    if extends {
        expires_at = service::extend(&state, session, UserId(user.id), expires_at, false).await?;
    }
    let address = client::address(request, &state).to_string();
    Ok(Caller { session, key, user, expires_at, scope: state.config.technician_scope, address })
}

fn check_csrf(request: &HttpRequest, state: &State, session: SessionKey) -> Result<(), AppError> {
    csrf::check_origin(request, state)?;
    let token = request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok());
    if token.is_some_and(|token| state.auth.secrets.is_csrf_token(session, token)) {
        Ok(())
    } else {
        Err(AppError::CsrfRejected("X-CSRF-Token is missing or is not this session's."))
    }
}

/// Login has no session yet, so only where the request comes from can be checked.
pub fn check_login_origin(request: &HttpRequest, state: &State) -> Result<(), AppError> {
    csrf::check_origin(request, state)
}
