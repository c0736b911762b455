//! The routes of the API, said once: to serve them, or to describe them.
//!
//! utoipa-actix-web's own `ServiceConfig` does both at once. There each worker would write the whole OpenAPI document when it
//! starts, and throw it away; here it is written when somebody asks for it.

use actix_web::{dev::HttpServiceFactory, web::ServiceConfig};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::OpenApiFactory;

/// What becomes of the routes.
pub enum Routes<'a> {
    /// A worker answers on them.
    Serve(&'a mut ServiceConfig),
    /// They are written down, with the schemas they name; paths begin where the API stands.
    Describe(&'a mut OpenApi),
}

impl Routes<'_> {
    /// One operation.
    pub fn service<F>(&mut self, operation: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        match self {
            Self::Serve(config) => {
                config.service(operation);
            }
            Self::Describe(document) => {
                document.paths.merge(operation.paths());
                let mut schemas = Vec::new();
                operation.schemas(&mut schemas);
                document.components.get_or_insert_default().schemas.extend(schemas);
            }
        }
        self
    }

    /// Those of a domain.
    pub fn configure(&mut self, domain: impl FnOnce(&mut Self)) -> &mut Self {
        domain(self);
        self
    }
}
