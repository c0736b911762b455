//! Who is asking: sessions, passwords, CSRF, limits, and the extractors that hand a handler its caller.

pub mod caller;
mod csrf;
pub mod failures;
pub mod handlers;
pub mod limits;
pub mod message_rate;
pub mod passwords;
pub mod secrets;
pub mod service;
mod store;
pub mod tokens;
mod window;

use rayon::ThreadPoolBuildError;

use self::{
    failures::LoginFailures, limits::LoginLimits, message_rate::MessageRate, passwords::Passwords, secrets::Secrets,
};
use crate::{config::Config, web::routes::Routes};

/// Everything login needs, made once.
pub struct Auth {
    /// Signs.
    pub secrets: Secrets,
    /// Hashes.
    pub passwords: Passwords,
    /// How often people may log in, and do some other things.
    pub limits: LoginLimits,
    /// How many messages people may write.
    pub messages: MessageRate,
    /// What could not log in.
    pub failures: LoginFailures,
}

impl Auth {
    /// From the settings. Fails when the system gives no threads.
    pub fn new(config: &Config) -> Result<Self, ThreadPoolBuildError> {
        Ok(Self {
            secrets: Secrets::new(&config.secret_key),
            passwords: Passwords::new(config.workers)?,
            limits: LoginLimits::new(config.login_rate_per_minute),
            messages: MessageRate::new(config.message_rate_per_minute),
            failures: LoginFailures::default(),
        })
    }
}

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::log_in)
        .service(handlers::get_session)
        .service(handlers::extend_session)
        .service(handlers::log_out)
        .service(handlers::list_sessions)
        .service(handlers::revoke_other_sessions)
        .service(handlers::revoke_session)
        .service(tokens::handlers::list_tokens)
        .service(tokens::handlers::create_token)
        .service(tokens::handlers::revoke_token)
        .service(handlers::check_password);
}
