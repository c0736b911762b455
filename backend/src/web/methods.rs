//! Which methods a path of the API takes, so that a wrong one is answered with 405 and `Allow` instead of 404.

use actix_web::dev::ResourceDef;
use utoipa::openapi::OpenApi;

/// The paths and their methods.
pub struct Methods(Vec<(ResourceDef, String)>);

impl Methods {
    /// Those of an OpenAPI document, whose path templates are actix's too.
    pub fn of(document: &OpenApi) -> Self {
        let methods = document.paths.paths.iter().map(|(path, item)| {
            let present = [
                ("GET", item.get.is_some()),
                // See `problems::answer`.
                ("HEAD", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            let names: Vec<&str> = present.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect();
            (ResourceDef::new(path.as_str()), names.join(", "))
        });
        Self(methods.collect())
    }

    /// The methods of a path, when it is one of the API's.
    pub fn of_path(&self, path: &str) -> Option<String> {
        self.0.iter().find(|(template, _)| template.is_match(path)).map(|(_, methods)| methods.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_path_says_what_it_takes() {
        let methods = Methods::of(&crate::openapi::document());
        assert_eq!(methods.of_path("/api/v1/tickets").as_deref(), Some("GET, HEAD, POST"));
        assert_eq!(methods.of_path("/api/v1/tickets/7/close").as_deref(), Some("POST"));
        assert_eq!(methods.of_path("/api/v1/nothing"), None);
    }
}
