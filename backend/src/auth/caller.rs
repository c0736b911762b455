//! The extractors that hand a handler its caller: a handler that takes none is open to everyone.

use std::{net::IpAddr, ops::Deref};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::AUTHORIZATION, rt, web::Data};
use chrono::{DateTime, Utc};
use shared::{
    accounts::Role,
    ids::{TokenId, UserId},
    permissions::{self, DeskAction, TechnicianScope},
    session::{BACKGROUND_HEADER, COOKIE, CSRF_HEADER},
    tokens::TokenScope,
};

use super::{csrf, limits::LoginLimits, secrets::SessionKey, service, tokens};
use crate::{
    accounts::rows::UserRow,
    db::from_micros,
    error::AppError,
    events::Origin,
    state::State,
    web::{
        admission::{Extracted, admit},
        client,
    },
};

/// A person, by their session or by one of their tokens.
///
/// With a session, taking it counts as a deliberate request and extends the session, unless the request says that it is not
/// ([`BACKGROUND_HEADER`]); unsafe requests must carry the session's CSRF token. A token neither needs nor extends a session,
/// needs no CSRF token, and must have the scope for what is asked. When a request has both, the token counts.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who they are.
    pub user: UserRow,
    /// What says so.
    pub proof: Proof,
    /// What technicians see.
    pub scope: TechnicianScope,
    /// From where they ask.
    pub address: String,
}

/// What says who a caller is.
#[derive(Debug, Clone, Copy)]
pub enum Proof {
    /// The cookie of a session.
    Session(Session),
    /// A personal token.
    Token(TokenId),
}

/// A session that has not ended.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// Which, as its cookie names it.
    pub key: SessionKey,
    /// When it was last used, as far as that is noted.
    pub last_used_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
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

    /// Their session; refuses a token.
    pub fn session(&self) -> Result<Session, AppError> {
        match self.proof {
            Proof::Session(session) => Ok(session),
            Proof::Token(_) => Err(AppError::InsufficientScope("No token may do this: log in.")),
        }
    }

    /// The same, with their session; refuses a token.
    pub fn with_session(self) -> Result<SessionCaller, AppError> {
        let session = self.session()?;
        Ok(SessionCaller { caller: self, session })
    }

    /// Refuses what their role may not do.
    pub fn may(&self, action: DeskAction) -> Result<(), AppError> {
        if permissions::can(self.role(), action) { Ok(()) } else { Err(AppError::Forbidden) }
    }
}

/// The same person, without extending their session: for asking about the session itself, and for what the page fetches
/// by itself.
#[derive(Debug, Clone)]
pub struct Onlooker(pub Caller);

/// A caller who came with a session: for what a person does for themselves and no token may, as ending sessions, making
/// tokens and setting the password.
#[derive(Debug, Clone)]
pub struct SessionCaller {
    /// Who they are.
    pub caller: Caller,
    /// Their session.
    pub session: Session,
}

impl Deref for SessionCaller {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

/// A caller who may run the desk's people.
#[derive(Debug, Clone)]
pub struct UserManager(pub Caller);

/// The same, with a session: for what lets somebody into an account.
#[derive(Debug, Clone)]
pub struct SessionUserManager(pub SessionCaller);

/// A caller who may run the desk's categories.
#[derive(Debug, Clone)]
pub struct CategoryManager(pub Caller);

/// A caller who may keep and use saved replies.
#[derive(Debug, Clone)]
pub struct ReplyUser(pub Caller);

/// A caller who may read the audit log.
#[derive(Debug, Clone)]
pub struct AuditReader(pub Caller);

/// A caller who may change the desk's settings and see what it runs on.
#[derive(Debug, Clone)]
pub struct SettingsManager(pub Caller);

/// A caller who may see to the desk's mails.
#[derive(Debug, Clone)]
pub struct MailManager(pub Caller);

/// Whoever may load and remove the demo.
#[derive(Debug, Clone)]
pub struct DemoManager(pub Caller);

/// Somebody who tries to log in from an address. Taking it counts the attempt, before anything of the request is read but
/// where it comes from: what another site sends uses up nobody's attempts, and what makes no sense does.
pub struct LoggingIn(pub IpAddr);

/// Somebody who asks for a link that sets a password; counted as [`LoggingIn`] is, by itself.
pub struct AskingForLink(pub IpAddr);

/// Somebody who sends something with such a link; counted as [`LoggingIn`] is, by itself.
pub struct UsingLink(pub IpAddr);

macro_rules! counted {
    ($name:ident, $count:ident) => {
        impl FromRequest for $name {
            type Error = AppError;
            type Future = Extracted<Self>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let counted = count(request, LoginLimits::$count).map(Self);
                Box::pin(async move { counted })
            }
        }
    };
}

counted!(LoggingIn, attempt);
counted!(AskingForLink, ask_for_link);
counted!(UsingLink, use_link);

fn count(
    request: &HttpRequest,
    limit: impl FnOnce(&LoginLimits, IpAddr) -> Result<(), AppError>,
) -> Result<IpAddr, AppError> {
    let state = state_of(request)?;
    csrf::check_origin(request, state)?;
    let address = client::address(request, state);
    limit(&state.auth.limits, address)?;
    Ok(address)
}

impl FromRequest for Caller {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        admit(request, || {
            let request = request.clone();
            Box::pin(async move {
                let background = request.headers().get(BACKGROUND_HEADER).is_some_and(|value| value == "1");
                identify(request, !background).await
            })
        })
    }
}

impl FromRequest for Onlooker {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        admit(request, || {
            let request = request.clone();
            Box::pin(async move { identify(request, false).await.map(Self) })
        })
    }
}

impl FromRequest for SessionCaller {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        admit(request, || {
            let caller = Caller::from_request(request, payload);
            Box::pin(async move { caller.await?.with_session() })
        })
    }
}

impl FromRequest for SessionUserManager {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        admit(request, || {
            let caller = SessionCaller::from_request(request, payload);
            Box::pin(async move {
                let caller = caller.await?;
                caller.may(DeskAction::ManageUsers)?;
                Ok(Self(caller))
            })
        })
    }
}

macro_rules! manager {
    ($name:ident, $action:expr) => {
        impl FromRequest for $name {
            type Error = AppError;
            type Future = Extracted<Self>;

            fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
                admit(request, || {
                    let caller = Caller::from_request(request, payload);
                    Box::pin(async move {
                        let caller = caller.await?;
                        caller.may($action)?;
                        Ok(Self(caller))
                    })
                })
            }
        }
    };
}

manager!(UserManager, DeskAction::ManageUsers);
manager!(CategoryManager, DeskAction::ManageCategories);
manager!(ReplyUser, DeskAction::UseReplies);
manager!(AuditReader, DeskAction::ReadAudit);
manager!(SettingsManager, DeskAction::ManageSettings);
manager!(MailManager, DeskAction::ManageMail);
manager!(DemoManager, DeskAction::ManageDemo);

/// Finds the caller, as a task of its own: actix drops a handler's other extractors as soon as one of them refuses (a
/// malformed body), and a statement dropped half-way leaves a connection, or an open transaction, that the next request
/// stumbles over.
async fn identify(request: HttpRequest, extends: bool) -> Result<Caller, AppError> {
    rt::spawn(async move { find(&request, extends).await }).await.map_err(AppError::internal)?
}

async fn find(request: &HttpRequest, extends: bool) -> Result<Caller, AppError> {
    let state = state_of(request)?.clone();
    let address = client::address(request, &state).to_string();
    let (user, proof) = match bearer(request) {
        Some(token) => by_token(request, &state, token, &address).await?,
        None => by_session(request, &state, extends).await?,
    };
    Ok(Caller { user, proof, scope: state.settings.technician_scope(), address })
}

/// What the handlers of the program share.
fn state_of(request: &HttpRequest) -> Result<&Data<State>, AppError> {
    request.app_data::<Data<State>>().ok_or_else(|| AppError::internal("the application has no state"))
}

/// The token of a request. Another scheme is none of ours: a proxy may use it for its own login.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?.trim();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}

async fn by_token(
    request: &HttpRequest,
    state: &State,
    token: &str,
    address: &str,
) -> Result<(UserRow, Proof), AppError> {
    let (token, user) = tokens::service::find(state, token, address).await?.ok_or(AppError::TokenRefused)?;
    let scopes = token.scopes();
    let may = scopes.contains(&TokenScope::Write) || (request.method().is_safe() && scopes.contains(&TokenScope::Read));
    if !may {
        return Err(AppError::InsufficientScope("This token may only read."));
    }
    Ok((user, Proof::Token(TokenId(token.id))))
}

async fn by_session(request: &HttpRequest, state: &State, extends: bool) -> Result<(UserRow, Proof), AppError> {
    let key = request
        .cookie(COOKIE)
        .and_then(|cookie| state.auth.secrets.session_of(cookie.value()))
        .ok_or(AppError::NotAuthenticated)?;
    let (row, user) = service::find(state, key).await?.ok_or(AppError::NotAuthenticated)?;
    if !request.method().is_safe() {
        check_csrf(request, state, key)?;
    }
    let (last_used_at, expires_at) = (from_micros(row.last_used_at), from_micros(row.expires_at));
    let mut session = Session { key, last_used_at, expires_at };
    if extends {
        session.expires_at = service::extend(state, session, UserId(user.id), false).await?;
    }
    Ok((user, Proof::Session(session)))
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

/// Login has no session yet, and no browser lets a page send a token of its own with a socket: only where such a request
/// comes from can be checked.
pub fn check_origin(request: &HttpRequest, state: &State) -> Result<(), AppError> {
    csrf::check_origin(request, state)
}
